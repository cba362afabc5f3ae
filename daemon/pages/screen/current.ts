/// What a station's current.json says (tools/station/screen_json.cpp).
export interface Text {
  language: string;
  headline: string;
  body: string;
  speech: string;
}

export interface Notice {
  alertId: string;
  revision: number;
  step: number;
  kind: string;
  status: "ACTUAL" | "EXERCISE";
  audience: "POLICE" | "PARTNER" | "PUBLIC";
  issuedAt: string;
  expiresAt: string;
  texts: Text[];
  contact: { unit?: string; phone?: string } | null;
  photo: string | null;
  code: string | null;
  answered: string[];
}

export interface Current {
  station: { recipientId: string; name: string };
  now: number;
  serial: number;
  settled: boolean;
  notices: Notice[];
}

/// What the page has, as it says to the station.
export interface Held {
  alertId: string;
  revision: number;
  painted: boolean;
}

export interface Account {
  serial: number;
  holds: Held[];
}

export interface Answer {
  alertId: string;
  revision: number;
  kind: "CONFIRMED" | "ACTING" | "UNABLE";
  reason?: string;
}
