import { useEffect, useState } from "preact/hooks";
import { read } from "../api/call";
import type { Alert, ReportAnswer } from "../api/types";
import { caseOfAlert, decidesOn, useRights } from "../caller";

/** Whether an alert is the unit's own to decide on; null: not known yet. Mostly the police copy says so. Who took the
    report stands in the report alone: it is read where that is what it hangs on, and once, because the photo comes with it. */
export function useOwn(alert: Alert | null): boolean | null {
  const { caller, seesReports } = useRights();
  const [takenBy, setTakenBy] = useState<string | undefined | null>(null);
  const hangs = alert !== null && seesReports && !decidesOn(caller, { ...caseOfAlert(alert), submittedBy: "" });
  useEffect(() => {
    if (!hangs) return;
    let gone = false;
    const tell = (actor: string | undefined) => !gone && setTakenBy(actor);
    read<ReportAnswer>(`/reports/${alert.reportId ?? ""}`).then(
      ({ submittedBy }) => tell(submittedBy),
      () => tell(undefined),
    );
    return () => {
      gone = true;
    };
  }, [hangs]);
  if (alert === null) return null;
  if (!hangs) return true;
  return takenBy === null ? null : decidesOn(caller, { ...caseOfAlert(alert), submittedBy: takenBy });
}
