R"sql(
-- When each group came to be expected, and who was chased: deadlines run from the one, steps from the other.
ALTER TABLE expected ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
CREATE TABLE chased(
  id         INTEGER PRIMARY KEY,
  alert      INTEGER NOT NULL,
  revision   INTEGER NOT NULL,
  awaited    INTEGER NOT NULL,  -- which answer is missing
  step       INTEGER NOT NULL,  -- what was done about it
  at         INTEGER NOT NULL,
  recipients BLOB NOT NULL      -- a portable Roaring bitmap of ordinals
);
CREATE INDEX chased_by_alert ON chased(alert);
-- Whose silence a row of the outbox is about, and which answer makes it needless.
ALTER TABLE outbox ADD COLUMN concerns TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN awaits INTEGER NOT NULL DEFAULT 0;
)sql"
