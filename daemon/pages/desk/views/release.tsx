import { useEffect, useState } from "preact/hooks";
import { Button, Dialog, DialogActions, TextField, Tick } from "../../design/components";
import { Refused } from "../api/call";
import type { Alert, Preview, ReleaseChoices, ReportAnswer, Status } from "../api/types";
import { useRights } from "../caller";
import { roundKm } from "../format";
import { useAction } from "../live/hooks";
import { addressOf, go } from "../router";
import { useTexts } from "../text";
import { Progress } from "./failure";

interface Props {
  answer: ReportAnswer;
  preview: Preview;
  choices: ReleaseChoices;
  reviewed: boolean;
  /** What was looked at is no longer so: it has to be previewed again. */
  onStale: () => void;
}

/** One button, and one confirmation that says in words who will see it and whether it is meant. */
export function Release({ answer, preview, choices, reviewed, onStale }: Props) {
  const texts = useTexts();
  const { caller } = useRights();
  const [asking, setAsking] = useState(false);
  const [alone, setAlone] = useState({ on: false, reason: "" });
  const action = useAction();
  const status: Status = answer.report.exercise ? "EXERCISE" : "ACTUAL";
  const kind = status === "ACTUAL" ? "live" : "exercise";
  const unreviewed = preview.duplicates.length > 0 && !reviewed;
  const own = answer.submittedBy === `${caller.unit}/${caller.officer}`;
  const refusedAlone =
    own && action.failure instanceof Refused && [403, 409].includes(action.failure.problem.status);

  const release = async () => {
    const request = {
      ...choices,
      status,
      previewToken: preview.previewToken,
      ...(preview.duplicates.length > 0 ? { duplicatesReviewed: preview.duplicates } : {}),
      ...(alone.on ? { breakGlass: true, reason: alone.reason } : {}),
    };
    const alert = await action.send<Alert>(`/reports/${answer.id}:release`, request);
    if (alert) go(addressOf.alert(alert.id));
  };
  const stale = action.failure instanceof Refused && action.failure.nameOfProblem === "stale-preview";
  useEffect(() => {
    if (!stale) return;
    setAsking(false);
    action.clear();
    onStale();
  }, [stale]);
  return (
    <>
      <Button
        kind={kind}
        size="large"
        unusable={unreviewed}
        aria-describedby={unreviewed ? "release-first" : undefined}
        onClick={() => setAsking(true)}
      >
        {texts.preview.release[status]}
      </Button>
      {unreviewed && (
        <p id="release-first" class="small">
          {texts.preview.duplicatesFirst}
        </p>
      )}
      {asking && (
        <Dialog title={texts.preview.confirmTitle[status]} tone={kind} onClose={() => setAsking(false)}>
          <Words preview={preview} status={status} />
          {(refusedAlone || alone.on) && (
            <div class="stack-close">
              <Tick
                name="breakGlass"
                label={texts.preview.alone}
                checked={alone.on}
                onValue={(on) => setAlone({ ...alone, on })}
              />
              {alone.on && (
                <TextField
                  name="reason"
                  label={texts.preview.aloneReason}
                  value={alone.reason}
                  onValue={(reason) => setAlone({ ...alone, reason })}
                />
              )}
            </div>
          )}
          <Progress action={action} />
          <DialogActions>
            <Button onClick={() => setAsking(false)}>{texts.cancel}</Button>
            <Button kind={kind} busy={action.busy} onClick={() => void release()}>
              {texts.preview.release[status]}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
}

function Words({ preview, status }: { preview: Preview; status: Status }) {
  const texts = useTexts();
  const audiences = texts.several(preview.copies.map((copy) => texts.audience[copy.audience]));
  const isPublic = preview.copies.some((copy) => copy.audience === "PUBLIC");
  return (
    <div class={`words words-${status === "ACTUAL" ? "live" : "exercise"}`}>
      <p class="words-status">{status === "ACTUAL" ? texts.preview.confirmActual : texts.preview.confirmExercise}</p>
      <p>{texts.preview.confirmWho(audiences, preview.expected)}</p>
      {preview.circle && <p>{texts.preview.confirmArea(roundKm(preview.circle.radiusKm), preview.divisions.length)}</p>}
      <p>{isPublic ? texts.preview.confirmPublic : texts.preview.confirmNoPublic}</p>
    </div>
  );
}
