import { Meter, Table } from "../../design/components";
import { read } from "../api/call";
import type { Readiness } from "../api/types";
import { useRights } from "../caller";
import { useLive } from "../live/hooks";
import { ChinaMap, boxOf, grown } from "../map/china_map";
import { type Names, useNames } from "../map/names";
import { loadOutlines, useOutlines } from "../map/outlines";
import { addressOf } from "../router";
import { useTexts } from "../text";
import { Readings } from "./failure";
import { UnreachableTable } from "./unreachable";

/** So many calls at the same time; a province has two dozen prefectures, the country as many provinces. */
const atOnceMax = 4;
const partsMax = 40;

interface Part {
  code: string;
  recipients: number;
  reachable: number;
}

const shareOf = ({ reachable, recipients }: { reachable: number; recipients: number }) => reachable / recipients;

/** What an area is looked at by: its provinces, prefectures or counties. */
async function codesWithin(division: string, names: Names | null): Promise<string[]> {
  if (division.length >= 4) return names ? names.within(division) : [];
  const areas = await loadOutlines(division);
  return (areas ?? []).map((area) => area.code);
}

/** Where fewest would hear it comes first. */
async function partsOf(codes: string[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (let at = 0; at < codes.length; at += atOnceMax) {
    const some = codes.slice(at, at + atOnceMax);
    const answers = await Promise.all(some.map((code) => read<Readiness>(`/readiness?division=${code}&page_size=1`)));
    answers.forEach(({ recipients, reachable }, index) => parts.push({ code: some[index]!, recipients, reachable }));
  }
  const missing = ({ recipients, reachable }: Part) => recipients - reachable;
  return parts
    .filter((part) => part.recipients > 0)
    .sort((a, b) => shareOf(a) - shareOf(b) || missing(b) - missing(a) || a.code.localeCompare(b.code));
}

interface Ready {
  all: Readiness;
  parts: Part[];
  /** How many more there are, about which nothing was asked. */
  more: number;
}

async function load(division: string, names: Names | null): Promise<Ready> {
  const all = await read<Readiness>(`/readiness?page_size=200${division ? `&division=${division}` : ""}`);
  const codes = await codesWithin(division, names);
  return { all, parts: await partsOf(codes.slice(0, partsMax)), more: Math.max(0, codes.length - partsMax) };
}

/** There are outlines of prefectures, and of a municipality's districts: a city is seen among its neighbours, its
    counties stand in the table. */
function ReadinessMap({ division, ready }: { division: string; ready: Ready }) {
  const texts = useTexts();
  const outlines = useOutlines(division.slice(0, 2));
  if (outlines === "failed") return <p class="soft small pad">{texts.readiness.noMap}</p>;
  if (outlines === null) return null;
  const own = division.length > 2 ? outlines.find(({ code }) => division.startsWith(code)) : undefined;
  const shades = new Map(ready.parts.map((part) => [part.code, shareOf(part)]));
  // Of a county that has no outline nothing is said by the colour of its city.
  if (own?.code === division && ready.all.recipients > 0) shades.set(division, shareOf(ready.all));
  const shaded = outlines.some(({ code }) => shades.has(code));
  return (
    <section class="panel">
      <h2>{texts.readiness.map}</h2>
      <div class="map-frame">
        <ChinaMap
          label={own ? texts.said(texts.readiness.map, own.name) : texts.readiness.map}
          areas={[]}
          within={outlines}
          named
          box={own ? grown(own.box, roomAround) : boxOf(outlines)}
          shades={shades}
          {...(own ? { chosen: own.code } : {})}
        />
      </div>
      {shaded && <p class="soft small">{texts.readiness.mapShade}</p>}
      {own?.code.length === 4 && <p class="soft small">{texts.readiness.mapCity(own.code === division)}</p>}
    </section>
  );
}

/** Of a city's own size, to each side. */
const roomAround = 0.6;

const levelsUp = (division: string) => division.slice(0, -2);

export function ReadinessView({ asked }: { asked: string }) {
  const texts = useTexts();
  const { caller } = useRights();
  const names = useNames();
  // One's own, or a part of it that one has gone into.
  const division = asked.startsWith(caller.division) ? asked : caller.division;
  const live = useLive<Ready>(
    () => load(division, names),
    () => false,
    [division, names === null],
  );
  const { value, failure } = live;
  const partName = (code: string) => names?.name(code) ?? code;
  const hasParts = (code: string) => code.length < 6;

  return (
    <div class="stack">
      <div class="view-head stack-close">
        {division !== caller.division && (
          <p>
            <a href={addressOf.readinessOf(levelsUp(division))}>{texts.readiness.up}</a>
          </p>
        )}
        <h1>{names && division ? texts.said(texts.readiness.title, names.full(division)) : texts.readiness.title}</h1>
        <p class="soft">{texts.readiness.lead}</p>
      </div>
      <Readings of={[live]} />
      {!value && !failure && <p class="pad">{texts.loading}</p>}
      {value && (
        <div class="columns">
          <div class="stack">
            <section class="panel">
              <h2>{texts.list.ready}</h2>
              <strong class="figure number">{texts.list.readyOf(value.all.reachable, value.all.recipients)}</strong>
              <Meter label={texts.readiness.reachable} value={value.all.reachable} of={value.all.recipients} />
            </section>
            {value.parts.some(({ code }) => code !== division) && (
              <section class="panel">
                <Table
                  caption={texts.readiness.parts}
                  rows={value.parts}
                  rowKey={(part) => part.code}
                  columns={[
                    {
                      title: texts.readiness.division,
                      cell: ({ code }) =>
                        hasParts(code) ? <a href={addressOf.readinessOf(code)}>{partName(code)}</a> : partName(code),
                    },
                    {
                      title: texts.readiness.missing,
                      kind: "number",
                      cell: (part) => part.recipients - part.reachable,
                    },
                    {
                      title: texts.readiness.reachable,
                      kind: "meter",
                      cell: (part) => <Meter label={partName(part.code)} value={part.reachable} of={part.recipients} />,
                    },
                  ]}
                />
                <p class="soft small">{texts.readiness.partsHint}</p>
                {value.more > 0 && <p class="soft small">{texts.readiness.partsMore(value.more)}</p>}
              </section>
            )}
          </div>
          <div class="stack">
            <ReadinessMap division={division} ready={value} />
            <section class="panel">
              {value.all.unreachable.length > 0 ? (
                <UnreachableTable
                  caption={texts.readiness.unreachable}
                  rows={value.all.unreachable}
                  total={value.all.recipients - value.all.reachable}
                />
              ) : (
                <p>{texts.readiness.none}</p>
              )}
            </section>
          </div>
        </div>
      )}
    </div>
  );
}
