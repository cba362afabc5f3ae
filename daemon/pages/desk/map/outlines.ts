// Outlines of provinces and prefectures (tools/outlines.mjs), each a file of its own, read when it is shown.
import { useEffect, useState } from "preact/hooks";
import { files } from "virtual:outlines";

/** What an area's numbers count: hundredths of a degree. */
export const unitsPerDegree = 100;

/** In hundredths of a degree: east to the right, north to the top (so latitudes are negative). */
export interface Area {
  /** The first digits that all its divisions have: "21" or "2101"; of a county all, "110108". */
  code: string;
  name: string;
  at: [number, number];
  path: string;
  box: [number, number, number, number];
}

const kept = new Map<string, Promise<Area[]>>();

/** "" is the country by provinces, "21" a province by prefectures. Nothing: there is no such map. */
function loadOutlines(code: string): Promise<Area[]> | null {
  const load = files[code || "china"];
  if (!load) return null;
  let areas = kept.get(code);
  if (!areas) {
    areas = load().then((module) => module.default);
    areas.catch(() => kept.delete(code));
    kept.set(code, areas);
  }
  return areas;
}

export type Outlines = Area[] | "failed" | null;

/** Null while it is being read, and where `code` is null. */
export function useOutlines(code: string | null): Outlines {
  const [shown, setShown] = useState<{ code: string | null; areas: Outlines }>({ code: null, areas: null });
  useEffect(() => {
    let gone = false;
    const areas = code === null ? null : loadOutlines(code);
    if (!areas) return;
    areas.then(
      (read) => !gone && setShown({ code, areas: read }),
      () => !gone && setShown({ code, areas: "failed" }),
    );
    return () => {
      gone = true;
    };
  }, [code]);
  return shown.code === code ? shown.areas : null;
}

/** The rings of an area's path: a first point, then each relative to the one before (tools/outlines.mjs). */
function ringsOf(path: string): [number, number][][] {
  return path
    .split("M")
    .slice(1)
    .map((text) => {
      const numbers = (text.match(/-?\d+/g) ?? []).map(Number);
      let [x, y] = [0, 0];
      const ring: [number, number][] = [];
      for (let at = 0; at + 1 < numbers.length; at += 2) {
        x += numbers[at]!;
        y += numbers[at + 1]!;
        ring.push([x, y]);
      }
      return ring;
    });
}

/** Whether a line from the point to the right leaves the ring once more than it enters it. */
function isInside(ring: [number, number][], x: number, y: number): boolean {
  let inside = false;
  let [px, py] = ring.at(-1)!;
  for (const [nx, ny] of ring) {
    if (ny > y !== py > y && x < ((px - nx) * (y - ny)) / (py - ny) + nx) inside = !inside;
    [px, py] = [nx, ny];
  }
  return inside;
}

/** The area that a place lies in, as exactly as outlines of a kilometre say it. */
export function areaAt(areas: Area[], latitude: number, longitude: number): Area | undefined {
  const [x, y] = [longitude * unitsPerDegree, -latitude * unitsPerDegree];
  return areas
    .filter(({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])
    .find((area) => ringsOf(area.path).some((ring) => isInside(ring, x, y)));
}
