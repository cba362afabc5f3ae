import { Meter, Table } from "../../design/components";
import { read } from "../api/call";
import type { DivisionReadiness, Readiness } from "../api/types";
import { useRights } from "../caller";
import { useLive } from "../live/hooks";
import { ChinaMap, boxOf, grown } from "../map/china_map";
import { useNames } from "../map/names";
import { useOutlines } from "../map/outlines";
import { addressOf } from "../router";
import { useTexts } from "../text";
import { Readings } from "./failure";
import { UnreachableTable } from "./unreachable";

const shareOf = ({ reachable, recipients }: { reachable: number; recipients: number }) => reachable / recipients;
const missing = ({ recipients, reachable }: DivisionReadiness) => recipients - reachable;

/** Where fewest would hear it comes first. */
const worstFirst = (a: DivisionReadiness, b: DivisionReadiness) =>
  shareOf(a) - shareOf(b) || missing(b) - missing(a) || a.division.localeCompare(b.division);

interface Ready {
  all: Readiness;
  parts: DivisionReadiness[];
}

async function load(division: string): Promise<Ready> {
  const of = division ? `&division=${division}` : "";
  const all = await read<Readiness>(`/readiness?page_size=200&by=division${of}`);
  return { all, parts: [...(all.divisions ?? [])].sort(worstFirst) };
}

/** There are outlines of prefectures, and of a municipality's districts: a city is seen among its neighbours, its
    counties stand in the table. */
function ReadinessMap({ division, ready }: { division: string; ready: Ready }) {
  const texts = useTexts();
  const outlines = useOutlines(division.slice(0, 2));
  if (outlines === "failed") return <p class="soft small pad">{texts.readiness.noMap}</p>;
  if (outlines === null) return null;
  const own = division.length > 2 ? outlines.find(({ code }) => division.startsWith(code)) : undefined;
  const shades = new Map(ready.parts.map((part) => [part.division, shareOf(part)]));
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
    () => load(division),
    () => false,
    [division],
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
            {value.parts.length > 0 && (
              <section class="panel">
                <Table
                  caption={texts.readiness.parts}
                  rows={value.parts}
                  rowKey={(part) => part.division}
                  columns={[
                    {
                      title: texts.readiness.division,
                      cell: ({ division: code }) =>
                        hasParts(code) ? <a href={addressOf.readinessOf(code)}>{partName(code)}</a> : partName(code),
                    },
                    {
                      title: texts.readiness.missing,
                      kind: "number",
                      cell: missing,
                    },
                    {
                      title: texts.readiness.reachable,
                      kind: "meter",
                      cell: (part) => <Meter label={partName(part.division)} value={part.reachable} of={part.recipients} />,
                    },
                  ]}
                />
                <p class="soft small">{texts.readiness.partsHint}</p>
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
