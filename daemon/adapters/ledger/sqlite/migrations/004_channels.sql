R"sql(
-- When a row of the outbox was settled, and what died of them, to be shown and queued again.
ALTER TABLE outbox ADD COLUMN settled_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_dead ON outbox(id) WHERE state IN (3, 5);
-- When each endpoint was retired, a list of texts like secrets; '' and NULL: it is in use.
ALTER TABLE recipients ADD COLUMN retired TEXT;
)sql"
