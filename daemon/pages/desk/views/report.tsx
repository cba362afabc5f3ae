import { useEffect, useMemo, useState } from "preact/hooks";
import { Banner, Button, FieldSet, idOf } from "../../design/components";
import type { ReportAnswer } from "../api/types";
import { useRights } from "../caller";
import { type Draft, reportFields, reportOf } from "../form/draft";
import { ReportFields } from "../form/fields";
import { eraseDraft, keepDraft, loadDraft, submissionMemory } from "../form/keeping";
import { PhotoWait } from "../form/photo_field";
import { usePhotoIntake, usePhotoSending } from "../form/photo_intake";
import { errorsOf, focusFirstWrong } from "../form/problems";
import { Restored } from "../form/restored";
import { useAction } from "../live/hooks";
import { addressOf, go } from "../router";
import { type Texts, useTexts } from "../text";
import { Progress } from "./failure";
import { NotOffered } from "./not_offered";

/** The control of a path; where only its parts have one, the first of these. */
const controlOf = (path: string) =>
  document.getElementById(idOf(path)) ?? document.querySelector<HTMLElement>(`[id^="${CSS.escape(idOf(path))}."]`);

/** Where a field is to be found that is wrong; what no field stands for is said as it is. */
function Wrong({ errors }: { errors: Record<string, string> }) {
  const texts = useTexts();
  const paths = Object.keys(errors);
  if (paths.length === 0) return null;
  return (
    <Banner tone="danger" urgent title={texts.report.wrong(paths.length)}>
      <ul>
        {paths.map((path) => (
          <li key={path}>
            <a
              href={`#${idOf(path)}`}
              onClick={(event) => {
                event.preventDefault();
                controlOf(path)?.focus();
              }}
            >
              {texts.field[path] ?? path}
            </a>
            {texts.said("", errors[path] ?? "")}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

function emptyDraft(unit: string): Draft {
  return { values: { reportingUnit: unit }, photo: null };
}

/** Where what stands in the form is from. */
function noteOf({ again, photo }: Draft, { report }: Texts): string {
  if (!again) return report.restored;
  return photo ? report.again : report.againNoPhoto;
}

export function ReportView() {
  const texts = useTexts();
  const rights = useRights();
  if (rights.submits) return <ReportForm />;
  return <NotOffered title={texts.report.title} why={texts.report.bySubmitter} to={addressOf.list} word={texts.list.title} />;
}

function ReportForm() {
  const texts = useTexts();
  const rights = useRights();
  const restored = useMemo(loadDraft, []);
  const [draft, setDraft] = useState<Draft>(() => restored ?? emptyDraft(rights.caller.unit));
  const [touched, setTouched] = useState(restored !== null);
  // Said until it is not so any more.
  const [isRestored, setIsRestored] = useState(restored !== null);
  const action = useAction(submissionMemory);
  const errors = errorsOf(action.failure);
  useEffect(() => {
    if (touched) keepDraft(draft);
  }, [draft, touched]);
  useEffect(() => {
    if (action.failure) focusFirstWrong();
  }, [action.failure]);

  const change = (next: (draft: Draft) => Draft) => {
    setTouched(true);
    setDraft(next);
  };
  const intake = usePhotoIntake((photo) => change((now) => ({ ...now, photo })));
  const submit = async () => {
    const answer = await action.send<ReportAnswer>("/reports", reportOf(draft, reportFields));
    if (!answer) return;
    eraseDraft();
    go(addressOf.preview(answer.id));
  };
  const sending = usePhotoSending(intake, () => void submit());
  const busy = action.busy || sending.waits;
  // The map is no control that a disabled group would stop.
  const put = (path: string, value: string) => {
    if (!busy) change((now) => ({ ...now, values: { ...now.values, [path]: value } }));
  };
  const discard = () => {
    intake.takeBack();
    eraseDraft();
    setTouched(false);
    setIsRestored(false);
    setDraft(emptyDraft(rights.caller.unit));
    action.clear();
  };

  return (
    <form
      class="stack narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) sending.ask();
      }}
    >
      <div class="stack-close view-head">
        <h1>{texts.report.title}</h1>
        <p class="soft">{texts.report.lead}</p>
      </div>
      {isRestored && <Restored note={noteOf(draft, texts)} busy={busy} onDiscard={discard} />}
      <Wrong errors={errors} />
      <FieldSet busy={busy}>
        <ReportFields draft={draft} errors={errors} onValue={put} intake={intake} />
      </FieldSet>
      <div class="panel submit">
        <PhotoWait sending={sending} />
        <Progress action={action} shown={(path) => path in errors} />
        <div class="row">
          <Button type="submit" kind="primary" size="large" busy={busy}>
            {rights.previews ? texts.report.submit : texts.report.submitOnly}
          </Button>
          <p class="soft small">{texts.report.notYet}</p>
        </div>
      </div>
      <p class="soft small pad">{texts.report.kept}</p>
    </form>
  );
}
