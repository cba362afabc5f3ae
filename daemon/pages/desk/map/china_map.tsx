import type { ComponentChildren, JSX } from "preact";
import type { Circle } from "../api/types";
import type { Area } from "./outlines";

/** Kilometres of a degree of latitude. */
const kmPerDegree = 111.32;
const unitsPerDegree = 100;

export type Box = [number, number, number, number];

export const boxOf = (areas: Area[]): Box => [
  Math.min(...areas.map((area) => area.box[0])),
  Math.min(...areas.map((area) => area.box[1])),
  Math.max(...areas.map((area) => area.box[2])),
  Math.max(...areas.map((area) => area.box[3])),
];

/** So much around a circle that one sees where it is. */
export function boxAround(circle: Circle): Box {
  const high = (Math.max(circle.radiusKm, 30) / kmPerDegree) * unitsPerDegree * 1.25;
  const wide = high / Math.cos((circle.latitude * Math.PI) / 180);
  const [x, y] = [circle.longitude * unitsPerDegree, -circle.latitude * unitsPerDegree];
  return [x - wide, y - high, x + wide, y + high];
}

interface Props {
  label: string;
  areas: Area[];
  /** Thin lines of what lies within them. */
  within?: Area[];
  box: Box;
  circle?: Circle | undefined;
  circleLabel?: string;
  /** Of the code -> 0 to 1: how dark an area is. */
  shades?: Map<string, number>;
  /** The code of the area that is marked. */
  chosen?: string;
  point?: { latitude: number; longitude: number } | undefined;
  onArea?: (area: Area, at: { latitude: number; longitude: number } | null) => void;
  children?: ComponentChildren;
}

/** A map without any server: outlines, a circle, a point. East and north are squeezed so that a circle is round at
    the middle of what is shown. */
export function ChinaMap(props: Props) {
  const { label, areas, within = [], box, circle, shades, chosen, point, onArea } = props;
  const squeeze = Math.cos((((box[1] + box[3]) / 2 / unitsPerDegree) * Math.PI) / 180);
  const viewBox = [box[0] * squeeze, box[1], (box[2] - box[0]) * squeeze, box[3] - box[1]].map(Math.round).join(" ");
  const marker = (box[3] - box[1]) / 70;

  const placeOf = (event: JSX.TargetedMouseEvent<SVGPathElement>) => {
    const svg = event.currentTarget.ownerSVGElement;
    const matrix = svg?.getScreenCTM();
    if (!matrix) return null;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return { latitude: -at.y / unitsPerDegree, longitude: at.x / squeeze / unitsPerDegree };
  };
  const area = (each: Area) => {
    const share = shades?.get(each.code);
    return (
      <path
        key={each.code}
        d={each.path}
        class={`map-area${each.code === chosen ? " map-chosen" : ""}${onArea ? " map-open" : ""}`}
        style={share === undefined ? {} : { fill: `rgb(11 107 58 / ${Math.round(8 + share * 72)}%)` }}
        {...(onArea
          ? {
              role: "button",
              // In SVG the name of an attribute is what it is written as.
              tabindex: 0,
              "aria-label": each.name,
              onClick: (event: JSX.TargetedMouseEvent<SVGPathElement>) => onArea(each, placeOf(event)),
              onKeyDown: (event: JSX.TargetedKeyboardEvent<SVGPathElement>) => {
                if (event.key !== "Enter" && event.key !== " ") return;
                event.preventDefault();
                onArea(each, null);
              },
            }
          : {})}
      >
        <title>{each.name}</title>
      </path>
    );
  };
  return (
    <svg class="map" viewBox={viewBox} role={onArea ? "group" : "img"} aria-label={label}>
      <g transform={`scale(${squeeze} 1)`}>
        {areas.map(area)}
        {within.map(area)}
      </g>
      {circle && <Ring circle={circle} squeeze={squeeze} marker={marker} />}
      {point && (
        <circle
          class="map-point"
          cx={point.longitude * unitsPerDegree * squeeze}
          cy={-point.latitude * unitsPerDegree}
          r={marker}
        />
      )}
    </svg>
  );
}

function Ring({ circle, squeeze, marker }: { circle: Circle; squeeze: number; marker: number }) {
  const [x, y] = [circle.longitude * unitsPerDegree * squeeze, -circle.latitude * unitsPerDegree];
  const high = (circle.radiusKm / kmPerDegree) * unitsPerDegree;
  const wide = (high / Math.cos((circle.latitude * Math.PI) / 180)) * squeeze;
  return (
    <>
      <ellipse class="map-ring" cx={x} cy={y} rx={wide} ry={high} />
      <circle class="map-point" cx={x} cy={y} r={marker} />
    </>
  );
}
