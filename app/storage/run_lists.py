"""The statements that list runs."""

from app.storage.store_problem import SENTENCES

# Of all runs, of those that are no members of experiments, or of the members of one.
_OF_EXPERIMENT = """AND CASE :experiment
    WHEN 'all' THEN 1
    WHEN 'none' THEN runs.experiment IS NULL
    ELSE json_extract(runs.experiment, '$.id') = :experiment
END"""
# The newest first.
SELECT_RUNS = f"""
SELECT * FROM runs
WHERE (:before IS NULL OR number < (SELECT number FROM runs WHERE id = :before))
AND (:status IS NULL OR status = :status)
{_OF_EXPERIMENT}
ORDER BY number DESC LIMIT :limit
"""
# Those that train or wait, also until they can be stored again; the oldest first.
_NOT_STORED = ", ".join(f"'{code}'" for code in SENTENCES)
SELECT_UNFINISHED = f"""
SELECT id FROM runs
WHERE status IN ('running', 'queued') OR (status = 'paused' AND reason_code IN ({_NOT_STORED}))
ORDER BY number
"""
COUNT_BY_STATUS = "SELECT status, COUNT(*) FROM runs GROUP BY status"
# The run, its ancestors, and all their descendants; a deleted one is missing, but still connects its forks.
SELECT_FAMILY = f"""
WITH RECURSIVE
links AS MATERIALIZED (SELECT id, json_extract(parent, '$.id') AS parent FROM runs WHERE parent IS NOT NULL),
ancestors(id) AS (
    SELECT :family UNION SELECT links.parent FROM links JOIN ancestors ON links.id = ancestors.id
),
family(id) AS (
    SELECT id FROM ancestors UNION SELECT links.id FROM links JOIN family ON links.parent = family.id
)
SELECT runs.* FROM runs JOIN family USING (id)
WHERE (:before IS NULL OR number < (SELECT number FROM runs WHERE id = :before))
AND (:status IS NULL OR status = :status)
{_OF_EXPERIMENT}
ORDER BY number DESC LIMIT :limit
"""
# One of the runs that continue a run.
SELECT_FORK = "SELECT id FROM runs WHERE parent IS NOT NULL AND json_extract(parent, '$.id') = ? LIMIT 1"
