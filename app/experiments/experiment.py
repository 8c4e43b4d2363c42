"""Experiment: its record, and the log of what happens to its members."""

import asyncio
import secrets
from collections.abc import Callable, Iterable
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
    pending: dict[str, Any] | None = None  # what the rule does with members now; also after a restart
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
    _held: dict[str, Run | None] = field(default_factory=dict)  # see `hold`, with what they are now

    @classmethod
    def from_row(cls, row: ExperimentRow, store: Store) -> "Experiment":
        """Returns the experiment that was stored as this row, with a new block of seqs."""
        values = row._asdict()
        seq = values.pop("seq")
        for name in ("config", "vary", "halving"):
            values[name] = encoding.decode(values[name] or "null")
        stored = values.pop("halving") or {}
        pending = stored.pop("pending", None)
        values |= {"halving": stored or None, "pending": pending}
        experiment = cls(**values, store=store, log=FrameLog(seq), reserved_seq=seq)
        experiment._reserve()
        return experiment

    def row(self) -> ExperimentRow:
        """Returns the row of the store."""
        config, vary = (encoding.encode(value).decode() for value in (self.config, self.vary))
        row = (self.id, self.created, self.name, config, vary, self.sample, self.reserved_seq)
        return ExperimentRow(*row, self._stored_halving())

    def set_halving(self, halving: dict[str, Any] | None) -> None:
        """Replaces the rule of halving and its rounds; nothing is pending any more."""
        self.halving, self.pending = halving, None
        self.store.experiments.update_halving(self.id, self._stored_halving())
        self._log("halving", {"halving": halving})

    def set_pending(self, pending: dict[str, Any]) -> None:
        """Stores what is to be done with members, which is done again if the server ends before."""
        self.pending = pending
        self.store.experiments.update_halving(self.id, self._stored_halving())

    def _stored_halving(self) -> str | None:
        stored = (self.halving or {}) | ({} if self.pending is None else {"pending": self.pending})
        return encoding.encode(stored).decode() if stored else None

    def hold(self, runs: Iterable[str]) -> None:
        """From now on these members are described as they were, until `describe_again`."""
        for run in runs:
            self._held.setdefault(run, None)

    def describe_again(self, keep: Callable[[Run], bool] = lambda run: False) -> None:
        """Describes held members as they are, all at once.

        Those for which `keep` returns True wait again: they have trained until now, and stay held.
        """
        held = [run for run in self._held.values() if run is not None]
        self._held = {run.id: run for run in held if keep(run)}
        for run in held:
            if run.id in self._held:
                self._log_content(run, member_state(run) | {"status": "running", "reason_code": None})
        # Those that train first, so that the experiment trains after each frame if it does after all of them.
        for run in sorted(held, key=lambda run: run.status not in ("running", "queued")):
            self.log_member(run)

    def describe(self, run: RunRecord) -> dict[str, Any]:
        """Returns what answers say of a member."""
        return (self._logged.get(run.id) if run.id in self._held else None) or member_state(run)

    def described_counts(self, counts: dict[str, int]) -> dict[str, int]:
        """Returns how many members have each status, of those as they are, as answers describe them."""
        described = dict(counts)
        for run in self._held.values():
            if run is not None and not run.deleted and described.get(run.status):
                described[run.status] -= 1
                status = self.describe(run)["status"]
                described[status] = described.get(status, 0) + 1
        return {status: count for status, count in described.items() if count}

    def log_member(self, run: Run) -> None:
        """Logs the state of a member, if it is not the newest one that was logged."""
        if run.id in self._held:
            self._held[run.id] = run
            return
        self._log_content(run, member_state(run) | {"status": "deleted" if run.deleted else run.status})

    def _log_content(self, run: Run, content: dict[str, Any]) -> None:
        if self._logged.get(run.id) != content:
            self._logged[run.id] = content
            self._log("member", content)

    def _log(self, kind: str, content: dict[str, Any]) -> None:
        seq = self.log.last + 1
        if seq > self.reserved_seq - SEQ_BLOCK // 2:
            self._reserve()
        self.log.append(Frame(seq, self._frame(kind, seq, content)))
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
