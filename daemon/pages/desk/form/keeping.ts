// The draft outlives a reload of the tab, and nothing else: sessionStorage goes with the tab, and what was submitted is
// erased at once (the child's data is borrowed).
import type { Memory } from "../api/intention";
import type { Draft } from "./draft";

const draftPlace = "tuanyuan.draft";
const keyPlace = "tuanyuan.draft.key";

function load<T>(place: string): T | null {
  try {
    const kept = sessionStorage.getItem(place);
    return kept ? (JSON.parse(kept) as T) : null;
  } catch {
    return null;
  }
}

function keep(place: string, value: unknown): boolean {
  try {
    sessionStorage.setItem(place, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export const loadDraft = () => load<Draft>(draftPlace);

/** A photo may not fit: then at least the words are kept. */
export function keepDraft(draft: Draft): void {
  if (!keep(draftPlace, draft)) keep(draftPlace, { ...draft, photo: null });
}

export function eraseDraft(): void {
  sessionStorage.removeItem(draftPlace);
  sessionStorage.removeItem(keyPlace);
}

/** The key of the submission, so that a reload in the middle of it makes no second report. */
export const submissionMemory: Memory = {
  load: () => load(keyPlace),
  keep: (said) => void keep(keyPlace, said),
};
