"""Statements about experiments. The members of an experiment are the runs whose `experiment` names it."""

CREATE_EXPERIMENTS = """
CREATE TABLE experiments (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created REAL NOT NULL,
    name TEXT NOT NULL, config TEXT NOT NULL, vary TEXT NOT NULL, sample TEXT NOT NULL,
    seq INTEGER NOT NULL
)
"""
# Of a member: id of its experiment, its number there, and the values of the varied fields, as JSON.
ADD_RUN_EXPERIMENT = "ALTER TABLE runs ADD COLUMN experiment TEXT"
EXPERIMENT_OF_RUN = "json_extract(experiment, '$.id')"
CREATE_MEMBER_INDEX = f"CREATE INDEX members ON runs ({EXPERIMENT_OF_RUN}) WHERE experiment IS NOT NULL"

ADD_EXPERIMENTS = (CREATE_EXPERIMENTS, ADD_RUN_EXPERIMENT, CREATE_MEMBER_INDEX)
# The rule of successive halving and its rounds, as JSON; null: there were none.
ADD_HALVING = "ALTER TABLE experiments ADD COLUMN halving TEXT"
CREATE_EXPERIMENT_TABLES = ";".join((*ADD_EXPERIMENTS, ADD_HALVING))
INSERT_EXPERIMENT = """
INSERT INTO experiments (id, created, name, config, vary, sample, seq, halving)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
UPDATE_HALVING = "UPDATE experiments SET halving = ? WHERE id = ?"
RESERVE_EXPERIMENT_SEQ = "UPDATE experiments SET seq = ? WHERE id = ?"
DELETE_EXPERIMENT = "DELETE FROM experiments WHERE id = ?"
SELECT_EXPERIMENTS = """
SELECT id, created, name, config, vary, sample, seq, halving FROM experiments ORDER BY number
"""
SELECT_MEMBERS = f"""
SELECT * FROM runs WHERE experiment IS NOT NULL AND {EXPERIMENT_OF_RUN} = ? ORDER BY number
"""
# Of each member, the bytes of its checkpoints, and of the points that were drawn into it.
SELECT_MEMBER_BYTES = f"""
SELECT id, coalesce((SELECT sum(size) FROM checkpoints WHERE run = runs.id), 0)
    + coalesce((SELECT sum(bytes) FROM uses WHERE run = runs.id), 0) AS bytes
FROM runs WHERE experiment IS NOT NULL AND {EXPERIMENT_OF_RUN} = ?
"""
# Of each experiment with members, what these take, with the states with which forks begin.
SUM_BYTES_OF_EXPERIMENTS = f"""
SELECT {EXPERIMENT_OF_RUN}, sum(
    coalesce((SELECT sum(size) FROM checkpoints WHERE run = runs.id), 0)
    + coalesce((SELECT sum(bytes) FROM uses WHERE run = runs.id), 0)
    + coalesce((SELECT sum(length(state)) FROM beginnings WHERE run = runs.id), 0)
)
FROM runs WHERE experiment IS NOT NULL GROUP BY 1
"""
RELEASE_MEMBERS = (
    f"UPDATE runs SET experiment = NULL WHERE experiment IS NOT NULL AND {EXPERIMENT_OF_RUN} = ?"
)
# Of each experiment, the member with the lowest loss; the other columns are from the row of the minimum.
SELECT_BEST_MEMBERS = f"""
SELECT {EXPERIMENT_OF_RUN} AS experiment, id AS run, json_extract(best, '$[0]') AS step,
    min(json_extract(best, '$[1]')) AS score
FROM runs WHERE experiment IS NOT NULL AND json_extract(best, '$[1]') IS NOT NULL GROUP BY 1
"""
COUNT_MEMBERS = f"""
SELECT {EXPERIMENT_OF_RUN} AS experiment, status, count(*) AS count FROM runs
WHERE experiment IS NOT NULL GROUP BY 1, 2
"""
