import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Choices, Tag, type TagTone, TextField } from "../../design/components";
import type { Assessment, Photo, Sighting } from "../api/types";
import { pictureOf } from "../form/photo";
import { errorsOf } from "../form/problems";
import { timeOf } from "../format";
import { useAction, useNow } from "../live/hooks";
import { useTexts } from "../text";
import { useWaiting } from "../title";
import { OrderDialog } from "./order";
import { Telephone } from "./telephone";

const tones: Record<Assessment, TagTone> = {
  UNASSESSED: "warn",
  CREDIBLE: "action",
  NOT_CREDIBLE: "plain",
  CONFIRMED: "good",
};

/** Whole, and large enough to tell a child by. */
function Seen({ photo }: { photo: Photo | undefined }) {
  const { board } = useTexts();
  return photo ? <img class="photo-seen" src={pictureOf(photo)} alt={board.sightingPhoto} /> : null;
}

function Assess({ sighting, onClose, onDone }: { sighting: Sighting; onClose: () => void; onDone: () => void }) {
  const texts = useTexts();
  const [assessment, setAssessment] = useState<string>(
    sighting.assessment === "UNASSESSED" ? "" : sighting.assessment,
  );
  const [note, setNote] = useState(sighting.note ?? "");
  const action = useAction();
  const wrong = errorsOf(action.failure);
  const send = async () => {
    const request = { ...(assessment ? { assessment } : {}), ...(note ? { note } : {}) };
    if (await action.send(`/sightings/${sighting.sightingId}:assess`, request)) onDone();
  };
  return (
    <OrderDialog
      title={texts.board.assessTitle}
      send={texts.board.assessSend}
      kind="primary"
      action={action}
      shown={(path) => path in wrong}
      onClose={onClose}
      onSend={() => void send()}
    >
      <p class="quote">{sighting.description}</p>
      <Seen photo={sighting.photo} />
      <Choices
        name="assessment"
        label={texts.board.assess}
        needed={texts.needed}
        error={wrong["assessment"]}
        value={assessment}
        onValue={setAssessment}
        options={(["CREDIBLE", "NOT_CREDIBLE", "CONFIRMED"] as const).map((value) => ({
          value,
          label: texts.assessment[value],
        }))}
      />
      <TextField name="note" label={texts.board.note} value={note} error={wrong["note"]} onValue={setNote} />
    </OrderDialog>
  );
}

function SightingCard({ sighting, onAssess }: { sighting: Sighting; onAssess: () => void }) {
  const texts = useTexts();
  const now = useNow(60_000);
  const { position } = sighting;
  return (
    <li class="sighting">
      <div class="row row-apart">
        <span class="number">
          {texts.board.seenAt} {timeOf(sighting.seenAt, now)}
        </span>
        <Tag tone={tones[sighting.assessment]}>{texts.assessment[sighting.assessment] ?? sighting.assessment}</Tag>
      </div>
      <p>{sighting.description}</p>
      <Seen photo={sighting.photo} />
      <p class="soft small">
        {texts.board.from} {sighting.recipientName ?? sighting.recipientId}
        {position?.latitude !== undefined && position.longitude !== undefined && (
          <span class="number">
            {" "}
            · {position.latitude.toFixed(4)}, {position.longitude.toFixed(4)}
            {position.crs !== "WGS84" && ` ${position.crs}`}
          </span>
        )}
        {sighting.assessedBy && ` · ${sighting.assessedBy}`}
        {sighting.note && ` · ${sighting.note}`}
      </p>
      <div class="row">
        <Button size="small" onClick={onAssess}>
          {texts.board.assess}
        </Button>
        {sighting.liaison?.telephone && <Telephone liaison={sighting.liaison} />}
      </div>
    </li>
  );
}

/** Says it when one has come, to who is elsewhere on the page too. */
function Came({ count }: { count: number }) {
  const texts = useTexts();
  const before = useRef(count);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const more = count - before.current;
    before.current = count;
    if (more > 0) setSaid(texts.board.sightingsCame(more, count));
  }, [count]);
  return (
    <p class="out-of-sight" role="status">
      {said}
    </p>
  );
}

/** What is not assessed yet comes first. */
export function Sightings({ sightings, onDone }: { sightings: Sighting[]; onDone: () => void }) {
  const texts = useTexts();
  const [assessing, setAssessing] = useState<Sighting | null>(null);
  useWaiting(sightings.filter(({ assessment }) => assessment === "UNASSESSED").length);
  const rank = (sighting: Sighting) => (sighting.assessment === "UNASSESSED" ? 0 : 1);
  const sorted = [...sightings].sort(
    (a, b) => rank(a) - rank(b) || (b.recordedAt ?? "").localeCompare(a.recordedAt ?? ""),
  );
  return (
    <section class="panel">
      <Came count={sightings.length} />
      <h2>{sightings.length > 0 ? texts.board.sightings(sightings.length) : texts.board.sightingsNone}</h2>
      {sorted.length > 0 && (
        <ul class="stack">
          {sorted.map((sighting) => (
            <SightingCard key={sighting.sightingId} sighting={sighting} onAssess={() => setAssessing(sighting)} />
          ))}
        </ul>
      )}
      {assessing && (
        <Assess
          sighting={assessing}
          onClose={() => setAssessing(null)}
          onDone={() => {
            setAssessing(null);
            onDone();
          }}
        />
      )}
    </section>
  );
}
