"""Stored states: reads the states of checkpoints, and recognizes those that are damaged.

A state is damaged if it differs from its checksum; of earlier versions, which stored none, if it does not
begin like a checkpoint.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from app.errors import Damaged
from engine.training.checkpoint import MAGIC

SELECT_CHECKPOINT = "SELECT state, checksum FROM checkpoints WHERE run = ? AND attempt = ? AND step = ?"
SELECT_BEGINNING = "SELECT state, checksum FROM beginnings WHERE run = ?"
# Of the same step, the recorded one first: it is replaced with every event.
SELECT_NEWEST_CHECKPOINTS = """
SELECT step, kind, state, checksum FROM (
    SELECT step, kind, state, checksum FROM checkpoints WHERE run = ? AND attempt = ?
    UNION ALL SELECT step, 'recovery', state, checksum FROM recovery WHERE run = ? AND attempt = ?
) ORDER BY step DESC, kind = 'recovery'
"""
SELECT_LAST_EVENT_STEP = "SELECT coalesce(max(step), -1) FROM events WHERE run = ? AND attempt = ?"
SELECT_CHECKPOINTS_BEFORE = """
SELECT step, kind, state, checksum FROM checkpoints WHERE run = ? AND attempt = ? AND step <= ?
ORDER BY step DESC
"""


def is_intact(state: Any, checksum: int | None) -> bool:
    """Returns whether a state is as it was stored."""
    if not isinstance(state, bytes):
        return False
    return state.startswith(MAGIC) if checksum is None else crc32(state) == checksum


def newest(connection: sqlite3.Connection, run: str, attempt: int) -> bytes | None:
    """Returns the newest intact checkpoint, recorded or for recovery; None if there is none at all.

    Raises Damaged if the checkpoints after the last event are damaged: without them, a run that continues
    from an earlier one would lose the event.
    """
    rows = connection.execute(SELECT_NEWEST_CHECKPOINTS, (run, attempt, run, attempt))
    last_event = None
    damaged = None
    for step, kind, state, checksum in rows:
        if is_intact(state, checksum):
            if damaged is None:
                return bytes(state)
            if last_event is None:
                values = (run, attempt)
                last_event = connection.execute(SELECT_LAST_EVENT_STEP, values).fetchone()[0]
            if step > last_event or (step == last_event and kind == "event"):
                return bytes(state)
        damaged = step if damaged is None else damaged
    if damaged is not None:
        raise checkpoint_damaged(damaged)
    return None


def newest_before(
    connection: sqlite3.Connection, run: str, attempt: int, step: int
) -> tuple[tuple[int, bytes] | None, list[int]]:
    """Returns step and state of the newest intact checkpoint up to `step`, and the damaged steps after it."""
    damaged: list[int] = []
    for found, _, state, checksum in connection.execute(SELECT_CHECKPOINTS_BEFORE, (run, attempt, step)):
        if is_intact(state, checksum):
            return (found, state), damaged
        damaged.append(found)
    return None, damaged


def of_steps(
    connection: sqlite3.Connection, run: str, attempt: int, steps: Iterable[int]
) -> tuple[bytes, ...]:
    """Returns the intact recorded checkpoints among these steps, in order."""
    selected = (connection.execute(SELECT_CHECKPOINT, (run, attempt, step)).fetchone() for step in steps)
    return tuple(row["state"] for row in selected if row and is_intact(row["state"], row["checksum"]))


def beginning(connection: sqlite3.Connection, run: str) -> bytes | None:
    """Returns the state with which a fork begins; None if the run is none. Raises Damaged."""
    row: Any = connection.execute(SELECT_BEGINNING, (run,)).fetchone()
    if row is None:
        return None
    if not is_intact(row["state"], row["checksum"]):
        raise Damaged("The stored state with which this run begins is damaged.", field="beginning")
    return bytes(row["state"])


def checkpoint_damaged(step: int) -> Damaged:
    """Returns the error for a run that cannot continue because the checkpoint of a step is damaged."""
    return Damaged(
        f"The checkpoint of step {step} is damaged. Reset the run, or continue an earlier step as a new one.",
        field="step", given=step,
    )  # fmt: skip
