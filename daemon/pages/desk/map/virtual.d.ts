/// <reference types="vite/client" />
// Made by tools/outlines.mjs while the page is built.
declare module "virtual:outlines" {
  export const files: Record<string, (() => Promise<{ default: import("./outlines").Area[] }>) | undefined>;
}
declare module "virtual:outlines/names" {
  const names: Record<string, string>;
  export default names;
}
