import type { ComponentChildren, JSX } from "preact";

export type ButtonKind = "plain" | "primary" | "danger" | "live" | "exercise" | "quiet";

interface Props extends Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, "size" | "disabled"> {
  kind?: ButtonKind;
  size?: "small" | "normal" | "large";
  /** Said beside the words while what it began is under way; then it does nothing. */
  busy?: boolean;
  /** It stays reachable by the keyboard, so that a screen reader can say why it does nothing. */
  unusable?: boolean;
  children: ComponentChildren;
}

export function Button(props: Props) {
  const { kind = "plain", size = "normal", busy = false, unusable = false, children, onClick, ...rest } = props;
  const idle = !busy && !unusable;
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${kind} button-${size}`}
      aria-disabled={!idle}
      aria-busy={busy}
      onClick={(event) => {
        if (!idle) event.preventDefault();
        else onClick?.call(event.currentTarget, event);
      }}
    >
      {children}
      {busy && <span aria-hidden="true"> …</span>}
    </button>
  );
}
