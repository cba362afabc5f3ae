import type { Status } from "../api/types";
import { useTexts } from "../text";

/** Across the whole of a view: whether it is meant. In words, in colour and in pattern. */
export function Band({ status, children }: { status: Status; children?: preact.ComponentChildren }) {
  const { preview } = useTexts();
  const actual = status === "ACTUAL";
  return (
    <div class={`band band-${actual ? "live" : "exercise"}`}>
      <strong>{actual ? preview.bandActual : preview.bandExercise}</strong>
      <span>{children ?? (actual ? preview.bandActualText : preview.bandExerciseText)}</span>
    </div>
  );
}
