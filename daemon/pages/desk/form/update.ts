// An update while it is typed: what is changed in the report as it was when the page was opened, and why.
import { useEffect, useState } from "preact/hooks";
import type { Report } from "../api/types";
import { type Draft, changedFields, changesIn, draftOf, hasChanges, updateFields, withChanges } from "./draft";
import { type KeptUpdate, eraseUpdate, keepUpdate, loadUpdate } from "./keeping";

/** What was typed before a reload. What all stands in the report by now was accepted, though no answer came. */
function restoredIn(before: Draft, alertId: string): KeptUpdate | null {
  const kept = loadUpdate(alertId);
  if (!kept) return null;
  const isNews = changedFields(before, withChanges(before, kept), updateFields).length > 0;
  const isReasonAlone = !hasChanges(kept) && kept.reason !== "";
  return isNews || isReasonAlone ? kept : null;
}

export function useUpdate(alertId: string, report: Report) {
  const [before] = useState<Draft>(() => draftOf(report, updateFields));
  const [restored, setRestored] = useState(() => restoredIn(before, alertId));
  const [draft, setDraft] = useState<Draft>(() => (restored ? withChanges(before, restored) : before));
  const [reason, setReason] = useState(restored?.reason ?? "");
  useEffect(() => {
    const changes = changesIn(before, draft);
    if (hasChanges(changes) || reason !== "") keepUpdate(alertId, { ...changes, reason });
    else eraseUpdate(alertId);
  }, [draft, reason]);
  const discard = () => {
    setRestored(null);
    setDraft(before);
    setReason("");
  };
  const changed = changedFields(before, draft, updateFields);
  return { draft, setDraft, reason, setReason, changed, isRestored: restored !== null, discard };
}
