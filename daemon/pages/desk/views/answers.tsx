import { Meter, Table } from "../../design/components";
import type { Board, Kind, Tally } from "../api/types";
import { useNames } from "../map/names";
import { useTexts, wordFor } from "../text";

const whileShown: Kind[] = ["RECEIVED", "DISPLAYED", "CONFIRMED", "ACTING", "UNABLE"];
const afterRecall: Kind[] = ["REMOVED", "UNABLE"];

/** What is counted: what was answered to the notice, or, once it is recalled, who has taken it down. */
export function Answers({ board, recalled }: { board: Board; recalled: boolean }) {
  const texts = useTexts();
  const kinds = recalled ? afterRecall : whileShown;
  return (
    <section class="panel">
      <div class="row row-apart">
        <h2>{texts.board.answers}</h2>
        <strong class="number">{texts.board.expected(board.expected)}</strong>
      </div>
      <ul class="answers">
        {kinds.map((kind) => (
          <li key={kind}>
            <span class="answer-word">{texts.kind[kind]}</span>
            <strong class="figure number">{board.counts[kind] ?? 0}</strong>
            <Meter
              label={texts.kind[kind]}
              value={board.counts[kind] ?? 0}
              of={board.expected}
              tone={kind === "UNABLE" ? "warn" : "good"}
            />
          </li>
        ))}
      </ul>
      {board.unexpected > 0 && (
        <p class="soft small">
          {texts.aside(texts.board.unexpected(board.unexpected), texts.board.unexpectedHint)}
        </p>
      )}
    </section>
  );
}

interface TalliesProps {
  caption: string;
  first: string;
  tallies: Record<string, Tally>;
  word: (name: string) => string;
  /** Where a name stands; without it, where most are expected comes first. */
  rank?: (name: string) => number;
  recalled: boolean;
}

/** From the middle outwards, then who has no place in it. */
const ringRank = (name: string) => (name === "coverage" ? Infinity : name === "beyond" ? Number.MAX_VALUE : Number(name));

const kindsOf = (recalled: boolean): Kind[] => (recalled ? ["REMOVED"] : ["RECEIVED", "CONFIRMED"]);

/** Some of the recipients at a time: how many of them have it, and how many a person has read it at. */
function Tallies({ caption, first, tallies, word, rank, recalled }: TalliesProps) {
  const texts = useTexts();
  const rows = Object.entries(tallies).sort(([a, x], [b, y]) => (rank ? rank(a) - rank(b) : y.expected - x.expected));
  const kinds = kindsOf(recalled);
  return (
    <Table
      caption={caption}
      rows={rows}
      rowKey={([name]) => name}
      captioned
      columns={[
        { title: first, cell: ([name]) => word(name) },
        ...kinds.map((kind) => ({
          title: texts.kind[kind],
          kind: "meter" as const,
          cell: ([name, tally]: [string, Tally]) => (
            <Meter label={texts.said(word(name), texts.kind[kind])} value={tally.counts[kind] ?? 0} of={tally.expected} />
          ),
        })),
      ]}
    />
  );
}

/** By which way they answered, which need not be the one that each of them is usually told by. */
function Channels({ tallies, recalled }: { tallies: Record<string, Tally>; recalled: boolean }) {
  const texts = useTexts();
  const count = (tally: Tally, kind: Kind) => tally.counts[kind] ?? 0;
  const kinds = kindsOf(recalled);
  const answered = (tally: Tally) => kinds.reduce((sum, kind) => sum + count(tally, kind), 0);
  const rows = Object.entries(tallies).sort(
    ([, x], [, y]) => y.expected - x.expected || answered(y) - answered(x),
  );
  return (
    <Table
      caption={texts.board.byChannel}
      rows={rows}
      rowKey={([name]) => name}
      captioned
      columns={[
        { title: texts.board.channel, cell: ([name]) => wordFor(texts.channel, name) },
        { title: texts.board.usual, kind: "number" as const, cell: ([, tally]) => tally.expected },
        ...kinds.map((kind) => ({
          title: texts.kind[kind],
          kind: "number" as const,
          cell: ([, tally]: [string, Tally]) => count(tally, kind),
        })),
      ]}
    />
  );
}

/** Whether it fills up everywhere alike, or somewhere not at all. */
export function Breakdown({ board, recalled }: { board: Board; recalled: boolean }) {
  const texts = useTexts();
  const names = useNames();
  const parts: Omit<TalliesProps, "recalled">[] = [
    {
      caption: texts.board.byRing,
      first: texts.board.distance,
      tallies: board.byRing,
      word: texts.board.ring,
      rank: ringRank,
    },
    {
      caption: texts.board.byCategory,
      first: texts.board.category,
      tallies: board.byCategory,
      word: (name) => wordFor(texts.category, name),
    },
    {
      caption: texts.board.byDivision,
      first: texts.board.division,
      tallies: board.byDivision,
      word: (name) => names?.full(name) ?? name,
    },
  ];
  return (
    <>
      {parts.map((part, index) => (
        <details key={part.caption} class="panel fold" open={index < 2}>
          <summary>{part.caption}</summary>
          <Tallies {...part} recalled={recalled} />
        </details>
      ))}
      <details class="panel fold">
        <summary>{texts.board.byChannel}</summary>
        <Channels tallies={board.byChannel} recalled={recalled} />
      </details>
    </>
  );
}

/** By prefecture and by county, as outlines are of one or the other: which share of the recipients there has confirmed (or
    taken down). */
export function sharesByArea(board: Board, recalled: boolean): Map<string, number> {
  const kind: Kind = recalled ? "REMOVED" : "CONFIRMED";
  const sums = new Map<string, { expected: number; done: number }>();
  for (const [division, tally] of Object.entries(board.byDivision)) {
    for (const code of [division.slice(0, 4), division]) {
      const { expected, done } = sums.get(code) ?? { expected: 0, done: 0 };
      sums.set(code, { expected: expected + tally.expected, done: done + (tally.counts[kind] ?? 0) });
    }
  }
  return new Map([...sums].map(([code, { expected, done }]) => [code, expected > 0 ? done / expected : 0]));
}
