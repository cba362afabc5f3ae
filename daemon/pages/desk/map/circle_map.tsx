import type { Circle } from "../api/types";
import { roundKm } from "../format";
import { useTexts } from "../text";
import { ChinaMap, boxAround } from "./china_map";
import { useOutlines } from "./outlines";

interface Props {
  circle: Circle;
  /** Of the place of loss. */
  division: string;
  /** By prefecture ("2101"): 0 to 1. */
  shades?: Map<string, number>;
  label?: string;
}

/** Where an alert holds: the provinces around, the prefectures of its own, and the circle. */
export function CircleMap({ circle, division, shades, label }: Props) {
  const texts = useTexts();
  const china = useOutlines("");
  const own = useOutlines(division.slice(0, 2) || null);
  if (china === "failed") return <p class="soft small">{texts.place.noMap}</p>;
  const said = texts.said(label ?? texts.place.mapAlt, texts.place.circleAlt(roundKm(circle.radiusKm)));
  return (
    <div class="map-frame">
      {china && (
        <ChinaMap
          label={said}
          areas={china}
          within={Array.isArray(own) ? own : []}
          box={boxAround(circle)}
          circle={circle}
          {...(shades ? { shades } : {})}
        />
      )}
    </div>
  );
}
