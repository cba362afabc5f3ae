import type { Circle } from "../api/types";
import { roundKm } from "../format";
import { useTexts } from "../text";
import { ChinaMap, type Place, boxAround } from "./china_map";
import { type Area, areaAt, useOutlines } from "./outlines";

interface Around {
  provinces: Area[];
  /** Prefectures of the place of loss and of where the middle lies, which may have been moved elsewhere. */
  within: Area[];
  /** "辽宁沈阳市"; empty at sea, abroad, and while it is not known yet. */
  name: string;
}

/** What lies around a place; null while it is being read, "failed" where there is no map to be had. */
export function useAround(at: Place | null, division: string): Around | "failed" | null {
  const provinces = useOutlines("");
  const of = Array.isArray(provinces) && at ? areaAt(provinces, at.latitude, at.longitude) : undefined;
  const own = useOutlines(division.slice(0, 2) || null);
  const there = useOutlines(of?.code ?? null);
  if (!Array.isArray(provinces)) return provinces;
  const known = Array.isArray(there) ? there : [];
  const city = at ? areaAt(known, at.latitude, at.longitude) : undefined;
  const rest = Array.isArray(own) && of?.code !== division.slice(0, 2) ? own : [];
  return { provinces, within: [...known, ...rest], name: [of?.name, city?.name].filter(Boolean).join("") };
}

interface Props {
  circle: Circle;
  /** One that is not to be any more. */
  before?: Circle;
  /** Of the place of loss. */
  division: string;
  /** By prefecture ("2101"), or county where these are drawn ("110108"): 0 to 1. */
  shades?: Map<string, number>;
  /** Where the child may have been seen. */
  seen?: Place[];
  label?: string;
}

/** Where an alert holds: the provinces around, the prefectures of its own, and the circle. */
export function CircleMap({ circle, before, division, shades, seen = [], label }: Props) {
  const texts = useTexts();
  const around = useAround(circle, division);
  if (around === "failed") return <p class="soft small">{texts.place.noMap}</p>;
  const said = texts.said(label ?? texts.place.mapAlt, texts.place.circleAlt(roundKm(circle.radiusKm)));
  return (
    <div class="map-frame">
      {around && (
        <ChinaMap
          label={said}
          areas={around.provinces}
          within={around.within}
          box={boxAround(circle)}
          seen={seen}
          circle={circle}
          before={before}
          {...(shades ? { shades } : {})}
        />
      )}
    </div>
  );
}
