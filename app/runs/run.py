"""Run: a run in the server's memory, with its record, its frame log and its command queue."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from app import encoding, history_columns
from app.runs.command_queue import CommandQueue
from app.runs.run_record import RunRecord
from app.runs.sized_map import SizedMap
from app.runs.worker_losses import WorkerLosses
from app.storage.attempts import CheckpointEntry
from app.storage.bookmark_rows import Bookmark
from app.storage.store import Store
from app.streaming.frame_log import Frame, FrameLog
from app.workers.recorded import Position
from engine.config.models import Config
from engine.datasets.tables.library import TableLibrary
from engine.schedules import initial_rate
from engine.tasks.resolve import parameter_count, parse, warnings

log = logging.getLogger("perceptarium")

# Seqs are reserved in the store in blocks before they are used: after a crash none is used twice.
SEQ_BLOCK = 10_000
# Why a member left its batch, by the type of the event.
LEFT_BATCH = {
    "change": "its configuration was changed",
    "operation": "its weights were edited",
    "data": "its points were changed",
    "reset": "it was reset",
    "lost": "the process that trained its batch ended twice",
    None: "it went on by itself",
}


def _checkpoints() -> SizedMap[CheckpointEntry]:
    return SizedMap(attrgetter("size"))


def _sizes() -> SizedMap[int]:
    return SizedMap(int)


@dataclass(kw_only=True, eq=False)
class Run(RunRecord):
    """A run in memory; `log_status` sends a change of its record to the viewers."""

    config: Config
    store: Store
    log: FrameLog = field(default_factory=FrameLog)
    reserved_seq: int = SEQ_BLOCK  # no seq above it may be used before it is raised in the store
    queue: CommandQueue = field(default_factory=CommandQueue)
    checkpoints: SizedMap[CheckpointEntry] = field(default_factory=_checkpoints)  # of this attempt, by step
    earlier_attempts: SizedMap[int] = field(default_factory=_sizes)  # bytes of their checkpoints
    beginning_bytes: int = 0  # of the state with which a fork begins
    drawn_bytes: int = 0  # of the points that were drawn into it, of every change that a replay needs
    bookmarks: dict[str, Bookmark] = field(default_factory=dict)  # of all attempts, by name
    losses: WorkerLosses = field(default_factory=WorkerLosses)
    event_seq: int = 0  # seq of its newest event
    sent_weights: tuple[int, int] = (0, 0)  # attempt and step of the newest weights that a worker sent
    deleted: bool = False
    observe: Callable[["Run"], None] | None = None  # is called after every logged frame

    def __post_init__(self) -> None:
        self.parameters, self.warnings = parameter_count(self.config), warnings(self.config)
        if self.learning_rate is None:
            self.learning_rate = initial_rate(self.config.optimizer)

    @classmethod
    def create(cls, config: Config, store: Store, speed: float | None, **values: Any) -> "Run":
        """Returns a new run, and stores it; `values` are other fields of its record."""
        run = cls(
            id=secrets.token_hex(6),
            config=config,
            config_dict=config.model_dump(mode="json"),
            store=store,
            speed=speed,
            **values,
        )
        store.create_run(run.row() | {"seq": run.reserved_seq})
        return run

    @classmethod
    def from_row(  # type: ignore[override]
        cls, row: dict[str, Any], store: Store, tables: TableLibrary
    ) -> "Run":
        """Returns the run that was stored as this row."""
        values, seq = cls.values_of(row), row["seq"]
        return cls(
            **values,
            config=parse(values["config_dict"], tables),
            store=store,
            log=FrameLog(seq),
            reserved_seq=seq,
        )

    def set_config(self, config: Config) -> None:
        """Replaces the configuration."""
        self.config, self.config_dict = config, config.model_dump(mode="json")
        self.parameters, self.warnings = parameter_count(config), warnings(config)

    @property
    def batch(self) -> str | None:
        """The name of the batch of members with which the run trains; None: it trains alone."""
        if self.experiment is None or self.experiment.get("batch") is None:
            return None
        return f"{self.experiment['id']}/{self.experiment['batch']}"

    @property
    def until(self) -> int | None:
        """The step at which the run pauses by itself, to be compared with the others of its experiment."""
        return self.experiment.get("until") if self.experiment is not None else None

    def train_alone(self, event: dict[str, Any] | None, position: Position) -> None:
        """Records that and why the run, a member of an experiment, left its batch."""
        assert self.experiment is not None
        kind = "reset" if position.attempt != self.attempt else event["type"] if event else None
        why = f"{LEFT_BATCH.get(kind, LEFT_BATCH[None])} at step {max(self.step, position.step):,}"
        self.experiment = self.experiment | {"mode": "alone", "mode_reason": why, "batch": None}

    @property
    def recorded_bytes(self) -> int:
        """Bytes of the recorded checkpoints of all its attempts, its drawn points, a fork's beginning."""
        return self.checkpoints.bytes + self.earlier_attempts.bytes + self.beginning_bytes + self.drawn_bytes

    @property
    def bookmarked_steps(self) -> list[int]:
        """The steps of this attempt that have bookmarks."""
        return [mark.step for mark in self.bookmarks.values() if mark.attempt == self.attempt]

    def newest_step(self, attempt: int, known: int) -> int:
        """Returns the newest step of an attempt of which a viewer may have a view, from the reported one.

        Workers report steps less often than they send weights.
        """
        return max(known, self.sent_weights[1]) if self.sent_weights[0] == attempt else known

    def has_attempt(self, attempt: int) -> bool:
        """Whether the attempt is recorded: the current one, or an earlier one that was not deleted."""
        return attempt == self.attempt or attempt in self.earlier_attempts

    def answer(self) -> dict[str, Any]:
        """Returns the REST answer about the run."""
        return super().answer() | {"seq": self.log.last}

    def update_best(self, points: dict[str, Any]) -> None:
        """Compare newly measured points, as columns, with the best point so far."""
        newest = history_columns.best(points)
        if newest is not None and (self.best is None or newest[1] < self.best[1]):
            self.best = newest

    # ---- frames

    def log_text(self, text: str) -> None:
        """Logs a frame; `text` is without run and seq."""
        seq = self.log.last + 1
        if seq > self.reserved_seq - SEQ_BLOCK // 2:
            self.reserve()
        self.log.append(Frame(seq, encoding.frame(self.id, seq, text)))
        if self.observe is not None:
            self.observe(self)

    def report(self, event: str) -> None:
        """Writes an event of the run to the log of the server."""
        log.info(event, extra={"run": self.id})

    def log_status(self) -> None:
        """Logs a status frame."""
        self.log_text(self._status_text())

    def log_event(self, event: dict[str, Any]) -> None:
        """Logs and stores a change; the frame has the configuration after it."""
        self.notify(event)
        self.event_seq = self.log.last
        self.store.attempts.add_event(self.id, self.event_seq, self.position, event)

    def notify(self, event: dict[str, Any]) -> None:
        """Logs an event that is not stored, because it takes no part in the training."""
        self.log_text(encoding.body("event", self.position, {"event": event, "config": self.config_dict}))

    def status_frame(self) -> str:
        """Returns a status frame for one viewer that was not sent the frames before it."""
        return encoding.frame(self.id, self.log.last, self._status_text())

    def reset_frame(self, seq: int) -> str:
        """Returns a frame after which one viewer must read the history again."""
        return encoding.frame(self.id, seq, encoding.body("reset", self.position, {}))

    def reserve(self) -> None:
        """Reserves the next block of seqs."""
        self.reserved_seq = self.log.last + SEQ_BLOCK
        self.store.reserve_seq(self.id, self.reserved_seq)

    def release(self) -> None:
        """Stores the run and releases its unused seqs, before it is removed from memory."""
        self.reserved_seq = self.log.last
        self.store.update_run(self.row())
        self.store.reserve_seq(self.id, self.reserved_seq)

    def _status_text(self) -> str:
        return encoding.body("status", self.position, self.status_content())
