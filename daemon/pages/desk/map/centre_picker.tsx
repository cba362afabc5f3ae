import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import type { Circle } from "../api/types";
import { roundKm } from "../format";
import { useTexts } from "../text";
import { type Box, ChinaMap, type Place, boxAround, kmPerDegree, narrowing } from "./china_map";
import { useAround } from "./circle_map";

interface Props {
  /** As it would be; null while what was typed is no circle. */
  circle: Circle | null;
  /** As it is. */
  before: Circle;
  /** Of the place of loss. */
  division: string;
  onCentre: (latitude: number, longitude: number) => void;
}

/** A circle's radii from its middle to the edge of the map: room to move it without the map moving along. */
const roomInRadii = 2;
const fineKm = 1;
/** Smaller on the map than one over this, a circle is not to be judged any more. */
const heightsMax = 12;

const steps: Record<string, [north: number, east: number]> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

const clamp = (degrees: number, most: number) => Math.max(-most, Math.min(most, degrees));
const stepKm = (radiusKm: number) => Math.max(fineKm, Math.round(radiusKm / 10));

/** Whether all of the circle is seen, and large enough. */
function shows(box: Box, circle: Circle): boolean {
  const [x0, y0, x1, y1] = boxAround({ ...circle, radiusKm: Math.max(circle.radiusKm, 30) }, 1);
  return x0 >= box[0] && y0 >= box[1] && x1 <= box[2] && y1 <= box[3] && (y1 - y0) * heightsMax >= box[3] - box[1];
}

/** The middle of a circle, by a touch, by the arrow keys, and in words for who sees no map. */
export function CentrePicker({ circle, before, division, onCentre }: Props) {
  const texts = useTexts();
  const id = useId();
  const shown = circle ?? before;
  const around = useAround(shown, division);
  // It stays where it is while one moves the circle about in it.
  const box = useRef<Box | null>(null);
  if (box.current === null || !shows(box.current, shown)) box.current = boxAround(shown, roomInRadii);

  const step = stepKm(shown.radiusKm);
  const put = ({ latitude, longitude }: Place) => onCentre(clamp(latitude, 90), clamp(longitude, 180));
  const onKeyDown = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const towards = steps[event.key];
    if (!towards) return;
    event.preventDefault();
    const degrees = (event.shiftKey ? fineKm : step) / kmPerDegree;
    put({
      latitude: shown.latitude + towards[0] * degrees,
      longitude: shown.longitude + (towards[1] * degrees) / narrowing(shown.latitude),
    });
  };
  if (around === "failed") return <p class="soft small">{texts.place.noMapHere}</p>;
  const where = around?.name ?? "";
  return (
    <div class="stack-close">
      <p class="soft small" id={`${id}-hint`}>
        {texts.place.centreHint(step, fineKm)}
      </p>
      <div
        class="map-frame map-frame-open"
        role="application"
        tabIndex={0}
        aria-label={texts.place.centreMap}
        aria-describedby={`${id}-hint ${id}-said`}
        onKeyDown={onKeyDown}
      >
        {around && (
          <ChinaMap
            label=""
            areas={around.provinces}
            within={around.within}
            named
            box={box.current}
            before={before}
            {...(circle ? { circle } : {})}
            onPlace={put}
          />
        )}
      </div>
      <p class="small" role="status" id={`${id}-said`}>
        {circle
          ? texts.place.centreSaid(circle.latitude.toFixed(3), circle.longitude.toFixed(3), where, roundKm(circle.radiusKm))
          : texts.place.centreNone}
      </p>
      {circle && <p class="soft small">{texts.place.centreBefore}</p>}
    </div>
  );
}
