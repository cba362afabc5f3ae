R"sql(
-- From when the time until the next step runs, where a step was taken before it was due; NULL: from `at`.
ALTER TABLE chased ADD COLUMN counts_from INTEGER;
)sql"
