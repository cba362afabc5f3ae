// Who sits at the desk, and what that allows. The server decides; what it would refuse is not offered.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Alert, Caller, ReportAnswer, Role, Silent } from "./api/types";

/** Whether the unit decides on a case, as the daemon says (core::decides_on). Where it does not say, it may be so: a
    decision that is refused is better than one that is not there. */
export const decidesOn = ({ unitDecides }: Alert | ReportAnswer): boolean => unitDecides !== false;

/** Likewise whether it answers for a recipient by telephone (core::vouches_for). */
export const vouchesFor = ({ unitVouches }: Silent): boolean => unitVouches !== false;

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
