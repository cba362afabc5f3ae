import { useState } from "preact/hooks";
import { Banner, Button, TextArea } from "../../design/components";
import type { Report, ReportAnswer } from "../api/types";
import { draftOf, reportFields } from "../form/draft";
import { hasDraft, keepForAgain } from "../form/keeping";
import { errorsOf } from "../form/problems";
import { useAction } from "../live/hooks";
import { addressOf, go } from "../router";
import { useTexts } from "../text";
import { OrderDialog } from "./order";

interface RejectionProps {
  answer: ReportAnswer;
  /** What the button says that asks for it. */
  offer: string;
  title: string;
  send: string;
  /** As it stands there at first. */
  why?: string;
  onDone: () => void;
  children?: preact.ComponentChildren;
}

/** A report is turned down for a reason that is kept. */
function Rejection({ answer, offer, title, send, why = "", onDone, children }: RejectionProps) {
  const texts = useTexts();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState(why);
  const action = useAction();
  const wrong = errorsOf(action.failure);
  const reject = async () => {
    if (await action.send<ReportAnswer>(`/reports/${answer.id}:reject`, { reason })) {
      setAsking(false);
      onDone();
    }
  };
  return (
    <>
      <Button kind="quiet" onClick={() => setAsking(true)}>
        {offer}
      </Button>
      {asking && (
        <OrderDialog
          title={title}
          send={send}
          kind="danger"
          status={answer.report.exercise ? "EXERCISE" : "ACTUAL"}
          action={action}
          shown={(path) => path === "reason"}
          onClose={() => setAsking(false)}
          onSend={() => void reject()}
        >
          {children}
          <TextArea
            name="reason"
            label={texts.preview.reason}
            needed={texts.needed}
            value={reason}
            error={wrong["reason"]}
            onValue={setReason}
          />
        </OrderDialog>
      )}
    </>
  );
}

export function Reject({ answer, onDone }: { answer: ReportAnswer; onDone: () => void }) {
  const { preview } = useTexts();
  return (
    <Rejection answer={answer} offer={preview.reject} title={preview.rejectTitle} send={preview.reject} onDone={onDone} />
  );
}

function fillInAgain(report: Report): void {
  keepForAgain(draftOf(report, reportFields));
  go(addressOf.report);
}

/** No call changes a report before its release: it is turned down, and taken once more from what stands in it. */
export function Correct({ answer }: { answer: ReportAnswer }) {
  const { preview } = useTexts();
  return (
    <Rejection
      answer={answer}
      offer={preview.correct}
      title={preview.correctTitle}
      send={preview.correctSend}
      why={preview.correctReason}
      onDone={() => fillInAgain(answer.report)}
    >
      <p>{preview.correctText}</p>
      {hasDraft() && <Banner tone="warn" title={preview.correctDraft} />}
    </Rejection>
  );
}

/** Of one that is turned down already: also where the answer to that was lost. */
export function TakeAgain({ answer }: { answer: ReportAnswer }) {
  const { preview } = useTexts();
  return (
    <div class="stack-close">
      {hasDraft() && <p class="small">{preview.correctDraft}</p>}
      <div>
        <Button size="small" onClick={() => fillInAgain(answer.report)}>
          {preview.correctAgain}
        </Button>
      </div>
    </div>
  );
}
