import type { ComponentChildren } from "preact";

export type TagTone = "plain" | "good" | "warn" | "danger" | "action" | "live" | "exercise";

/** A word with a colour: never a colour alone. */
export const Tag = ({ tone = "plain", children }: { tone?: TagTone; children: ComponentChildren }) => (
  <span class={`tag tag-${tone}`}>{children}</span>
);
