import { useEffect } from "preact/hooks";
import { Button, type ButtonKind, Dialog, DialogActions, FieldSet } from "../../design/components";
import type { Status } from "../api/types";
import { focusFirstWrong } from "../form/problems";
import type { Action } from "../live/hooks";
import { useTexts } from "../text";
import { Progress } from "./failure";
import { StatusTag } from "./list";

interface Props {
  title: string;
  /** What the button says that sends it. */
  send: string;
  kind: ButtonKind;
  tone?: "live" | "exercise";
  /** Said in a word above the rest, where the rest does not say it. */
  status?: Status;
  action: Action;
  /** Paths of fields that say themselves what is wrong with them. */
  shown?: (path: string) => boolean;
  onClose: () => void;
  onSend: () => void;
  children: preact.ComponentChildren;
}

export const kindOf = (status: Status) => (status === "ACTUAL" ? "live" : "exercise");

/** What an officer orders, in a dialog. Leaving it while something is under way stops that first, and it stays to say
    that it may have been done. */
export function OrderDialog({ title, send, kind, tone, status, action, shown, onClose, onSend, children }: Props) {
  const texts = useTexts();
  const leave = () => (action.busy ? action.stop() : onClose());
  useEffect(() => {
    if (action.failure) focusFirstWrong("dialog");
  }, [action.failure]);
  const colour = tone ?? (status && kindOf(status));
  return (
    <Dialog title={title} onClose={leave} {...(colour ? { tone: colour } : {})}>
      {status && (
        <p>
          <StatusTag status={status} />
        </p>
      )}
      <FieldSet busy={action.busy}>{children}</FieldSet>
      <Progress action={action} {...(shown ? { shown } : {})} />
      <DialogActions>
        <Button onClick={leave}>{action.tries > 0 ? texts.connection.stop : texts.cancel}</Button>
        <Button kind={kind} busy={action.busy} onClick={onSend}>
          {send}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
