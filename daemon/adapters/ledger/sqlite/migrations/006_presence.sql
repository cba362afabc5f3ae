R"sql(
-- Who was last seen when. NULL: it was connected when this was written, so it was seen until presence_noted.
CREATE TABLE presence(
  ordinal    INTEGER PRIMARY KEY,
  away_since INTEGER
);
CREATE TABLE presence_noted(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
);
)sql"
