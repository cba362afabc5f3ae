import type { ComponentChildren } from "preact";

interface Props {
  tone: "danger" | "warn" | "good" | "info";
  title?: string | undefined;
  /** Read out at once, whatever else is being read. */
  urgent?: boolean;
  children?: ComponentChildren;
}

export const Banner = ({ tone, title, urgent = false, children }: Props) => (
  <div class={`banner banner-${tone}`} role={urgent ? "alert" : "status"}>
    {title && <p class="banner-title">{title}</p>}
    {children}
  </div>
);
