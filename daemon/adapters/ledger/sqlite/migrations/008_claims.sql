R"sql(
-- Which rows of the outbox were handed out together, as first and last of each run (claims.hpp). While somebody holds
-- them, nothing is written in the rows themselves.
CREATE TABLE claims(
  id   INTEGER PRIMARY KEY,
  runs BLOB NOT NULL
);
UPDATE outbox SET state = 0, maybe_sent = 1 WHERE state = 1;
-- 1: it waits for its time, and no claim looks at it before that.
ALTER TABLE outbox ADD COLUMN deferred INTEGER NOT NULL DEFAULT 0;
DROP INDEX outbox_unsettled;
CREATE INDEX outbox_unsettled ON outbox(channel, deferred, urgency, id) WHERE state < 2;
CREATE INDEX outbox_deferred ON outbox(channel, not_before) WHERE state < 2 AND deferred = 1;
ALTER TABLE outbox DROP COLUMN lease_until;
)sql"
