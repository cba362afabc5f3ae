import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface Props {
  title: string;
  /** Escape, or the browser's own way back. */
  onClose: () => void;
  children: ComponentChildren;
  tone?: "live" | "exercise";
}

/** Open as long as it is there. The browser keeps the focus inside, and gives it back afterwards. */
export function Dialog({ title, onClose, children, tone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const own = dialog.current;
    if (own && !own.open) own.showModal();
    return () => own?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog${tone ? ` dialog-${tone}` : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-body">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

export const DialogActions = ({ children }: { children: ComponentChildren }) => (
  <div class="dialog-actions">{children}</div>
);
