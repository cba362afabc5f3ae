import { useEffect, useState } from "preact/hooks";
import { Banner, Button, TextField, Tick } from "../../design/components";
import { Refused } from "../api/call";
import type { Alert, Preview, ReportAnswer, Status } from "../api/types";
import { useRights } from "../caller";
import { errorsOf } from "../form/problems";
import { roundKm } from "../format";
import { useAction } from "../live/hooks";
import type { Pair, Previewed } from "../live/preview";
import { addressOf, go } from "../router";
import { type Texts, useTexts } from "../text";
import { OrderDialog, kindOf } from "./order";

interface Props {
  answer: ReportAnswer;
  previewed: Previewed;
  /** What may be of the same child, and whether all of it was looked at. */
  duplicates: string[];
  reviewed: boolean;
  onAsk: () => void;
  /** What was looked at is no longer so: it has to be previewed again. */
  onStale: () => void;
}

/** What is asked about in the confirmation: as it was when it was opened, and exactly that is sent. */
interface Asked extends Pair {
  duplicates: string[];
}

/** One button, and one confirmation that says in words who will see it and whether it is meant. */
export function Release({ answer, previewed, duplicates, reviewed, onAsk, onStale }: Props) {
  const texts = useTexts();
  const { caller } = useRights();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [came, setCame] = useState(false);
  const [alone, setAlone] = useState({ on: false, reason: "" });
  const action = useAction();
  const status: Status = answer.report.exercise ? "EXERCISE" : "ACTUAL";
  const own = answer.submittedBy === `${caller.unit}/${caller.officer}`;
  const refusedAlone =
    own && action.failure instanceof Refused && [403, 409].includes(action.failure.problem.status);
  const wrong = errorsOf(action.failure);
  const notYet = notYetIn(texts.preview, previewed, reviewed);

  const ask = () => {
    if (!previewed.shown) return;
    const { choices, preview } = previewed.shown;
    setCame(false);
    setAsked({ choices, preview, duplicates });
    onAsk();
  };
  const release = async ({ choices, preview, duplicates: seen }: Asked) => {
    if (!reviewed) return;
    const request = {
      ...choices,
      status,
      previewToken: preview.previewToken,
      ...(seen.length > 0 ? { duplicatesReviewed: seen } : {}),
      ...(alone.on ? { breakGlass: true, reason: alone.reason } : {}),
    };
    const alert = await action.send<Alert>(`/reports/${answer.id}:release`, request);
    if (alert) go(addressOf.alert(alert.id));
  };
  const giveUp = () => {
    setAsked(null);
    action.clear();
  };
  const stale = action.failure instanceof Refused && action.failure.nameOfProblem === "stale-preview";
  useEffect(() => {
    if (!stale) return;
    giveUp();
    onStale();
  }, [stale]);
  useEffect(() => {
    if (reviewed || asked === null || action.busy) return;
    giveUp();
    setCame(true);
  }, [reviewed, action.busy]);
  return (
    <>
      <Button
        kind={kindOf(status)}
        size="large"
        unusable={notYet !== null}
        aria-describedby={notYet !== null ? "release-first" : undefined}
        onClick={ask}
      >
        {texts.preview.release[status]}
      </Button>
      {came && !reviewed && <Banner tone="warn" urgent title={texts.preview.duplicateCame} />}
      {notYet !== null && (
        <p id="release-first" class="small">
          {notYet}
        </p>
      )}
      {asked && (
        <OrderDialog
          title={texts.preview.confirmTitle[status]}
          send={texts.preview.release[status]}
          kind={kindOf(status)}
          tone={kindOf(status)}
          action={action}
          shown={(path) => alone.on && path === "reason"}
          onClose={() => setAsked(null)}
          onSend={() => void release(asked)}
        >
          <Words preview={asked.preview} status={status} />
          {(refusedAlone || alone.on) && <Alone alone={alone} error={wrong["reason"]} onAlone={setAlone} />}
        </OrderDialog>
      )}
    </>
  );
}

/** Why it cannot be released as it stands; null: it can. */
function notYetIn(words: Texts["preview"], previewed: Previewed, reviewed: boolean): string | null {
  if (!reviewed) return words.duplicatesFirst;
  if (previewed.current) return null;
  return previewed.failure ? words.previewFailed : words.notPreviewed;
}

interface AloneChoice {
  on: boolean;
  reason: string;
}

interface AloneProps {
  alone: AloneChoice;
  error: string | undefined;
  onAlone: (alone: AloneChoice) => void;
}

/** Where two have to release: what one officer alone has to say for it. */
function Alone({ alone, error, onAlone }: AloneProps) {
  const texts = useTexts();
  return (
    <div class="stack-close">
      <Tick name="breakGlass" label={texts.preview.alone} checked={alone.on} onValue={(on) => onAlone({ ...alone, on })} />
      {alone.on && (
        <TextField
          name="reason"
          label={texts.preview.aloneReason}
          needed={texts.needed}
          error={error}
          value={alone.reason}
          onValue={(reason) => onAlone({ ...alone, reason })}
        />
      )}
    </div>
  );
}

function Words({ preview, status }: { preview: Preview; status: Status }) {
  const texts = useTexts();
  const audiences = texts.several(preview.copies.map((copy) => texts.audience[copy.audience]));
  const isPublic = preview.copies.some((copy) => copy.audience === "PUBLIC");
  return (
    <div class={`words words-${status === "ACTUAL" ? "live" : "exercise"}`}>
      <p class="words-status">{status === "ACTUAL" ? texts.preview.confirmActual : texts.preview.confirmExercise}</p>
      <p>{texts.preview.confirmWho(audiences, preview.expected, preview.unreachableTotal)}</p>
      {preview.circle && <p>{texts.preview.confirmArea(roundKm(preview.circle.radiusKm), preview.divisions.length)}</p>}
      <p>{isPublic ? texts.preview.confirmPublic : texts.preview.confirmNoPublic}</p>
    </div>
  );
}
