import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../../design/components";
import type { Circle } from "../api/types";
import { roundKm } from "../format";
import { useTexts } from "../text";
import { ChinaMap, type Place, kmPerDegree, narrowing } from "./china_map";
import { useAround } from "./circle_map";
import { type Sight, useSight } from "./sight";

interface Props {
  /** As it would be; null while what was typed is no circle. */
  circle: Circle | null;
  /** As it is. */
  before: Circle;
  /** Of the place of loss. */
  division: string;
  onCentre: (latitude: number, longitude: number) => void;
}

const fineKm = 1;

const steps: Record<string, [north: number, east: number]> = {
  ArrowUp: [1, 0],
  ArrowDown: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

const clamp = (degrees: number, most: number) => Math.max(-most, Math.min(most, degrees));

/** A tenth of the radius, and no more than a twentieth of the way to the map's edge, where it is near. */
const stepKm = (radiusKm: number, sightKm: number) =>
  Math.max(fineKm, Math.round(Math.min(radiusKm / 10, sightKm / 20)));

/** The map nearer or further away, around the middle. */
function Nearness({ sight: { km, nearer, further } }: { sight: Sight }) {
  const { place } = useTexts();
  return (
    <div class="row">
      <Button size="small" unusable={nearer === null} onClick={() => nearer?.()}>
        {place.nearer}
      </Button>
      <Button size="small" unusable={further === null} onClick={() => further?.()}>
        {place.further}
      </Button>
      <span class="soft small" aria-live="polite">
        {place.mapHeight(Math.round(km * 2))}
      </span>
    </div>
  );
}

/** The middle of a circle, by a touch, by the arrow keys, and in words for who sees no map. */
export function CentrePicker({ circle, before, division, onCentre }: Props) {
  const texts = useTexts();
  const id = useId();
  const shown = circle ?? before;
  const around = useAround(shown, division);
  const sight = useSight(shown);
  const step = stepKm(shown.radiusKm, sight.km);
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
            box={sight.box}
            before={before}
            {...(circle ? { circle } : {})}
            onPlace={put}
          />
        )}
      </div>
      <Nearness sight={sight} />
      <p class="small" role="status" id={`${id}-said`}>
        {circle
          ? texts.place.centreSaid(circle.latitude.toFixed(3), circle.longitude.toFixed(3), where, roundKm(circle.radiusKm))
          : texts.place.centreNone}
      </p>
      {circle && <p class="soft small">{texts.place.centreBefore}</p>}
    </div>
  );
}
