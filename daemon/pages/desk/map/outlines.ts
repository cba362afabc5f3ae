// Outlines of provinces and prefectures (tools/outlines.mjs), each a file of its own, read when it is shown.
import { useEffect, useState } from "preact/hooks";
import { files } from "virtual:outlines";

/** In hundredths of a degree: east to the right, north to the top (so latitudes are negative). */
export interface Area {
  /** The first digits that all its divisions have: "21" or "2101". */
  code: string;
  name: string;
  at: [number, number];
  path: string;
  box: [number, number, number, number];
}

const kept = new Map<string, Promise<Area[]>>();

/** "" is the country by provinces, "21" a province by prefectures. Nothing: there is no such map. */
export function loadOutlines(code: string): Promise<Area[]> | null {
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
