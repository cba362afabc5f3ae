import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface Props {
  title: string;
  /** Escape, or the browser's own way back. */
  onClose: () => void;
  children: ComponentChildren;
  tone?: "live" | "exercise";
}

/** Open as long as it is there. The browser keeps the focus inside, and gives it back afterwards. Where it is asked to
    close a second time without anything between, it closes it without asking here (HTML, close watchers): that counts as
    asked, and what stays all the same is shown again. */
export function Dialog({ title, onClose, children, tone }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  const id = useId();
  const show = () => {
    const own = dialog.current;
    if (own && !gone.current && !own.open) own.showModal();
  };
  useEffect(() => {
    const own = dialog.current;
    show();
    return () => {
      gone.current = true;
      own?.close();
    };
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
      onClose={() => {
        if (gone.current) return;
        onClose();
        requestAnimationFrame(show);
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
