// What another officer has changed in a report since a form of it was opened.
import { type NoAnswer, Refused } from "../api/call";
import { type Changes, type Draft, type Values, changedFields, changesIn, withChanges, wholeOf } from "./draft";

/** The alert had another revision when the update arrived: it was not done, and never will be by that request. */
export const isOvertaken = (failure: Refused | NoAnswer | null): boolean =>
  failure instanceof Refused && failure.nameOfProblem === "stale-revision";

/** The fields that say in the report by now what they did not say `before`, and what none of the `own` drafts says: not what
    is typed here, nor what was sent from here without an answer. */
export function changedElsewhere(before: Draft, now: Draft, own: Draft[], fields: readonly string[]): string[] {
  const others = own.map((draft) => changedFields(draft, now, fields));
  return changedFields(before, now, fields).filter((path) => others.every((changed) => changed.includes(path)));
}

/** What stood where something is typed. Kept beside it, so that what somebody else changes there before the form is opened
    again is told from what was typed over. */
export const stoodIn = ({ values }: Draft, changes: Changes): Values =>
  Object.fromEntries(Object.keys(changes.values).map((path) => [path, values[path] ?? ""]));

/** The report as whoever typed has seen it: of the fields that somebody else has changed since, what `stood` there; of all
    others what stands there `now`. `own`: what is typed, and what was sent from here without an answer. */
export function asSeen(now: Draft, stood: Values, own: Changes[], fields: readonly string[]): Draft {
  const before = withChanges(now, { values: stood });
  const drafts = own.map((changes) => withChanges(before, changes));
  const elsewhere = changedElsewhere(before, now, drafts, fields);
  const was = Object.entries(stood).filter(([path]) => elsewhere.includes(wholeOf(path)));
  return withChanges(now, { values: Object.fromEntries(was) });
}

/** What is typed, in the report as it is now: of the fields in `newer` the report's, of all others what was typed. */
export function withNewer(before: Draft, typed: Draft, now: Draft, newer: string[], fields: readonly string[]): Draft {
  const { values, photo } = changesIn(before, typed, fields);
  const own = Object.entries(values).filter(([path]) => !newer.includes(wholeOf(path)));
  const keepsPhoto = photo !== undefined && !newer.includes("child.photo");
  return withChanges(now, { values: Object.fromEntries(own), ...(keepsPhoto ? { photo } : {}) });
}
