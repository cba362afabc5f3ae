R"sql(
-- Which rows of the outbox were handed out together, as first and last of each run (claims.hpp). While somebody holds
-- them, nothing is written in the rows themselves.
CREATE TABLE claims(
  id   INTEGER PRIMARY KEY,
  runs BLOB NOT NULL
);
UPDATE outbox SET state = 0, maybe_sent = 1 WHERE state = 1;
-- 1: it waits for its time, and no claim looks at it before that. Where it is settled, this says nothing. It takes the
-- place of the lease that stood there, so that what is settled need not be written again.
DROP INDEX outbox_unsettled;
ALTER TABLE outbox RENAME COLUMN lease_until TO deferred;
UPDATE outbox SET deferred = 0 WHERE state < 2 AND deferred <> 0;
CREATE INDEX outbox_unsettled ON outbox(channel, deferred, urgency, id) WHERE state < 2;
CREATE INDEX outbox_deferred ON outbox(channel, not_before) WHERE state < 2 AND deferred = 1;
)sql"
