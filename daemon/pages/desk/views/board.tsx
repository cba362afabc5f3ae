import { useState } from "preact/hooks";
import { Banner, Button, Tag } from "../../design/components";
import { read, readAll } from "../api/call";
import type { Alert, Board, Sighting } from "../api/types";
import { decidesOn, useRights } from "../caller";
import { roundKm, timeOf } from "../format";
import { useLive, useNow } from "../live/hooks";
import { isOver } from "../live/over";
import { type Place, boxAround, isIn } from "../map/china_map";
import { CircleMap } from "../map/circle_map";
import { addressOf } from "../router";
import { useTexts, wordFor } from "../text";
import { Answers, Breakdown, sharesByArea } from "./answers";
import { CopyCard } from "./copy";
import { DrawCircle, Recall, Suspend, divisionOf, resumableOf, suspendableOf } from "./decisions";
import { Readings, Unread } from "./failure";
import { Head, isOut } from "./head";
import { Clocks, childLine } from "./list";
import { Posters } from "./posters";
import { Sending } from "./sending";
import { Sightings } from "./sightings";
import { SilentList } from "./silent";

type Deciding = "recall" | "circle" | "suspend" | "resume" | null;

/** Whom it is out for, and from whom it is taken meanwhile. */
function Audiences({ alert: { audiences, suspended = [] } }: { alert: Alert }) {
  const texts = useTexts();
  if (!audiences) return null;
  return (
    <p class="row pad">
      <span class="soft small">{texts.board.audiences}</span>
      {audiences.map((each) =>
        suspended.includes(each) ? (
          <Tag key={each} tone="warn">
            {texts.aside(texts.audience[each], texts.board.suspended)}
          </Tag>
        ) : (
          <Tag key={each} tone="good">
            {texts.audience[each]}
          </Tag>
        ),
      )}
    </p>
  );
}

function OtherDecisions({ alert, onDecide }: { alert: Alert; onDecide: (what: Deciding) => void }) {
  const texts = useTexts();
  return (
    <div class="row pad">
      <a class="button button-plain" href={addressOf.update(alert.id)}>
        {texts.board.update}
      </a>
      <Button onClick={() => onDecide("circle")}>{texts.board.circle}</Button>
      {suspendableOf(alert).length > 0 && <Button onClick={() => onDecide("suspend")}>{texts.board.suspend}</Button>}
      {resumableOf(alert).length > 0 && <Button onClick={() => onDecide("resume")}>{texts.board.resume}</Button>}
    </div>
  );
}

/** Whoever was seen somewhere was not, where the case's unit has looked into it and says so. */
function placesOf(sightings: Sighting[]): Place[] {
  return sightings.flatMap(({ assessment, position }) =>
    assessment !== "NOT_CREDIBLE" && position?.latitude !== undefined && position.longitude !== undefined
      ? [{ latitude: position.latitude, longitude: position.longitude }]
      : [],
  );
}

interface WhereProps {
  alert: Alert;
  board: Board;
  recalled: boolean;
  sightings: Sighting[];
}

function Where({ alert, board, recalled, sightings }: WhereProps) {
  const texts = useTexts();
  if (!alert.circle) return null;
  const { title, shade } = texts.board.map[recalled ? "removed" : "confirmed"];
  const box = boxAround(alert.circle);
  const seen = placesOf(sightings);
  const onMap = seen.filter((place) => isIn(box, place));
  return (
    <section class="panel">
      <div class="row row-apart">
        <h2>{title}</h2>
        <span class="number">{texts.list.radius(roundKm(alert.circle.radiusKm))}</span>
      </div>
      <CircleMap
        circle={alert.circle}
        division={divisionOf(alert)}
        shades={sharesByArea(board, recalled)}
        seen={onMap}
        label={title}
      />
      <p class="soft small">{shade}</p>
      {seen.length > 0 && <p class="soft small">{texts.board.seenOnMap(onMap.length, seen.length - onMap.length)}</p>}
    </section>
  );
}

function Content({ alert }: { alert: Alert }) {
  const texts = useTexts();
  const now = useNow(60_000);
  const { notice } = alert;
  if (!notice) return null;
  // Another address for each revision, or the browser would show the picture of before.
  const picture = notice.photo ? `/api/v1/alerts/${alert.id}/photo?revision=${alert.revision}` : undefined;
  return (
    <details class="panel fold">
      <summary>{texts.board.content}</summary>
      <p class="soft small number">
        {texts.board.revision(alert.revision, alert.step)} · {texts.board.released} {timeOf(alert.releasedAt, now)}
      </p>
      <CopyCard notice={notice} picture={picture} />
      <Posters alert={alert} />
    </details>
  );
}

export function BoardView({ id }: { id: string }) {
  const texts = useTexts();
  const rights = useRights();
  const [deciding, setDeciding] = useState<Deciding>(null);
  const here = { concerns: (event: { alertId?: string }) => event.alertId === id };
  const live = useLive(() => read<Alert>(`/alerts/${id}`), here.concerns, [id]);
  const { value: alert, failure, reload } = live;
  const board = useLive(rights.seesReports ? () => read<Board>(`/alerts/${id}/board`) : null, here.concerns, [id]);
  const sightings = useLive(
    rights.handlesSightings ? () => readAll<Sighting>(`/alerts/${id}/sightings`, "sightings", Infinity) : null,
    here.concerns,
    [id],
  );
  if (!alert) return failure ? <Unread failure={failure} reload={reload} /> : <p class="pad">{texts.loading}</p>;

  const own = decidesOn(alert);
  const decides = rights.releases && own;
  const recalled = isOver(alert);
  const out = isOut(alert);
  const done = () => {
    setDeciding(null);
    reload();
    board.reload();
  };
  const decision = { alert, onClose: () => setDeciding(null), onDone: done };
  const child = alert.notice?.child;
  const title = child ? childLine(child, texts) : `${texts.board.title} ${alert.id.slice(-12)}`;
  return (
    <div class="stack">
      <Head alert={alert} title={title} onRecall={decides ? () => setDeciding("recall") : null} />
      <Readings of={[live, board, sightings]} />
      {recalled && (
        <Banner tone="info" title={texts.board.ended}>
          {alert.outcome && (
            <p>
              {wordFor(texts.outcome, alert.outcome)}
              {alert.cause && ` · ${wordFor(texts.cause, alert.cause)}`}
            </p>
          )}
        </Banner>
      )}
      {alert.state === "LOOKOUT" && <Banner tone="warn" title={texts.board.lookout} />}
      <div class="pad">
        <Clocks alert={alert} />
      </div>
      {!recalled && <Audiences alert={alert} />}
      {out && decides && <OtherDecisions alert={alert} onDecide={setDeciding} />}
      {out && rights.releases && !own && <p class="pad soft small">{texts.board.notOurs}</p>}
      <div class="columns">
        <div class="stack">
          {board.value && (
            <>
              <Answers board={board.value} recalled={recalled} />
              {!recalled && <Sending forecast={board.value.forecast} released />}
              <SilentList alert={alert} board={board.value} recalled={recalled} onDone={board.reload} />
            </>
          )}
        </div>
        <div class="stack">
          {sightings.value && <Sightings sightings={sightings.value.items} onDone={sightings.reload} />}
          {board.value && <Where alert={alert} board={board.value} recalled={recalled} sightings={sightings.value?.items ?? []} />}
          {board.value && <Breakdown board={board.value} recalled={recalled} />}
          {!recalled && <Content alert={alert} />}
        </div>
      </div>
      {deciding === "recall" && !recalled && <Recall {...decision} expected={board.value?.expected ?? null} />}
      {deciding === "circle" && out && <DrawCircle {...decision} />}
      {deciding === "suspend" && out && <Suspend {...decision} resume={false} />}
      {deciding === "resume" && out && <Suspend {...decision} resume />}
    </div>
  );
}
