R"sql(
-- Which of its target's endpoints a row of the outbox goes to: a digest of channel and address (core/way.hpp); 0: the
-- first of that channel, or MQTT.
ALTER TABLE outbox ADD COLUMN endpoint INTEGER NOT NULL DEFAULT 0;
-- What was replaced or taken out of an entry: whoever was told there is recalled there. A list of channel, address,
-- secret and time of retirement, again and again, oldest first; NULL: nothing.
ALTER TABLE recipients ADD COLUMN former TEXT;
)sql"
