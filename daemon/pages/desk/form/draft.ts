// A report while it is being taken: one text for each field, by the field's JSON path, so that a refusal finds it.
import type { Photo, Report } from "../api/types";
import { instantOf, localOf } from "../format";

export type Values = Record<string, string>;

export interface Draft {
  values: Values;
  photo: Photo | null;
  /** It was filled in from a report that was turned down. */
  again?: boolean;
}

const numbers = new Set([
  "child.ageYears",
  "child.heightCm",
  "child.weightKg",
  "lastSeen.position.latitude",
  "lastSeen.position.longitude",
]);
const times = new Set(["lastSeen.time", "lastSeen.timeLatest"]);
const truths = new Set(["exercise", "abductionSuspected"]);

type Tree = { [name: string]: unknown };

function put(tree: Tree, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop()!;
  let at = tree;
  for (const step of steps) at = (at[step] ??= {}) as Tree;
  at[last] = value;
}

function at(tree: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((is, step) => (is as Tree | undefined)?.[step], tree);
}

/** What is no number goes as it was typed: the server says what is wrong with it, beside the field. */
export const numberOr = (text: string): number | string =>
  text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;

function typed(path: string, text: string): unknown {
  if (truths.has(path)) return text === "true";
  if (times.has(path)) return instantOf(text);
  if (numbers.has(path)) return numberOr(text);
  return text;
}

/** What stands for a text in the body; undefined: nothing does. Texts for which the same stands are no different ones. */
function saidBy(path: string, text = ""): unknown {
  const trimmed = text.trim();
  return trimmed === "" ? undefined : typed(path, trimmed);
}

/** The order in which the body is written is that of `fields`, so that the same draft is the same request. */
export function reportOf(draft: Draft, fields: readonly string[]): Report {
  const tree: Tree = {};
  for (const path of fields) {
    const said = saidBy(path, draft.values[path]);
    if (said !== undefined) put(tree, path, said);
  }
  const hasPosition = at(tree, "lastSeen.position.latitude") !== undefined;
  if (!hasPosition && at(tree, "lastSeen.position.longitude") === undefined) {
    delete (tree["lastSeen"] as Tree | undefined)?.["position"];
  }
  if (draft.photo) put(tree, "child.photo", draft.photo);
  return tree as Report;
}

export function draftOf(report: Report, fields: readonly string[]): Draft {
  const values: Values = {};
  for (const path of fields) {
    const is = at(report, path);
    if (is === undefined || is === null || is === "SEX_UNSPECIFIED" || is === "CRS_UNSPECIFIED") continue;
    values[path] = times.has(path) ? localOf(Date.parse(String(is))) : String(is);
  }
  return { values, photo: report.child?.photo ?? null };
}

/** Parts of a position mean nothing apart. */
export const wholeOf = (path: string) => (path.startsWith("lastSeen.position.") ? "lastSeen.position" : path);

/** The fields that two drafts differ in; those of a position together. */
export function changedFields(before: Draft, after: Draft, fields: readonly string[]): string[] {
  const changed = fields.filter((path) => saidBy(path, before.values[path]) !== saidBy(path, after.values[path]));
  const paths = changed.map(wholeOf);
  if (before.photo?.data !== after.photo?.data) paths.push("child.photo");
  return [...new Set(paths)];
}

/** What is typed into what stands there already. Alone it is kept, so that nothing is undone that another has changed since. */
export interface Changes {
  values: Values;
  /** Null: it is taken away; absent: it stays as it is. */
  photo?: Photo | null;
}

export function changesIn(before: Draft, after: Draft, fields: readonly string[]): Changes {
  const changed = changedFields(before, after, fields);
  const texts = Object.entries(after.values).filter(([path]) => changed.includes(wholeOf(path)));
  return { values: Object.fromEntries(texts), ...(changed.includes("child.photo") ? { photo: after.photo } : {}) };
}

export const hasChanges = ({ values, photo }: Changes) => photo !== undefined || Object.keys(values).length > 0;

export const withChanges = (before: Draft, { values, photo = before.photo }: Changes): Draft => ({
  values: { ...before.values, ...values },
  photo,
});

export const reportFields = [
  "incidentNumber",
  "caseNumber",
  "reportingUnit",
  "exercise",
  "child.name",
  "child.sex",
  "child.birthDate",
  "child.ageYears",
  "child.heightCm",
  "child.weightKg",
  "child.appearance",
  "child.clothing",
  "child.marks",
  "lastSeen.time",
  "lastSeen.timeLatest",
  "lastSeen.place",
  "lastSeen.division",
  "lastSeen.position.latitude",
  "lastSeen.position.longitude",
  "lastSeen.position.crs",
  "circumstances",
  "abductionSuspected",
  "suspect.description",
  "suspect.vehicle",
  "suspect.plate",
  "contact.unit",
  "contact.phone",
  "leadOfficer",
] as const;

/** What may be changed once it is released: not whether it is an exercise, nor whose it is. */
export const updateFields = reportFields.filter((path) => path !== "exercise" && path !== "reportingUnit");
