// Who sits at the desk, and what that allows. The server decides; what it would refuse is not offered.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Alert, Caller, ReportAnswer, Role } from "./api/types";

/** Whose case it is, as far as the page has been told; absent: it has not. */
export interface Case {
  division?: string | undefined;
  unit?: string | undefined;
  /** Unit and officer. */
  submittedBy?: string | undefined;
}

export const caseOfReport = ({ report, submittedBy }: ReportAnswer): Case => ({
  division: report.lastSeen?.division,
  unit: report.reportingUnit,
  submittedBy,
});

/** By the police copy. The daemon goes by the division that the report was submitted with, which an update may have
    changed; a recall's copy says nothing. */
export function caseOfAlert({ notice }: Alert): Case {
  const asSubmitted = notice !== undefined && notice.revision <= 1;
  return { division: asSubmitted ? notice.lastSeen?.division : undefined, unit: notice?.reportingUnit };
}

/** core::decides_on (daemon/core/authority.cpp): the place of loss lies in the unit's division, or the unit reported it or
    took the report. What is not known may be so, because a decision that is refused is better than one that is not there. */
export function decidesOn(caller: Caller, { division, unit, submittedBy }: Case): boolean {
  const may = (known: string | undefined, is: (known: string) => boolean) => known === undefined || is(known);
  return (
    may(division, (code) => code.startsWith(caller.division)) ||
    may(unit, (code) => code === caller.unit) ||
    may(submittedBy, (actor) => actor.split("/")[0] === caller.unit)
  );
}

/** core::vouches_for: on the unit's own case, or for a recipient of its division. Where who is silent lies the board does
    not say, only where anybody does. */
export const vouchesFor = (caller: Caller, own: boolean, divisions: string[]) =>
  own || divisions.some((code) => code.startsWith(caller.division));

export class Rights {
  constructor(readonly caller: Caller) {}

  private has(...roles: Role[]): boolean {
    return roles.some((role) => this.caller.roles.includes(role));
  }
  get submits() {
    return this.has("submitter");
  }
  get releases() {
    return this.has("releaser");
  }
  get seesReports() {
    return this.has("submitter", "releaser", "supervisor");
  }
  get previews() {
    return this.has("submitter", "releaser");
  }
  get handlesSightings() {
    return this.has("submitter", "releaser");
  }
  get vouches() {
    return this.has("submitter", "releaser");
  }
  get seesReadiness() {
    return this.has("supervisor", "operator");
  }
  get operates() {
    return this.has("operator");
  }
  get isOfficer() {
    return this.has("submitter", "releaser", "supervisor", "operator");
  }
}

const nobody: Caller = {
  unit: "",
  officer: "",
  roles: [],
  division: "",
  recipientId: "",
  certificateUntil: "",
  apiVersion: "",
};

export const CallerContext = createContext(new Rights(nobody));
export const useRights = () => useContext(CallerContext);
