import { useEffect, useState } from "preact/hooks";
import { Banner, Button, FieldSet, TextArea } from "../../design/components";
import { read } from "../api/call";
import type { Alert, LiveEvent, ReportAnswer } from "../api/types";
import { decidesOn, useRights } from "../caller";
import { ReportFields } from "../form/fields";
import { eraseUpdate, updateMemory } from "../form/keeping";
import { isOvertaken } from "../form/newer";
import { PhotoWait } from "../form/photo_field";
import { usePhotoIntake, usePhotoSending } from "../form/photo_intake";
import { errorsOf, focusFirstWrong } from "../form/problems";
import { Restored } from "../form/restored";
import { useUpdate } from "../form/update";
import { useAction, useLive } from "../live/hooks";
import { endsAlert, isOver } from "../live/over";
import { addressOf, go } from "../router";
import { useTexts } from "../text";
import { Band } from "./band";
import { Recall } from "./decisions";
import { Progress, Unread } from "./failure";
import { Head, isOut } from "./head";
import { childLine } from "./list";
import { Newer } from "./newer";
import { NotOffered } from "./not_offered";
import { kindOf } from "./order";

interface AsItIs {
  alert: Alert;
  /** Null: the alert is over, and nothing of it is changed any more. */
  report: ReportAnswer | null;
}

async function load(id: string): Promise<AsItIs> {
  const alert = await read<Alert>(`/alerts/${id}`);
  return { alert, report: isOver(alert) ? null : await read<ReportAnswer>(`/reports/${alert.reportId ?? ""}`) };
}

/** After these the form stands on a revision that an update would be refused for. */
const hasNewRevision = ({ type }: LiveEvent) =>
  type === "alert.updated" || type === "alert.suspended" || type === "alert.resumed";

export function UpdateView({ id }: { id: string }) {
  const texts = useTexts();
  const rights = useRights();
  const { value, failure, reload } = useLive(
    rights.releases ? () => load(id) : null,
    (event) => event.alertId === id && (endsAlert(event) || hasNewRevision(event)),
    [id],
  );
  if (!rights.releases) return <NoUpdate id={id} why={texts.board.updateByReleaser} />;
  if (!value) return failure ? <Unread failure={failure} reload={reload} /> : <p class="pad">{texts.loading}</p>;
  const { alert, report } = value;
  if (!report) return <Over id={id} />;
  if (!isOut(alert)) return <NoUpdate id={id} why={texts.board.lookout} />;
  if (!decidesOn(alert)) return <NoUpdate id={id} why={texts.board.notOurs} />;
  return <Updating alert={alert} report={report} reload={reload} />;
}

interface UpdateProps {
  alert: Alert;
  report: ReportAnswer;
  reload: () => void;
}

/** The child may be found while one types. */
function Updating({ alert, report, reload }: UpdateProps) {
  const texts = useTexts();
  const [recalls, setRecalls] = useState(false);
  return (
    <div class="stack narrow">
      <Head
        alert={alert}
        title={texts.said(texts.board.updateTitle, childLine(report.report.child, texts))}
        onRecall={() => setRecalls(true)}
      />
      <UpdateForm alert={alert} report={report} reload={reload} />
      {recalls && (
        <Recall
          alert={alert}
          expected={null}
          onClose={() => setRecalls(false)}
          onDone={() => go(addressOf.alert(alert.id))}
        />
      )}
    </div>
  );
}

function Over({ id }: { id: string }) {
  const texts = useTexts();
  // What was typed a moment ago may have been kept after the alert had ended.
  useEffect(() => eraseUpdate(id), []);
  return <NoUpdate id={id} why={texts.board.updateOver} />;
}

function NoUpdate({ id, why }: { id: string; why: string }) {
  const texts = useTexts();
  return <NotOffered title={texts.board.updateTitle} why={why} to={addressOf.alert(id)} word={texts.preview.toBoard} />;
}

/** The report as it was when the page was opened, and what is changed in it: only that is sent. `report` is as it is now:
    what somebody else has changed in it since is said, before it is undone. Who commits in the same moment is not seen here
    yet: the daemon refuses what it has not seen, and then that is said. */
function UpdateForm({ alert, report, reload }: UpdateProps) {
  const texts = useTexts();
  const update = useUpdate(alert.id, report);
  const { draft, setDraft, reason, setReason, changed } = update;
  const action = useAction(updateMemory(alert.id));
  const errors = errorsOf(action.failure, "report.");
  useEffect(() => {
    if (action.failure) focusFirstWrong();
  }, [action.failure]);
  const overtaken = isOvertaken(action.failure);
  useEffect(() => {
    if (!overtaken) return;
    update.forgetSent();
    reload();
  }, [action.failure]);
  const intake = usePhotoIntake((photo) => setDraft((now) => ({ ...now, photo })));
  const isReading = intake.state === "reading";
  const send = async () => {
    if (changed.length === 0) return;
    if (!(await action.send<Alert>(`/alerts/${alert.id}:update`, update.toSend()))) return;
    eraseUpdate(alert.id);
    go(addressOf.alert(alert.id));
  };
  const sending = usePhotoSending(intake, () => void send());
  const busy = action.busy || sending.waits;
  // The map is no control that a disabled group would stop.
  const put = (path: string, value: string) => {
    if (!busy) setDraft((now) => ({ ...now, values: { ...now.values, [path]: value } }));
  };
  const startAnew = () => {
    intake.takeBack();
    update.discard();
    action.clear();
  };
  const note = update.isAsSent ? texts.board.updateUnconfirmed : texts.report.restored;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) sending.ask();
      }}
    >
      <Band status={alert.status}>{texts.board.updateHint}</Band>
      {update.isRestored && <Restored note={note} busy={busy} onDiscard={startAnew} />}
      <FieldSet busy={busy}>
        <ReportFields update draft={draft} errors={errors} onValue={put} intake={intake} />
      </FieldSet>
      <div class="panel submit">
        {changed.length === 0 ? (
          <p class="soft small">{isReading ? texts.report.photoReading : texts.board.updateNothing}</p>
        ) : (
          <Banner tone="info">
            <p>{texts.several(changed.map((path) => texts.field[path] ?? path))}</p>
          </Banner>
        )}
        <FieldSet busy={busy}>
          <TextArea
            // Not "reason", which is the recall's.
            name="updateReason"
            label={texts.board.updateReason}
            needed={texts.needed}
            error={errors["reason"]}
            value={reason}
            onValue={setReason}
            rows={2}
          />
        </FieldSet>
        {(overtaken || update.newer.length > 0) && !busy && (
          <Newer
            fields={overtaken && update.isBehind ? [] : update.newer}
            now={update.now}
            changed={changed}
            refused={overtaken}
            onTake={() => {
              update.takeNewer();
              if (overtaken) action.clear();
            }}
          />
        )}
        <PhotoWait sending={sending} />
        <Progress action={overtaken ? { ...action, failure: null } : action} shown={(path) => path.replace(/^report\./, "") in errors} />
        <div class="row">
          <Button
            type="submit"
            kind={kindOf(alert.status)}
            size="large"
            busy={busy}
            unusable={changed.length === 0 && !isReading}
          >
            {texts.board.updateSend}
          </Button>
          <a class="button button-plain" href={addressOf.alert(alert.id)}>
            {texts.cancel}
          </a>
        </div>
      </div>
      <p class="soft small pad">{texts.board.updateKept}</p>
    </form>
  );
}
