import { Meter, Table } from "../../design/components";
import { read } from "../api/call";
import type { Readiness } from "../api/types";
import { useRights } from "../caller";
import { useLive } from "../live/hooks";
import { ChinaMap, boxOf } from "../map/china_map";
import { type Names, useNames } from "../map/names";
import { loadOutlines, useOutlines } from "../map/outlines";
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

/** What an area is looked at by: its provinces, prefectures or counties. */
async function codesWithin(division: string, names: Names | null): Promise<string[]> {
  if (division.length >= 4) return names ? names.within(division).slice(0, partsMax) : [];
  const areas = await loadOutlines(division);
  return (areas ?? []).map((area) => area.code);
}

async function partsOf(codes: string[]): Promise<Part[]> {
  const parts: Part[] = [];
  for (let at = 0; at < codes.length; at += atOnceMax) {
    const some = codes.slice(at, at + atOnceMax);
    const answers = await Promise.all(some.map((code) => read<Readiness>(`/readiness?division=${code}&page_size=1`)));
    answers.forEach(({ recipients, reachable }, index) => parts.push({ code: some[index]!, recipients, reachable }));
  }
  return parts.filter((part) => part.recipients > 0);
}

interface Ready {
  all: Readiness;
  parts: Part[];
}

export function ReadinessView() {
  const texts = useTexts();
  const { caller } = useRights();
  const names = useNames();
  const { division } = caller;
  const live = useLive<Ready>(
    async () => ({
      all: await read<Readiness>(`/readiness?page_size=200${division ? `&division=${division}` : ""}`),
      parts: await partsOf(await codesWithin(division, names)),
    }),
    () => false,
    [division, names === null],
  );
  const { value, failure } = live;
  const mapOf = division.length <= 2 ? division : null;
  const outlines = useOutlines(mapOf);
  const partName = (code: string) =>
    names?.name(code) ?? (Array.isArray(outlines) ? outlines.find((area) => area.code === code)?.name : undefined) ?? code;

  return (
    <div class="stack">
      <div class="view-head stack-close">
        <h1>{texts.readiness.title}</h1>
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
                  caption={texts.readiness.map}
                  rows={value.parts}
                  rowKey={(part) => part.code}
                  columns={[
                    { title: texts.readiness.division, cell: (part) => partName(part.code) },
                    {
                      title: texts.readiness.reachable,
                      kind: "meter",
                      cell: (part) => (
                        <Meter label={partName(part.code)} value={part.reachable} of={part.recipients} />
                      ),
                    },
                  ]}
                />
              </section>
            )}
          </div>
          <div class="stack">
            {Array.isArray(outlines) && (
              <section class="panel">
                <h2>{texts.readiness.map}</h2>
                <div class="map-frame">
                  <ChinaMap
                    label={texts.readiness.map}
                    areas={outlines}
                    box={boxOf(outlines)}
                    shades={new Map(value.parts.map((part) => [part.code, part.reachable / part.recipients]))}
                  />
                </div>
                <p class="soft small">{texts.readiness.mapShade}</p>
              </section>
            )}
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
