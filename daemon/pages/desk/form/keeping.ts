// What is typed outlives a reload of the tab, with what stood there in a report, and nothing else but an update that was sent
// without an answer: sessionStorage goes with the tab, and what was accepted is erased at once (the child's data is borrowed).
import type { Memory } from "../api/intention";
import type { UpdateRequest } from "../api/types";
import type { Changes, Draft, Values } from "./draft";

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

/** An update that was sent. Until it is erased no answer came, and it may be in force all the same. */
export interface SentUpdate {
  /** To the letter: its key is known for this one alone. */
  request: UpdateRequest;
  /** Its texts as they were typed. */
  values: Values;
  /** How long the photo was that stood in the report then; 0: none did. */
  photoBefore: number;
}

export interface KeptUpdate extends Changes {
  reason: string;
  /** What stood in the report where its texts are typed. */
  stood?: Values;
  /** What of it was sent last. */
  sent?: SentUpdate;
}

const photoOf = (sent: SentUpdate | undefined) => sent?.request.report.child?.photo;

/** The photo of what was sent and the one that is typed are mostly the same: then it is written down once. */
type WrittenUpdate = KeptUpdate & { isPhotoSent?: true };

export function loadUpdate(alertId: string): KeptUpdate | null {
  const written = load<WrittenUpdate>(updatePlace(alertId));
  if (!written) return null;
  const { isPhotoSent, ...update } = written;
  const photo = photoOf(update.sent);
  return isPhotoSent && photo ? { ...update, photo } : update;
}

/** A photo may not fit: then at least the words are kept, without the request that it is part of. Nor is that kept once
    another photo is chosen, for two may not fit where one does. */
export function keepUpdate(alertId: string, { sent, photo, ...words }: KeptUpdate): void {
  const place = updatePlace(alertId);
  const sentPhoto = photoOf(sent);
  const small = sentPhoto ? words : { ...words, sent };
  const all = sentPhoto && photo?.data === sentPhoto.data ? { ...words, sent, isPhotoSent: true } : { ...small, photo };
  if (!keep(place, all)) keep(place, small);
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
