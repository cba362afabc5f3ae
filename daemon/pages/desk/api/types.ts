// What the API answers and takes, written by hand after proto/tuanyuan/v1. Fields that are not here are let pass;
// what a daemon of another version may leave out is optional.

export type Role = "submitter" | "releaser" | "supervisor" | "operator" | "recipient";
export type Status = "ACTUAL" | "EXERCISE";
export type Audience = "POLICE" | "PARTNER" | "PUBLIC";
export type Kind = "RECEIVED" | "DISPLAYED" | "CONFIRMED" | "ACTING" | "REMOVED" | "UNABLE";
export type AlertState = "LOOKOUT" | "ACTIVE" | "SUSPENDED" | "CLOSED" | "RETRACTED";
export type Counts = { [kind in Kind]?: number };

export interface Caller {
  unit: string;
  officer: string;
  roles: Role[];
  division: string;
  recipientId: string;
  certificateUntil: string;
  apiVersion: string;
}

export interface Position {
  latitude?: number;
  longitude?: number;
  crs: "WGS84" | "CGCS2000" | "GCJ02" | "BD09";
}

export interface Photo {
  mediaType: string;
  data: string;
}

export interface Child {
  name?: string;
  sex?: "UNKNOWN" | "MALE" | "FEMALE" | "SEX_UNSPECIFIED";
  birthDate?: string;
  ageYears?: number;
  heightCm?: number;
  weightKg?: number;
  appearance?: string;
  clothing?: string;
  marks?: string;
  photo?: Photo;
}

export interface LastSeen {
  time?: string;
  timeLatest?: string;
  place?: string;
  division?: string;
  position?: Position;
}

export interface Suspect {
  description?: string;
  vehicle?: string;
  plate?: string;
}

export interface Contact {
  unit?: string;
  phone?: string;
}

export interface Report {
  incidentNumber?: string;
  caseNumber?: string;
  reportingUnit?: string;
  exercise?: boolean;
  child?: Child;
  lastSeen?: LastSeen;
  circumstances?: string;
  abductionSuspected?: boolean;
  suspect?: Suspect;
  contact?: Contact;
  leadOfficer?: string;
}

export interface ReportAnswer {
  id: string;
  state: "SUBMITTED" | "REJECTED" | "RELEASED";
  alertId: string;
  report: Report;
  submittedAt: string;
  submittedBy: string;
  duplicates: string[];
  /** The officer's unit does, on this case; here and below. */
  unitDecides?: boolean;
  /** The alert's, at which the report says this; 0: not released. */
  revision: number;
}

export interface UpdateRequest {
  report: Report;
  /** Paths, with commas between them. What is named and not given is taken away. */
  updateMask: string;
  reason: string;
  /** Refused with `stale-revision` where the alert has another one by now. */
  expectedRevision?: number;
}

export interface Circle {
  latitude: number;
  longitude: number;
  radiusKm: number;
  approximate: boolean;
}

export interface NoticeText {
  language: string;
  headline: string;
  body: string;
  speech: string;
}

export interface Notice {
  alertId: string;
  revision: number;
  step: number;
  kind: "ALERT" | "UPDATE" | "CLOSE" | "RETRACT";
  status: Status;
  audience: Audience;
  issuedAt?: string;
  expiresAt?: string;
  issuer: string;
  circle?: Circle;
  divisions: string[];
  texts: NoticeText[];
  child?: Child;
  lastSeen?: LastSeen;
  circumstances?: string;
  suspect?: Suspect;
  photo?: { sha256: string; mediaType: string; size: number; url: string };
  contact?: Contact;
  incidentNumber?: string;
  caseNumber?: string;
  reportingUnit?: string;
  leadOfficer?: string;
}

export interface Unreachable {
  recipientId: string;
  name: string;
  reason: string;
  since?: string;
  liaison?: Liaison;
}

export interface Preview {
  circle?: Circle;
  divisions: string[];
  expected: number;
  byCategory: Record<string, number>;
  unreachable: Unreachable[];
  unreachableTotal: number;
  duplicates: string[];
  missing: string[];
  copies: Notice[];
  previewToken: string;
  forecast?: Forecast;
}

export interface ReleaseChoices {
  audiences?: Audience[];
  /** As it was typed where it is no number: the server says so. */
  radiusKm?: number | string;
  plateOpen?: boolean;
}

export interface Alert {
  id: string;
  reportId?: string;
  revision: number;
  step: number;
  state: AlertState;
  status: Status;
  outcome?: string;
  cause?: string;
  circle?: Circle;
  releasedAt?: string;
  widensAt?: string;
  notice?: Notice;
  displayUntil?: string;
  displayEnded?: boolean;
  leadOfficer?: string;
  /** Who was ever told. */
  audiences?: Audience[];
  /** Among them, from whom it is taken for the time being. */
  suspended?: Audience[];
  circleHeld?: boolean;
  unitDecides?: boolean;
}

export interface Tally {
  expected: number;
  counts: Counts;
}

export interface EndpointHealth {
  channel: string;
  state: string;
  /** It was told of the alert by this one. */
  tried?: boolean;
}

export interface Silent {
  recipientId: string;
  name: string;
  category: string;
  liaison?: Liaison;
  tried: string[];
  nextStep: string;
  dueAt?: string;
  reason?: string;
  endpoints?: EndpointHealth[];
  /** The answer that is waited for; absent: any. */
  awaited?: Kind;
  /** The revision that it is waited for of. */
  revision?: number;
  /** The officer's unit answers for it by telephone. */
  unitVouches?: boolean;
}

export interface Liaison {
  post: string;
  telephone: string;
}

export interface Forecast {
  waiting: number;
  sentBy?: string;
  channels: { channel: string; waiting: number; ahead: number; sentBy?: string }[];
}

export interface Board {
  alertId: string;
  revision: number;
  step: number;
  expected: number;
  unexpected: number;
  counts: Counts;
  byCategory: Record<string, Tally>;
  byDivision: Record<string, Tally>;
  byRing: Record<string, Tally>;
  byChannel: Record<string, Tally>;
  silent: Silent[];
  silentTotal: number;
  forecast?: Forecast;
}

export type Assessment = "UNASSESSED" | "CREDIBLE" | "NOT_CREDIBLE" | "CONFIRMED";

export interface Sighting {
  sightingId: string;
  alertId: string;
  recipientId: string;
  recipientName?: string;
  liaison?: Liaison;
  seenAt?: string;
  position?: Position;
  description: string;
  photo?: Photo;
  recordedAt?: string;
  assessment: Assessment;
  assessedAt?: string;
  assessedBy?: string;
  note?: string;
}

export interface Readiness {
  recipients: number;
  reachable: number;
  unreachable: Unreachable[];
  nextPageToken: string;
  /** Of the parts of what was asked for, where they were asked for. */
  divisions?: DivisionReadiness[];
}

export interface DivisionReadiness {
  division: string;
  recipients: number;
  reachable: number;
}

export interface Exercise {
  alertId: string;
  name: string;
  state: AlertState;
  begun?: string;
  ended?: string;
  expected: number;
  received: number;
  displayed: number;
  confirmed: number;
  removed: number;
  scored: number;
  meanScore?: number;
  byCategory: Record<string, number>;
}

export interface ExerciseAnswer {
  promptness: "OPEN" | "IN_TIME" | "LATE" | "MISSING" | "PROMPTNESS_UNSPECIFIED";
  seconds?: number;
  allowedSeconds: number;
}

export interface Score {
  recipientId: string;
  name: string;
  category: string;
  score?: number;
  received?: ExerciseAnswer;
  displayed?: ExerciseAnswer;
  confirmed?: ExerciseAnswer;
  removed?: ExerciseAnswer;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { path: string; message: string }[];
}

/** The data of one event of GET /events. */
export interface LiveEvent {
  sequence: string;
  time: string;
  type: string;
  reportId?: string;
  alertId?: string;
}
