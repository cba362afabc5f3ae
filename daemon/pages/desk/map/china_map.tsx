import type { JSX } from "preact";
import type { Circle } from "../api/types";
import { type Area, unitsPerDegree } from "./outlines";

/** Kilometres of a degree of latitude. */
export const kmPerDegree = 111.32;

/** How much shorter a degree to the east is than one to the north. Short of nothing, at the poles too. */
export const narrowing = (latitude: number) => Math.max(0.02, Math.cos((latitude * Math.PI) / 180));

export interface Place {
  latitude: number;
  longitude: number;
}

export type Box = [number, number, number, number];

export const boxOf = (areas: Area[]): Box => [
  Math.min(...areas.map((area) => area.box[0])),
  Math.min(...areas.map((area) => area.box[1])),
  Math.max(...areas.map((area) => area.box[2])),
  Math.max(...areas.map((area) => area.box[3])),
];

/** With so much of its own size to each side. */
export function grown([x0, y0, x1, y1]: Box, share: number): Box {
  const [x, y] = [(x1 - x0) * share, (y1 - y0) * share];
  return [x0 - x, y0 - y, x1 + x, y1 + y];
}

export const isIn = ([x0, y0, x1, y1]: Box, { latitude, longitude }: Place) => {
  const [x, y] = [longitude * unitsPerDegree, -latitude * unitsPerDegree];
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
};

/** So many kilometres around a place, to each side. */
export function boxWithin({ latitude, longitude }: Place, km: number): Box {
  const high = (km / kmPerDegree) * unitsPerDegree;
  const wide = high / narrowing(latitude);
  const [x, y] = [longitude * unitsPerDegree, -latitude * unitsPerDegree];
  return [x - wide, y - high, x + wide, y + high];
}

/** So far to each side of a circle's middle that one sees where it is: `times` its radius. */
export const kmAround = ({ radiusKm }: Circle, times: number) => Math.max(radiusKm, 30) * times;

export const boxAround = (circle: Circle, times = 1.25) => boxWithin(circle, kmAround(circle, times));

interface Props {
  /** Empty: what is shown is said elsewhere. */
  label: string;
  areas: Area[];
  /** Thin lines of what lies within them. */
  within?: Area[];
  box: Box;
  circle?: Circle | undefined;
  /** A circle that is not to be any more. */
  before?: Circle | undefined;
  /** Of the code -> 0 to 1: how dark an area is. */
  shades?: Map<string, number>;
  /** The code of the area that is marked. */
  chosen?: string;
  point?: Place | undefined;
  /** Where the child may have been seen. */
  seen?: Place[];
  /** Names are written on it, as many as there is room for. */
  named?: boolean;
  onArea?: (area: Area, at: Place | null) => void;
  /** Anywhere on the map, the sea too. */
  onPlace?: (at: Place) => void;
}

/** A tenth of a unit is a hundred metres, which a map of few kilometres shows. */
const roundTenth = (units: number) => Math.round(units * 10) / 10;

/** A map without any server: outlines, a circle, a point. East and north are squeezed so that a circle is round at
    the middle of what is shown. */
export function ChinaMap(props: Props) {
  const { label, areas, within = [], box, circle, before, shades, chosen, point, seen = [], named = false, onArea, onPlace } = props;
  const squeeze = narrowing((box[1] + box[3]) / 2 / unitsPerDegree);
  const viewBox = [box[0] * squeeze, box[1], (box[2] - box[0]) * squeeze, box[3] - box[1]].map(roundTenth).join(" ");
  const marker = (box[3] - box[1]) / 70;

  const placeOf = (event: JSX.TargetedMouseEvent<SVGElement>): Place | null => {
    const svg = event.currentTarget.ownerSVGElement ?? (event.currentTarget as SVGSVGElement);
    const matrix = svg.getScreenCTM();
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
  const put = (event: JSX.TargetedMouseEvent<SVGSVGElement>) => {
    const at = placeOf(event);
    if (at) onPlace?.(at);
  };
  return (
    <svg
      class={onPlace ? "map map-place" : "map"}
      viewBox={viewBox}
      {...(label ? { role: onArea ? "group" : "img", "aria-label": label } : { "aria-hidden": true })}
      {...(onPlace ? { onClick: put } : {})}
    >
      <g transform={`scale(${squeeze} 1)`}>
        {areas.map(area)}
        {within.map(area)}
        {[...areas, ...within].filter(({ code }) => code === chosen).map(({ code, path }) => (
          <path key={code} class="map-chosen-line" d={path} />
        ))}
      </g>
      {named && <Names areas={namesFor(areas, within)} box={box} squeeze={squeeze} size={(box[3] - box[1]) / linesOfNames()} />}
      {before && <Ring circle={before} squeeze={squeeze} kind="map-ring map-ring-before" />}
      {circle && <Ring circle={circle} squeeze={squeeze} kind="map-ring" />}
      {circle && <Middle place={circle} squeeze={squeeze} marker={marker} />}
      {point && <Middle place={point} squeeze={squeeze} marker={marker} />}
      {seen.map((place, at) => (
        <Seen key={at} place={place} squeeze={squeeze} marker={marker} />
      ))}
    </svg>
  );
}

interface MarkProps {
  squeeze: number;
}

const pointOf = ({ latitude, longitude }: Place, squeeze: number) =>
  [longitude * unitsPerDegree * squeeze, -latitude * unitsPerDegree] as const;

function Ring({ circle, squeeze, kind }: MarkProps & { circle: Circle; kind: string }) {
  const [x, y] = pointOf(circle, squeeze);
  const high = (circle.radiusKm / kmPerDegree) * unitsPerDegree;
  const wide = (high / narrowing(circle.latitude)) * squeeze;
  return <ellipse class={kind} cx={x} cy={y} rx={wide} ry={high} />;
}

function Middle({ place, squeeze, marker }: MarkProps & { place: Place; marker: number }) {
  const [x, y] = pointOf(place, squeeze);
  return <circle class="map-point" cx={x} cy={y} r={marker} />;
}

/** On its corner, so that it is told from a middle without its colour. */
function Seen({ place, squeeze, marker }: MarkProps & { place: Place; marker: number }) {
  const [x, y] = pointOf(place, squeeze);
  const half = marker * 1.3;
  return <path class="map-seen" d={`M${x} ${y - half}l${half} ${half}l${-half} ${half}l${-half} ${-half}z`} />;
}

/** So many lines of names would fill the map, if each is to be read: a telephone's has half the pixels. */
const linesOfNames = () => (matchMedia("(max-width: 560px)").matches ? 22 : 30);

/** Prefectures where they are drawn, provinces elsewhere. */
function namesFor(areas: Area[], within: Area[]): Area[] {
  const drawn = new Set(within.map(({ code }) => code.slice(0, 2)));
  return [...within, ...areas.filter(({ code }) => !drawn.has(code))];
}

/** "沈阳" for "沈阳市": what everybody calls it, and less to read. */
const shortOf = (name: string) => (name.length > 2 ? name.replace(/[市省]$/, "") : name);

function Names({ areas, box, squeeze, size }: MarkProps & { areas: Area[]; box: Box; size: number }) {
  const taken: [x: number, y: number, half: number][] = [];
  const written = areas.filter(({ at: [east, y], name }) => {
    const [x, half] = [east * squeeze, (shortOf(name).length * size) / 2];
    if (y < box[1] || y > box[3]) return false;
    const free = taken.every(([tx, ty, other]) => Math.abs(x - tx) > half + other || Math.abs(y - ty) > size * 1.1);
    if (free) taken.push([x, y, half]);
    return free;
  });
  return (
    <>
      {written.map((area) => (
        <text key={area.code} class="map-name" x={area.at[0] * squeeze} y={area.at[1]} font-size={size}>
          {shortOf(area.name)}
        </text>
      ))}
    </>
  );
}
