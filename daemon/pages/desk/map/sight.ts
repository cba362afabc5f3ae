// How much of the map is in sight while the middle of a circle is chosen: all of the circle at first, and a part of it by
// which a middle can be put to a kilometre, however large the circle is.
import { useRef, useState } from "preact/hooks";
import type { Circle } from "../api/types";
import { type Box, boxAround, boxWithin, grown, isIn, kmAround } from "./china_map";

/** A circle's radii from its middle to the edge of the map: room to move it without the map moving along. */
const roomInRadii = 2;
/** Smaller on the map than one over this, a circle is not to be judged any more. */
const heightsMax = 12;
/** From here on it comes no nearer: a telephone has eight pixels and more for a kilometre, and outlines are no more exact. */
const nearestKm = 20;
/** Of the map's size: so close to its edge a middle is as good as out of sight. */
const edge = 0.1;

/** Whether all of the circle is seen, and large enough. */
function shows(box: Box, circle: Circle): boolean {
  const [x0, y0, x1, y1] = boxAround(circle, 1);
  return x0 >= box[0] && y0 >= box[1] && x1 <= box[2] && y1 <= box[3] && (y1 - y0) * heightsMax >= box[3] - box[1];
}

export interface Sight {
  box: Box;
  /** From the middle of the map to its upper edge. */
  km: number;
  /** Null: it is as near, or as far, as it comes. */
  nearer: (() => void) | null;
  further: (() => void) | null;
}

/** The box stays where it is while one moves the circle about in it. */
export function useSight(circle: Circle): Sight {
  // Null: all of the circle, however large it becomes.
  const [chosenKm, setChosenKm] = useState<number | null>(null);
  const last = useRef<{ box: Box; closeKm: number | null } | null>(null);
  const wholeKm = kmAround(circle, roomInRadii);
  const closeKm = chosenKm !== null && chosenKm < wholeKm ? chosenKm : null;
  const km = closeKm ?? wholeKm;
  const fits = (box: Box) => (closeKm === null ? shows(box, circle) : isIn(grown(box, -edge), circle));
  if (last.current === null || last.current.closeKm !== closeKm || !fits(last.current.box)) {
    last.current = { box: boxWithin(circle, km), closeKm };
  }
  const furtherKm = km * 2 < wholeKm ? km * 2 : null;
  return {
    box: last.current.box,
    km,
    nearer: km > nearestKm ? () => setChosenKm(km / 2) : null,
    further: closeKm !== null ? () => setChosenKm(furtherKm) : null,
  };
}
