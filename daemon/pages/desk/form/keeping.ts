// What is typed outlives a reload of the tab, and nothing else: sessionStorage goes with the tab, and what was submitted or
// sent is erased at once (the child's data is borrowed).
import type { Memory } from "../api/intention";
import type { Changes, Draft } from "./draft";

const draftPlace = "tuanyuan.draft";
const keyPlace = "tuanyuan.draft.key";
const updatePlaces = "tuanyuan.update.";
const updatePlace = (alertId: string) => updatePlaces + alertId;
const updateKeyPlace = (alertId: string) => `tuanyuan.update-key.${alertId}`;

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

function erase(...places: string[]): void {
  try {
    places.forEach((place) => sessionStorage.removeItem(place));
  } catch {
    // Where nothing can be kept there is nothing to erase.
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

export const eraseDraft = () => erase(draftPlace, keyPlace);

export interface KeptUpdate extends Changes {
  reason: string;
}

export const loadUpdate = (alertId: string) => load<KeptUpdate>(updatePlace(alertId));

export function keepUpdate(alertId: string, update: KeptUpdate): void {
  const { photo: _, ...words } = update;
  if (!keep(updatePlace(alertId), update)) keep(updatePlace(alertId), words);
}

export const eraseUpdate = (alertId: string) => erase(updatePlace(alertId), updateKeyPlace(alertId));

/** The alerts that something is kept for. */
export function keptUpdates(): string[] {
  try {
    const places = Object.keys(sessionStorage).filter((place) => place.startsWith(updatePlaces));
    return places.map((place) => place.slice(updatePlaces.length));
  } catch {
    return [];
  }
}

const memoryAt = (place: string): Memory => ({
  load: () => load(place),
  keep: (said) => void keep(place, said),
});

/** The key of the submission, so that a reload in the middle of it makes no second report. */
export const submissionMemory = memoryAt(keyPlace);

/** Likewise of an update, which would ring everywhere a second time. */
export const updateMemory = (alertId: string) => memoryAt(updateKeyPlace(alertId));
