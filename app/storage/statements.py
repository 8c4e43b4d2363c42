"""Statements: the SQL of the store. Only the modules of this package execute them."""

from app.storage.experiment_statements import ADD_EXPERIMENTS, ADD_HALVING, CREATE_EXPERIMENT_TABLES

FORMAT_VERSION = 13
CREATE_ATTEMPTS = """
CREATE TABLE attempts (
    run TEXT NOT NULL, attempt INTEGER NOT NULL, created REAL NOT NULL, config TEXT NOT NULL, versions TEXT,
    step INTEGER NOT NULL DEFAULT 0, epoch INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run, attempt)
)
"""
CREATE_RECOVERY = """
CREATE TABLE recovery (
    run TEXT PRIMARY KEY, attempt INTEGER NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
    state BLOB NOT NULL
)
"""
CREATE_BOOKMARKS = """
CREATE TABLE bookmarks (
    run TEXT NOT NULL, name TEXT NOT NULL, attempt INTEGER NOT NULL, step INTEGER NOT NULL,
    note TEXT NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (run, name)
) WITHOUT ROWID
"""
# Step and loss of the best measured point of an attempt that ended, or null, as JSON; NULL: not known.
ADD_ATTEMPT_BEST = "ALTER TABLE attempts ADD COLUMN best TEXT"
# What is known of checkpoints is read from it, without the states.
CREATE_CHECKPOINT_INDEX = (
    "CREATE INDEX checkpoint_entries ON checkpoints (run, attempt, step, epoch, size, kind, update_norm)"
)
# The state with which a fork begins; it is kept as long as the run.
CREATE_BEGINNINGS = "CREATE TABLE beginnings (run TEXT PRIMARY KEY, state BLOB NOT NULL)"
# CRC-32 of the state of a checkpoint; NULL: an earlier version stored it without.
ADD_CHECKSUMS = tuple(
    f"ALTER TABLE {table} ADD COLUMN checksum INTEGER" for table in ("checkpoints", "recovery", "beginnings")
)
# The last attempt that uses the table; bytes of points that were drawn into the run, 0 of other tables.
ADD_USE_COLUMNS = tuple(
    f"ALTER TABLE uses ADD COLUMN {name} INTEGER NOT NULL DEFAULT 0" for name in ("attempt", "bytes")
)
# The statements that upgrade each older format to the next one.
UPGRADES = {
    1: ("ALTER TABLE runs ADD COLUMN pause_when TEXT NOT NULL DEFAULT '[]'",),
    2: (
        "CREATE TABLE datasets (name TEXT PRIMARY KEY, created REAL NOT NULL, content TEXT NOT NULL,"
        " about TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE uses (run TEXT NOT NULL, content TEXT NOT NULL,"
        " PRIMARY KEY (run, content)) WITHOUT ROWID",
    ),
    3: (
        "ALTER TABLE runs ADD COLUMN reason_code TEXT",
        "ALTER TABLE runs ADD COLUMN reason_parameters TEXT",
    ),
    4: (
        "ALTER TABLE events ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE checkpoints ADD COLUMN kind TEXT NOT NULL DEFAULT 'recorded'",
        CREATE_ATTEMPTS,
        CREATE_RECOVERY,
        # The configuration with which these attempts began was not recorded: the present one is the nearest.
        "INSERT INTO attempts (run, attempt, created, config, step, epoch)"
        " SELECT id, attempt, created, config, step, epoch FROM runs",
    ),
    5: (
        "ALTER TABLE runs ADD COLUMN best TEXT",
        "CREATE INDEX checkpoint_entries ON checkpoints (run, attempt, step, epoch, size, kind)",
    ),
    6: ("ALTER TABLE runs ADD COLUMN parent TEXT", CREATE_BEGINNINGS),
    7: (CREATE_BOOKMARKS,),
    8: (ADD_ATTEMPT_BEST,),
    9: (
        "ALTER TABLE checkpoints ADD COLUMN update_norm REAL",
        "DROP INDEX checkpoint_entries",
        CREATE_CHECKPOINT_INDEX,
    ),
    10: (
        *ADD_CHECKSUMS,
        *ADD_USE_COLUMNS,
        "UPDATE uses SET attempt = coalesce((SELECT attempt FROM runs WHERE id = uses.run), 0)",
    ),
    11: ADD_EXPERIMENTS,
    12: (ADD_HALVING,),
}

CREATE = f"""
CREATE TABLE datasets (
    name TEXT PRIMARY KEY, created REAL NOT NULL, content TEXT NOT NULL, about TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE uses (run TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (run, content)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created REAL NOT NULL,
    config TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    reason_code TEXT,
    reason_parameters TEXT,
    raised INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER NOT NULL DEFAULT 0,
    step INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0,
    speed REAL,
    latest TEXT,
    learning_rate REAL,
    logged_attempt INTEGER NOT NULL DEFAULT 0,
    logged_step INTEGER NOT NULL DEFAULT -1,
    seq INTEGER NOT NULL DEFAULT 0,
    pause_when TEXT NOT NULL DEFAULT '[]',
    best TEXT,
    parent TEXT
);
CREATE TABLE points (
    run TEXT NOT NULL, attempt INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (run, attempt, first)
) WITHOUT ROWID;
CREATE TABLE events (
    run TEXT NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, step INTEGER NOT NULL,
    event TEXT NOT NULL, epoch INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE checkpoints (
    run TEXT NOT NULL, attempt INTEGER NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
    size INTEGER NOT NULL, state BLOB NOT NULL, kind TEXT NOT NULL DEFAULT 'recorded', update_norm REAL,
    UNIQUE (run, attempt, step)
);
{CREATE_CHECKPOINT_INDEX};
{CREATE_ATTEMPTS};
{ADD_ATTEMPT_BEST};
{CREATE_RECOVERY};
{CREATE_BEGINNINGS};
{CREATE_BOOKMARKS};
{";".join(ADD_CHECKSUMS)};
{";".join(ADD_USE_COLUMNS)};
{CREATE_EXPERIMENT_TABLES};
"""

RESERVE_SEQ = "UPDATE runs SET seq = ? WHERE id = ?"
DELETE_RUN = (
    "DELETE FROM points WHERE run = ?",
    "DELETE FROM events WHERE run = ?",
    "DELETE FROM checkpoints WHERE run = ?",
    "DELETE FROM recovery WHERE run = ?",
    "DELETE FROM attempts WHERE run = ?",
    "DELETE FROM beginnings WHERE run = ?",
    "DELETE FROM bookmarks WHERE run = ?",
    "DELETE FROM uses WHERE run = ?",
    "DELETE FROM runs WHERE id = ?",
)
COUNT_META = "SELECT count(*) FROM sqlite_master WHERE name = 'meta'"
SELECT_VERSION = "SELECT value FROM meta WHERE key = 'format_version'"
UPDATE_VERSION = "UPDATE meta SET value = ? WHERE key = 'format_version'"
INSERT_VERSION = "INSERT INTO meta VALUES ('format_version', ?)"
INSERT_POINTS = "INSERT OR REPLACE INTO points (run, attempt, first, last, columns) VALUES (?, ?, ?, ?, ?)"
INSERT_EVENT = (
    "INSERT OR REPLACE INTO events (run, seq, attempt, step, epoch, event) VALUES (?, ?, ?, ?, ?, ?)"
)
INSERT_CHECKPOINT = (
    "INSERT OR REPLACE INTO checkpoints"
    " (run, attempt, step, epoch, size, kind, update_norm, state, checksum)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
PUT_RECOVERY = (
    "INSERT OR REPLACE INTO recovery (run, attempt, step, epoch, state, checksum) VALUES (?, ?, ?, ?, ?, ?)"
)
PUT_BEGINNING = "INSERT OR REPLACE INTO beginnings (run, state, checksum) VALUES (?, ?, ?)"
INSERT_ATTEMPT = (
    "INSERT OR REPLACE INTO attempts (run, attempt, created, config, versions) VALUES (?, ?, ?, ?, ?)"
)
END_ATTEMPT = "UPDATE attempts SET step = ?, epoch = ?, best = ? WHERE run = ? AND attempt = ?"
SET_ATTEMPT_BEST = "UPDATE attempts SET best = ? WHERE run = ? AND attempt = ?"
DELETE_CHECKPOINTS = "DELETE FROM checkpoints WHERE run = ? AND attempt = ? AND step = ?"
DELETE_ATTEMPT = (
    "DELETE FROM checkpoints WHERE run = ? AND attempt = ?",
    "DELETE FROM events WHERE run = ? AND attempt = ?",
    "DELETE FROM points WHERE run = ? AND attempt = ?",
    "DELETE FROM attempts WHERE run = ? AND attempt = ?",
    "DELETE FROM bookmarks WHERE run = ? AND attempt = ?",
)
PUT_BOOKMARK = (
    "INSERT OR REPLACE INTO bookmarks (run, name, attempt, step, note, created) VALUES (?, ?, ?, ?, ?, ?)"
)
DELETE_BOOKMARK = "DELETE FROM bookmarks WHERE run = ? AND name = ?"
SELECT_BOOKMARKS = "SELECT name, attempt, step, note, created FROM bookmarks WHERE run = ? ORDER BY name"

PUT_DATASET = "INSERT OR REPLACE INTO datasets (name, created, content, about) VALUES (?, ?, ?, ?)"
DELETE_DATASET = "DELETE FROM datasets WHERE name = ?"
DELETE_CONTENT = "DELETE FROM datasets WHERE content = ?"
PUT_USE = "INSERT OR REPLACE INTO uses (run, content, attempt, bytes) VALUES (?, ?, ?, ?)"
DELETE_USE = "DELETE FROM uses WHERE run = ? AND content = ?"
SELECT_USES = "SELECT run, content, attempt, bytes FROM uses"
SELECT_DRAWN_BYTES = "SELECT coalesce(sum(bytes), 0) FROM uses WHERE run = ?"

SELECT_DATASETS = "SELECT name, created, content, about FROM datasets ORDER BY created DESC, name"
SELECT_USED = "SELECT content FROM uses UNION SELECT content FROM datasets"
SELECT_RUN = "SELECT * FROM runs WHERE id = ?"
SELECT_POINTS = "SELECT columns FROM points WHERE run = ? AND attempt = ? AND last > ? ORDER BY first"
SELECT_CHECKPOINTS = (
    "SELECT step, epoch, size, kind, update_norm FROM checkpoints WHERE run = ? AND attempt = ? ORDER BY step"
)
MARK_DAMAGED = "UPDATE checkpoints SET kind = 'damaged' WHERE run = ? AND attempt = ? AND step = ?"
SELECT_BEGINNING_BYTES = "SELECT coalesce(sum(length(state)), 0) FROM beginnings WHERE run = ?"
SELECT_EVENTS = (
    "SELECT seq, step, epoch, event FROM events WHERE run = ? AND attempt = ? AND seq > ? ORDER BY seq"
)
SELECT_ATTEMPTS = """
SELECT attempt, created, config, versions, step, epoch, best, coalesce((
    SELECT sum(size) FROM checkpoints WHERE run = attempts.run AND attempt = attempts.attempt
), 0) AS bytes
FROM attempts WHERE run = ? ORDER BY attempt
"""

IS_NAMED = "(json_extract(runs.config, '$.name') <> '')"
SET_MISSING_BEST = "UPDATE runs SET best = ? WHERE id = ? AND best IS NULL"
SUM_BYTES = """
SELECT (SELECT coalesce(sum(size), 0) FROM checkpoints) + (SELECT coalesce(sum(bytes), 0) FROM uses),
    (SELECT coalesce(sum(length(state)), 0) FROM beginnings)
"""
# Runs with or without a name; of all runs, or of the members of an experiment.
_OF_SCOPE = (
    f"{IS_NAMED} = :named AND (:experiment IS NULL OR json_extract(runs.experiment, '$.id') = :experiment)"
)
SELECT_EARLIER_ATTEMPTS = f"""
SELECT attempts.run, attempts.attempt, coalesce((
    SELECT sum(size) FROM checkpoints WHERE run = attempts.run AND attempt = attempts.attempt
), 0) AS bytes
FROM attempts JOIN runs ON runs.id = attempts.run
WHERE attempts.attempt < runs.attempt AND {_OF_SCOPE}
ORDER BY attempts.created, runs.number, attempts.attempt
"""
SELECT_CURRENT_ATTEMPTS = f"""
SELECT id, attempt, step, best, json_extract(experiment, '$.id') FROM runs WHERE {_OF_SCOPE}
"""
SELECT_CURRENT_CHECKPOINTS = f"""
SELECT runs.id, checkpoints.attempt, checkpoints.step, checkpoints.epoch, size, kind
FROM runs CROSS JOIN checkpoints ON checkpoints.run = runs.id AND checkpoints.attempt = runs.attempt
WHERE {_OF_SCOPE}
"""
SELECT_CURRENT_BOOKMARKS = f"""
SELECT runs.id, bookmarks.step
FROM runs JOIN bookmarks ON bookmarks.run = runs.id AND bookmarks.attempt = runs.attempt
WHERE {_OF_SCOPE}
"""
