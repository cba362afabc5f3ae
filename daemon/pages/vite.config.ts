// Builds one page: `vite build --mode desk` or `--mode screen`, into the folder that PAGES_OUT names.
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { resolve } from "node:path";
import { type Plugin, type ProxyOptions, defineConfig } from "vite";
import { outlines } from "./tools/outlines.mjs";

/// Browsers that display controllers of 2016 came with know no modules (Chrome before 61): one classic script,
/// deferred, does for them.
const classicScript: Plugin = {
  name: "classic-script",
  enforce: "post",
  transformIndexHtml: (html) => html.replace(/<script type="module" crossorigin/g, "<script defer"),
};

/// Chrome 51 is of May 2016, and the first whose destructuring is as esbuild leaves it.
const outlivesTheDisplay = {
  target: ["es2015", "chrome51"],
  cssTarget: "chrome51",
  modulePreload: false as const,
  // Else Vite has the script put its styles in, which the content security policy refuses.
  cssCodeSplit: false,
  rollupOptions: { output: { format: "iife" as const } },
};

/// The daemon of a quickstart, as the holder of this certificate sees it.
function daemonAt(api: string, credential: string | undefined): ProxyOptions {
  const agent = credential
    ? new Agent({ cert: readFileSync(`${credential}.crt`), key: readFileSync(`${credential}.key`), rejectUnauthorized: false })
    : new Agent({ rejectUnauthorized: false });
  // A page that is not the daemon's own may change nothing; while one works on it, it says that it is.
  return { target: api, secure: false, agent, changeOrigin: true, headers: { origin: api } };
}

export default defineConfig(({ mode }) => ({
  root: resolve(__dirname, mode),
  base: "./",
  esbuild: { jsx: "automatic" as const, jsxImportSource: "preact", legalComments: "none" as const },
  plugins: mode === "screen" ? [classicScript] : [outlines()],
  build: {
    target: "es2020",
    modulePreload: { polyfill: false },
    // A data: URL would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    emptyOutDir: true,
    outDir: process.env["PAGES_OUT"] ?? resolve(__dirname, "../../build/pages", mode),
    reportCompressedSize: false,
    ...(mode === "screen" ? outlivesTheDisplay : {}),
  },
  server: {
    // While one works on a page: PAGES_API=https://localhost:PORT PAGES_CREDENTIAL=DIR/pki/officer npm run desk
    proxy: process.env["PAGES_API"] ? { "/api": daemonAt(process.env["PAGES_API"], process.env["PAGES_CREDENTIAL"]) } : {},
  },
}));
