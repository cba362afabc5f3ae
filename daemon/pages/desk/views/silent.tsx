import { useState } from "preact/hooks";
import { Button, Choices, Table, Tag } from "../../design/components";
import type { Alert, Board, Silent } from "../api/types";
import { useRights, vouchesFor } from "../caller";
import { timeOf } from "../format";
import { errorsOf } from "../form/problems";
import { useAction, useNow } from "../live/hooks";
import { useTexts, wordFor } from "../text";
import { GroundsFields, given, noGrounds } from "./grounds";
import { OrderDialog, kindOf } from "./order";
import { Telephone } from "./telephone";
import { type Way, placed, triedWays } from "./ways";

/** By which ways it was told, and which of its ways do not work now. */
function Tried({ row }: { row: Silent }) {
  const texts = useTexts();
  const word = ({ channel, place }: Way) => `${wordFor(texts.channel, channel)}${place === null ? "" : ` ${place}`}`;
  const tried = texts.several(triedWays(row).map(word)) || texts.nothing;
  const bad = placed(row.endpoints ?? [])
    .filter((endpoint) => endpoint.state !== "UP")
    .map((endpoint) => texts.aside(word(endpoint), wordFor(texts.endpointState, endpoint.state)));
  return (
    <>
      <div class="soft small">{texts.said(texts.board.tried, tried)}</div>
      {bad.length > 0 && <div class="soft small">{texts.said(texts.board.broken, texts.several(bad))}</div>}
    </>
  );
}

/** Whom a person has to call, who is about to be left to one, and who is still told by itself. */
function urgencyOf({ nextStep }: Silent): number {
  if (nextStep === "telephone" || nextStep === "again") return 0;
  return nextStep === "late" ? 1 : 2;
}

function Next({ row }: { row: Silent }) {
  const texts = useTexts();
  const now = useNow(10_000);
  return (
    <>
      <Tag tone={urgencyOf(row) < 2 ? "danger" : "plain"}>{wordFor(texts.nextStep, row.nextStep)}</Tag>
      {row.nextStep !== "telephone" && row.dueAt && <div class="soft small number">{timeOf(row.dueAt, now)}</div>}
      {row.awaited && (
        <div class="soft small">
          {texts.said(texts.board.awaited, wordFor(texts.kind, row.awaited))}
        </div>
      )}
      {row.reason && row.reason !== "REASON_UNSPECIFIED" && (
        <div class="small">
          {texts.said(texts.kind.UNABLE, wordFor(texts.unableReason, row.reason))}
        </div>
      )}
    </>
  );
}

/** What a call is about: as it was when the officer began it, whatever the board says meanwhile. */
interface Call {
  row: Silent;
  kind: "CONFIRMED" | "REMOVED";
  revision: number;
}

/** What may be said to either, that which is asked first. */
const answersTo = { CONFIRMED: ["CONFIRMED", "ACTING", "UNABLE"], REMOVED: ["REMOVED", "UNABLE"] } as const;
type Said = (typeof answersTo)[Call["kind"]][number];
const unableReasons = ["NO_STAFF", "EQUIPMENT", "OFF_AIR", "EDITORIAL", "NOT_CONCERNED"] as const;

/** Who is to take it down (the alert is recalled, or suspended for them alone) is asked about that, the others about
    the alert. */
const callOf = (row: Silent, board: Board, recalled: boolean): Call => ({
  row,
  kind: recalled || row.awaited === "REMOVED" ? "REMOVED" : "CONFIRMED",
  revision: row.revision ?? board.revision,
});

interface ReachedProps {
  alert: Alert;
  call: Call;
  onClose: () => void;
  onDone: () => void;
}

/** An officer's word for a recipient's: it goes into the journal as such. */
function Reached({ alert, call, onClose, onDone }: ReachedProps) {
  const { row, kind: asked, revision } = call;
  const texts = useTexts();
  const [kind, setKind] = useState<Said>(asked);
  const [grounds, setGrounds] = useState(noGrounds);
  const action = useAction();
  const wrong = errorsOf(action.failure);
  const unable = kind === "UNABLE";
  const record = async () => {
    const why = given(unable ? grounds : { ...grounds, reason: "" });
    const answer = { revision, recipientId: row.recipientId, kind, ...why };
    if (await action.send(`/alerts/${alert.id}/acknowledgements`, answer)) onDone();
  };
  return (
    <OrderDialog
      title={texts.board.reachedTitle(row.name)}
      send={texts.board.reachedSend}
      kind={kindOf(alert.status)}
      status={alert.status}
      action={action}
      shown={(path) => path === "note" || (unable && path === "reason")}
      onClose={onClose}
      onSend={() => void record()}
    >
      <p>
        <Telephone liaison={row.liaison} />
      </p>
      <Choices
        name="kind"
        label={texts.board.reachedSays}
        value={kind}
        onValue={(value) => setKind(value as Said)}
        options={answersTo[asked].map((value) => ({ value, label: texts.kind[value] }))}
      />
      <p>{texts.board.reachedText[kind]}</p>
      <GroundsFields
        label={texts.board.reachedWhy}
        reasons={unable ? unableReasons.map((value) => ({ value, label: texts.unableReason[value] })) : []}
        grounds={grounds}
        wrong={wrong}
        onGrounds={setGrounds}
      />
    </OrderDialog>
  );
}

interface Props {
  alert: Alert;
  board: Board;
  recalled: boolean;
  onDone: () => void;
}

/** As many as one works off before one looks again. */
const rowsAtFirst = 12;

export function SilentList({ alert, board, recalled, onDone }: Props) {
  const texts = useTexts();
  const rights = useRights();
  const [calling, setCalling] = useState<Call | null>(null);
  const [whole, setWhole] = useState(false);
  // Of equals as the server lists them.
  const sorted = [...board.silent].sort((a, b) => urgencyOf(a) - urgencyOf(b));
  const rows = whole ? sorted : sorted.slice(0, rowsAtFirst);
  if (board.silentTotal === 0) {
    return (
      <section class="panel">
        <h2>{texts.board.silentNone}</h2>
      </section>
    );
  }
  return (
    <section class="panel" id="silent">
      <Table
        caption={texts.board.silent(board.silentTotal)}
        rows={rows}
        rowKey={(row) => row.recipientId}
        stacks
        columns={[
          {
            title: texts.board.name,
            cell: (row) => (
              <>
                {row.name || row.recipientId}
                <div class="soft small">{wordFor(texts.category, row.category)}</div>
              </>
            ),
          },
          {
            title: texts.board.telephone,
            cell: (row) => (
              <>
                <Telephone liaison={row.liaison} />
                {rights.vouches && vouchesFor(row) && (
                  <Button size="small" onClick={() => setCalling(callOf(row, board, recalled))}>
                    {texts.board.reached}
                    <span class="out-of-sight">{texts.said("", row.name)}</span>
                  </Button>
                )}
              </>
            ),
          },
          {
            title: texts.board.next,
            cell: (row) => (
              <>
                <Next row={row} />
                <Tried row={row} />
              </>
            ),
          },
        ]}
      />
      <div class="row">
        {rows.length < board.silent.length && (
          <Button size="small" onClick={() => setWhole(true)}>
            {texts.showRows(board.silent.length, board.silentTotal)}
          </Button>
        )}
        {whole && board.silentTotal > board.silent.length && (
          <p class="soft small">{texts.board.silentFirst(board.silent.length)}</p>
        )}
      </div>
      {calling && (
        <Reached
          alert={alert}
          call={calling}
          onClose={() => setCalling(null)}
          onDone={() => {
            setCalling(null);
            onDone();
          }}
        />
      )}
    </section>
  );
}
