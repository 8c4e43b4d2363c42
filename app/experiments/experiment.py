"""Experiment: its record, and the log of what happens to its members."""

import asyncio
import secrets
from dataclasses import dataclass, field
from time import time
from typing import Any, Protocol

from app import encoding
from app.runs.run import SEQ_BLOCK, Run
from app.runs.run_record import RunRecord
from app.storage.experiment_rows import ExperimentRow
from app.storage.store import Store
from app.streaming.frame_log import Frame, FrameLog


class LogReader(Protocol):
    """Who reads the log of an experiment."""

    def wake(self) -> None:
        """Handle that there are frames to send."""

    def end(self) -> None:
        """Handle that the experiment was deleted."""


@dataclass(kw_only=True, eq=False)
class Experiment:
    """A set of runs that differ from one configuration in the fields of `vary`.

    `config` and `vary` are as they were requested. Every change of a member is a frame of the log.
    """

    name: str
    config: dict[str, Any]
    vary: dict[str, Any]
    sample: str
    halving: dict[str, Any] | None = None  # see `app.experiments.halving_rule`
    store: Store
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    created: float = field(default_factory=time)
    log: FrameLog = field(default_factory=FrameLog)
    reserved_seq: int = SEQ_BLOCK  # no seq above it may be used before it is raised in the store
    commands: asyncio.Lock = field(default_factory=asyncio.Lock)  # one at a time, else members differ
    viewers: set[LogReader] = field(default_factory=set)
    # By member, its position and status, and the findings of its most important problem then.
    diagnoses: dict[str, tuple[Any, list[dict[str, Any]]]] = field(default_factory=dict)
    _logged: dict[str, Any] = field(default_factory=dict)  # the newest content of a frame, by member

    @classmethod
    def from_row(cls, row: ExperimentRow, store: Store) -> "Experiment":
        """Returns the experiment that was stored as this row, with a new block of seqs."""
        values = row._asdict()
        seq = values.pop("seq")
        for name in ("config", "vary", "halving"):
            values[name] = encoding.decode(values[name] or "null")
        experiment = cls(**values, store=store, log=FrameLog(seq), reserved_seq=seq)
        experiment._reserve()
        return experiment

    def row(self) -> ExperimentRow:
        """Returns the row of the store."""
        config, vary = (encoding.encode(value).decode() for value in (self.config, self.vary))
        row = (self.id, self.created, self.name, config, vary, self.sample, self.reserved_seq)
        return ExperimentRow(*row, self._stored_halving())

    def set_halving(self, halving: dict[str, Any]) -> None:
        """Replaces the rule of halving and its rounds."""
        self.halving = halving
        self.store.experiments.update_halving(self.id, self._stored_halving())

    def _stored_halving(self) -> str | None:
        return None if self.halving is None else encoding.encode(self.halving).decode()

    def log_member(self, run: Run) -> None:
        """Logs the state of a member, if it is not the newest one that was logged."""
        content = member_state(run) | {"status": "deleted" if run.deleted else run.status}
        if self._logged.get(run.id) == content:
            return
        self._logged[run.id] = content
        seq = self.log.last + 1
        if seq > self.reserved_seq - SEQ_BLOCK // 2:
            self._reserve()
        self.log.append(Frame(seq, self._frame("member", seq, content)))
        for viewer in self.viewers:
            viewer.wake()

    def reset_frame(self, seq: int) -> str:
        """Returns a frame after which a viewer must read the experiment again."""
        return self._frame("reset", seq, {})

    def release(self) -> None:
        """Releases the unused seqs, before the server ends."""
        self.reserved_seq = self.log.last
        self.store.experiments.reserve_seq(self.id, self.reserved_seq)

    def _reserve(self) -> None:
        self.reserved_seq = self.log.last + SEQ_BLOCK
        self.store.experiments.reserve_seq(self.id, self.reserved_seq)

    def _frame(self, kind: str, seq: int, content: dict[str, Any]) -> str:
        head = {"experiment": self.id, "seq": seq, "kind": kind}
        return encoding.encode(head | content).decode()


def member_state(run: RunRecord) -> dict[str, Any]:
    """Returns what answers and frames say of a member."""
    assert run.experiment is not None
    return {
        "run": run.id,
        "member": run.experiment["member"],
        "status": run.status,
        "reason_code": run.reason_code if run.status != "queued" else None,
        "attempt": run.attempt,
        "step": run.step,
        "epoch": run.epoch,
        "latest": run.latest,
        "best": None if run.best is None else {"step": run.best[0], "score": run.best[1]},
    }
