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

/** What the next view of the form begins with, where nothing can be kept, too. */
let handedOver: Draft | null = null;

export function loadDraft(): Draft | null {
  const draft = handedOver ?? load<Draft>(draftPlace);
  handedOver = null;
  return draft;
}

export const hasDraft = () => load<Draft>(draftPlace) !== null;

/** A photo may not fit: then at least the words are kept. */
export function keepDraft(draft: Draft): void {
  if (!keep(draftPlace, draft)) keep(draftPlace, { ...draft, photo: null });
}

/** What a report said that was turned down, to be taken again with another key. */
export function keepForAgain(draft: Draft): void {
  eraseDraft();
  handedOver = { ...draft, again: true };
  keepDraft(handedOver);
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
