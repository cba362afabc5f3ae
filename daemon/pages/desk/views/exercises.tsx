import { useState } from "preact/hooks";
import { Button, Table, Tag, TextField } from "../../design/components";
import { read, readAll } from "../api/call";
import type { Exercise, ExerciseAnswer, Score } from "../api/types";
import { useRights } from "../caller";
import { timeOf } from "../format";
import { errorsOf } from "../form/problems";
import { useAction, useLive, useNow } from "../live/hooks";
import { addressOf, go } from "../router";
import { type Texts, useTexts, wordFor } from "../text";
import { Readings } from "./failure";
import { OrderDialog } from "./order";

function Start({ known, onClose }: { known: string[]; onClose: () => void }) {
  const texts = useTexts();
  const [name, setName] = useState(known[0] ?? "");
  const action = useAction();
  const wrong = errorsOf(action.failure);
  const start = async () => {
    const begun = await action.send<Exercise>("/exercises", { name });
    // Its board is for those who take reports and release; how it goes is what operators see.
    if (begun) go(addressOf.scores(begun.alertId));
  };
  return (
    <OrderDialog
      title={texts.exercises.startTitle}
      send={texts.exercises.startSend}
      kind="exercise"
      tone="exercise"
      action={action}
      shown={(path) => path === "name"}
      onClose={onClose}
      onSend={() => void start()}
    >
      <p>{texts.exercises.startText}</p>
      <TextField
        name="name"
        label={texts.exercises.startName}
        needed={texts.needed}
        value={name}
        error={wrong["name"]}
        onValue={setName}
      />
    </OrderDialog>
  );
}

/** The mean, and of how many it is one. */
const scoreOf = (exercise: Exercise) =>
  exercise.meanScore === undefined ? "–" : `${Math.round(exercise.meanScore)} (${exercise.scored})`;

export function ExercisesView() {
  const texts = useTexts();
  const rights = useRights();
  const now = useNow(60_000);
  const [starting, setStarting] = useState(false);
  const latest = useLive(
    () => read<{ exercises: Exercise[]; nextPageToken?: string }>("/exercises?page_size=50"),
    (event) => event.type.startsWith("alert."),
    [],
  );
  const value = latest.value?.exercises;
  const words = texts.exercises;
  const known = [...new Set((value ?? []).map((exercise) => exercise.name).filter(Boolean))];
  return (
    <div class="stack">
      <div class="row row-apart view-head">
        <div class="stack-close">
          <h1>{words.title}</h1>
          <p class="soft">{words.lead}</p>
        </div>
        {rights.operates && (
          <Button kind="exercise" onClick={() => setStarting(true)}>
            {words.start}
          </Button>
        )}
      </div>
      <Readings of={[latest]} />
      {value && value.length === 0 && <p class="pad">{words.none}</p>}
      {value && value.length > 0 && (
        <section class="panel">
          <Table
            caption={words.title}
            rows={value}
            rowKey={(exercise) => exercise.alertId}
            stacks
            captioned
            columns={[
              {
                title: words.name,
                cell: (exercise) => <a href={addressOf.scores(exercise.alertId)}>{exercise.name || words.byOfficer}</a>,
              },
              { title: words.begun, cell: (exercise) => timeOf(exercise.begun, now) },
              {
                title: words.ended,
                cell: (exercise) =>
                  exercise.ended ? timeOf(exercise.ended, now) : <Tag tone="exercise">{words.running}</Tag>,
              },
              { title: words.score, kind: "number", cell: scoreOf },
              ...(["received", "displayed", "confirmed", "removed"] as const).map((kind) => ({
                title: texts.kind[kind.toUpperCase() as "RECEIVED"],
                kind: "number" as const,
                cell: (exercise: Exercise) => `${exercise[kind]} / ${exercise.expected}`,
              })),
            ]}
          />
          {latest.value?.nextPageToken && <p class="soft small">{words.cut(value.length)}</p>}
        </section>
      )}
      {starting && <Start known={known} onClose={() => setStarting(false)} />}
    </div>
  );
}

function promptness(answer: ExerciseAnswer | undefined, texts: Texts) {
  const words = texts.exercises;
  if (!answer) return "–";
  const seconds = answer.seconds === undefined ? "" : ` ${Math.round(answer.seconds)} s`;
  switch (answer.promptness) {
    case "IN_TIME":
      return <Tag tone="good">{words.inTime + seconds}</Tag>;
    case "LATE":
      return <Tag tone="warn">{words.late + seconds}</Tag>;
    case "MISSING":
      return <Tag tone="danger">{words.missing}</Tag>;
    default:
      return <span class="soft">{words.open}</span>;
  }
}

/** The worst; those of all recipients of a province would be a page of a hundred metres. */
const rowsFirst = 50;

export function ScoresView({ id }: { id: string }) {
  const texts = useTexts();
  const [whole, setWhole] = useState(false);
  const scores = useLive(
    () => readAll<Score>(`/exercises/${id}/scores`, "scores"),
    (event) => event.alertId === id,
    [id],
  );
  const { value } = scores;
  const worstFirst = [...(value?.items ?? [])].sort((a, b) => (a.score ?? 101) - (b.score ?? 101));
  return (
    <div class="stack">
      <div class="row row-apart view-head">
        <h1>{texts.exercises.scores}</h1>
        <a class="button button-plain" href={addressOf.alert(id)}>
          {texts.preview.toBoard}
        </a>
      </div>
      <Readings of={[scores]} />
      {value && (
        <section class="panel">
          <Table
            caption={texts.exercises.scores}
            rows={whole ? worstFirst : worstFirst.slice(0, rowsFirst)}
            rowKey={(score) => score.recipientId}
            stacks
            captioned
            columns={[
              { title: texts.exercises.recipient, cell: (score) => score.name || score.recipientId },
              { title: texts.board.category, cell: (score) => wordFor(texts.category, score.category) },
              { title: texts.exercises.points, kind: "number", cell: (score) => score.score ?? "–" },
              { title: texts.kind.RECEIVED, cell: (score) => promptness(score.received, texts) },
              { title: texts.kind.DISPLAYED, cell: (score) => promptness(score.displayed, texts) },
              { title: texts.kind.CONFIRMED, cell: (score) => promptness(score.confirmed, texts) },
              { title: texts.kind.REMOVED, cell: (score) => promptness(score.removed, texts) },
            ]}
          />
          {!whole && worstFirst.length > rowsFirst && (
            <div>
              <Button size="small" onClick={() => setWhole(true)}>
                {texts.showRows(worstFirst.length, value.cut ? Infinity : worstFirst.length)}
              </Button>
            </div>
          )}
          {whole && value.cut && <p class="soft small">{texts.board.silentFirst(value.items.length)}</p>}
        </section>
      )}
    </div>
  );
}
