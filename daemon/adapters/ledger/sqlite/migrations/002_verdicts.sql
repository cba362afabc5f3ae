R"sql(
-- Who thought what of a sighting, when, and why (the note is sealed under the alert's key).
ALTER TABLE sightings ADD COLUMN assessed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sightings ADD COLUMN assessed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE sightings ADD COLUMN assessment_note BLOB NOT NULL DEFAULT x'';
)sql"
