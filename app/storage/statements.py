"""Statements: the SQL of the store. Only the modules of this package execute them."""

from functools import cache

FORMAT_VERSION = 4
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
}

CREATE = """
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
    pause_when TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE points (
    run TEXT NOT NULL, attempt INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (run, attempt, first)
) WITHOUT ROWID;
CREATE TABLE events (
    run TEXT NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, step INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE checkpoints (
    run TEXT NOT NULL, attempt INTEGER NOT NULL, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
    size INTEGER NOT NULL, state BLOB NOT NULL,
    UNIQUE (run, attempt, step)
);
"""

RESERVE_SEQ = "UPDATE runs SET seq = ? WHERE id = ?"
DELETE_RUN = (
    "DELETE FROM points WHERE run = ?",
    "DELETE FROM events WHERE run = ?",
    "DELETE FROM checkpoints WHERE run = ?",
    "DELETE FROM uses WHERE run = ?",
    "DELETE FROM runs WHERE id = ?",
)
COUNT_META = "SELECT count(*) FROM sqlite_master WHERE name = 'meta'"
SELECT_VERSION = "SELECT value FROM meta WHERE key = 'format_version'"
UPDATE_VERSION = "UPDATE meta SET value = ? WHERE key = 'format_version'"
INSERT_VERSION = "INSERT INTO meta VALUES ('format_version', ?)"
INSERT_POINTS = "INSERT OR REPLACE INTO points (run, attempt, first, last, columns) VALUES (?, ?, ?, ?, ?)"
INSERT_EVENT = "INSERT OR REPLACE INTO events (run, seq, attempt, step, event) VALUES (?, ?, ?, ?, ?)"
INSERT_CHECKPOINT = (
    "INSERT OR REPLACE INTO checkpoints (run, attempt, step, epoch, size, state) VALUES (?, ?, ?, ?, ?, ?)"
)
DELETE_CHECKPOINTS = "DELETE FROM checkpoints WHERE run = ? AND attempt = ? AND step = ?"
DELETE_OLD_ATTEMPTS = (
    "DELETE FROM checkpoints WHERE run = ? AND attempt < ?",
    "DELETE FROM points WHERE run = ? AND attempt < ?",
)

PUT_DATASET = "INSERT OR REPLACE INTO datasets (name, created, content, about) VALUES (?, ?, ?, ?)"
DELETE_DATASET = "DELETE FROM datasets WHERE name = ?"
INSERT_USE = "INSERT OR IGNORE INTO uses (run, content) VALUES (?, ?)"

SELECT_DATASETS = "SELECT name, created, content, about FROM datasets ORDER BY created DESC, name"
SELECT_USED = "SELECT content FROM uses UNION SELECT content FROM datasets"
SELECT_RUN = "SELECT * FROM runs WHERE id = ?"
SELECT_RUNS = """
SELECT * FROM runs
WHERE :before IS NULL OR number < (SELECT number FROM runs WHERE id = :before)
ORDER BY number DESC LIMIT :limit
"""
SELECT_UNFINISHED = "SELECT id FROM runs WHERE status IN ('running', 'queued') ORDER BY number"
SELECT_POINTS = "SELECT columns FROM points WHERE run = ? AND attempt = ? AND last > ? ORDER BY first"
SELECT_CHECKPOINTS = "SELECT step, epoch, size FROM checkpoints WHERE run = ? AND attempt = ? ORDER BY step"
SELECT_CHECKPOINT = "SELECT state FROM checkpoints WHERE run = ? AND attempt = ? AND step = ?"
SELECT_NEWEST_CHECKPOINT = (
    "SELECT state FROM checkpoints WHERE run = ? AND attempt = ? ORDER BY step DESC LIMIT 1"
)


@cache
def insert_run(columns: tuple[str, ...]) -> str:
    """Returns the statement that inserts a row with these columns."""
    return f"INSERT INTO runs ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"


@cache
def update_run(columns: tuple[str, ...]) -> str:
    """Returns the statement that updates these columns of the run `id`."""
    return f"UPDATE runs SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE id = :id"
