import { Button, Tag } from "../../design/components";
import type { Alert } from "../api/types";
import { addressOf } from "../router";
import { useTexts, wordFor } from "../text";
import { StatusTag, stateTone } from "./list";
import { kindOf } from "./order";

export const isOut = ({ state }: Alert) => state === "ACTIVE" || state === "SUSPENDED";

/** The one way down. A lookout has another: it goes with its report (core::RejectReport, daemon/core/case.cpp). */
function WayDown({ alert, onRecall }: { alert: Alert; onRecall: () => void }) {
  const texts = useTexts();
  if (alert.state === "LOOKOUT" && alert.reportId) {
    return (
      <a class="button button-plain button-large" href={addressOf.preview(alert.reportId)}>
        {texts.board.toReport}
      </a>
    );
  }
  if (!isOut(alert)) return null;
  return (
    <Button kind={kindOf(alert.status)} size="large" onClick={onRecall}>
      {texts.board.recall}
    </Button>
  );
}

interface Props {
  alert: Alert;
  title: string;
  /** Null: it is another unit's to take down. */
  onRecall: (() => void) | null;
}

/** Stays in sight wherever one scrolls: what this is, and the one way down. */
export function Head({ alert, title, onRecall }: Props) {
  const texts = useTexts();
  return (
    <div class={`board-head board-head-${kindOf(alert.status)}`}>
      <div class="board-what">
        <div class="row">
          <StatusTag status={alert.status} />
          <Tag tone={stateTone[alert.state] ?? "plain"}>{wordFor(texts.state, alert.state)}</Tag>
        </div>
        <h1>{title}</h1>
      </div>
      {onRecall && <WayDown alert={alert} onRecall={onRecall} />}
    </div>
  );
}
