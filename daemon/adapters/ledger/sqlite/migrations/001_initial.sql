R"sql(
-- What happened, numbered without gaps. `chain` is SHA-256 over the chain before and this line.
CREATE TABLE journal(
  sequence INTEGER PRIMARY KEY,
  time     INTEGER NOT NULL,  -- milliseconds since 1970, as every time here
  actor    TEXT NOT NULL,
  type     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  detail   TEXT NOT NULL,     -- a JSON object of texts, names sorted
  chain    BLOB NOT NULL
);
CREATE INDEX journal_by_subject ON journal(subject) WHERE subject <> '';

CREATE TABLE idempotency(
  key         TEXT NOT NULL UNIQUE,
  body_digest TEXT NOT NULL,
  subject     TEXT NOT NULL,
  entries     INTEGER NOT NULL,
  answer      BLOB NOT NULL,
  recorded_at INTEGER NOT NULL
);

-- Alerts are numbered here, so that rows need not repeat 36 characters.
CREATE TABLE alerts(
  number INTEGER PRIMARY KEY,
  id     TEXT NOT NULL UNIQUE
);

CREATE TABLE data_keys(
  alert   INTEGER PRIMARY KEY,
  wrapped BLOB NOT NULL
);

CREATE TABLE documents(
  alert  INTEGER NOT NULL,
  name   TEXT NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE(alert, name)
);

CREATE TABLE expected(
  alert    INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  step     INTEGER NOT NULL,
  added    BLOB NOT NULL,     -- a portable Roaring bitmap of ordinals
  UNIQUE(alert, revision, step)
);

-- Enumerations are stored by their numbers in core; new members are added at the end.
CREATE TABLE outbox(
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  alert         INTEGER NOT NULL,
  revision      INTEGER NOT NULL,
  step          INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  status        INTEGER NOT NULL,
  audience      INTEGER NOT NULL,
  parcel        INTEGER NOT NULL,
  channel       INTEGER NOT NULL,
  division      INTEGER,      -- either a division
  recipient     TEXT,         -- or a recipient
  urgency       INTEGER NOT NULL,
  not_before    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  attempts      INTEGER NOT NULL,
  maybe_sent    INTEGER NOT NULL,
  state         INTEGER NOT NULL,  -- 0 queued, 1 in flight, from 2 settled
  lease_until   INTEGER NOT NULL DEFAULT 0,
  outdated      INTEGER NOT NULL DEFAULT 0,  -- superseded while in flight
  committed_due INTEGER NOT NULL   -- its first not_before
);
CREATE INDEX outbox_unsettled ON outbox(channel, urgency, id) WHERE state < 2;
CREATE INDEX outbox_unsettled_by_alert ON outbox(alert) WHERE state < 2;

-- Acknowledgements, packed: those of one alert in one journal entry stand together, in one or more blocks.
-- Which of them are the first of their kind the ledger knows from an index in memory (answer_index.hpp).
CREATE TABLE answer_blocks(
  id      INTEGER PRIMARY KEY,  -- sequence of the entry << 12 | part
  alert   INTEGER NOT NULL,
  answers BLOB NOT NULL         -- answer_block.hpp
);
CREATE INDEX answer_blocks_by_alert ON answer_blocks(alert);
CREATE TABLE answer_notes(
  alert    INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  ordinal  INTEGER NOT NULL,
  kind     INTEGER NOT NULL,
  sealed   BLOB NOT NULL,
  PRIMARY KEY(alert, revision, ordinal, kind)
) WITHOUT ROWID;

CREATE TABLE sightings(
  number      INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  alert       INTEGER NOT NULL,
  ordinal     INTEGER NOT NULL,
  recipient   TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  sealed      BLOB NOT NULL,
  assessment  INTEGER NOT NULL
);
CREATE INDEX sightings_by_alert ON sightings(alert);

-- Ordinals are never reused, not even that of the last one deleted.
CREATE TABLE recipients(
  ordinal           INTEGER PRIMARY KEY AUTOINCREMENT,
  id                TEXT NOT NULL,
  deleted           INTEGER NOT NULL DEFAULT 0,
  name              TEXT NOT NULL,
  category          INTEGER NOT NULL,
  audience          INTEGER NOT NULL,
  division          INTEGER NOT NULL,
  latitude          REAL,
  longitude         REAL,
  crs               INTEGER NOT NULL,
  delivery          INTEGER NOT NULL,
  coverage          TEXT,     -- lists are JSON arrays of texts; NULL: empty
  via               TEXT NOT NULL,
  hours             TEXT NOT NULL,
  unit              TEXT NOT NULL,
  liaison_post      TEXT NOT NULL,
  liaison_telephone TEXT NOT NULL,
  languages         TEXT,
  endpoints         TEXT,     -- channel, address, channel, address …
  secrets           TEXT      -- one for each endpoint; NULL: none has one
);
CREATE UNIQUE INDEX recipients_live ON recipients(id) WHERE deleted = 0;

-- Written to find out whether anything can be written.
CREATE TABLE probe(value INTEGER NOT NULL);
INSERT INTO probe VALUES(0);
)sql"
