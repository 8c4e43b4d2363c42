"""Run: what the server knows of one run, and the frames it logs about it."""

import asyncio
from time import time
from typing import Any, cast

from app import encoding
from app.run_states import Status
from app.storage.store import Store
from app.streaming.frame_log import Frame, FrameLog
from app.workers.messages import Moment
from engine.config.models import Config
from engine.tasks.resolve import parameter_count, warnings

# Seqs are reserved in the store in blocks, long before their use: none is given twice after a crash.
SEQ_BLOCK = 10_000


class Run:
    """One run in the server's memory; every change of its status is made visible by `log_status`."""

    def __init__(
        self,
        run: str,
        config: Config,
        status: Status,
        store: Store,
        reserved: int,
        seq: int,
        created: float | None = None,
    ) -> None:
        self.id = run
        self.created = time() if created is None else created
        self.status: Status = status
        self.reason: str | None = None
        self.raised = False
        self.pause_when: tuple[str, ...] = ()
        self.moment = Moment(0, 0, 0)
        self.speed: float | None = None
        self.latest: dict[str, Any] | None = None
        self.learning_rate = config.optimizer.learning_rate
        self.steps_per_second = 0.0
        self.logged = (0, -1)
        self.log = FrameLog(seq)
        self.recorded: dict[int, int] = {}
        self.losses = 0
        self.lock = asyncio.Lock()
        self.deleted = False
        self._reserved = reserved
        self._store = store
        self.set_config(config)

    @classmethod
    def from_row(cls, row: dict[str, Any], config: Config, store: Store) -> "Run":
        """The run as it was stored."""
        run = cls(
            row["id"], config, cast(Status, row["status"]), store, row["seq"], row["seq"], row["created"]
        )
        run.reason, run.raised, run.speed = row["reason"], bool(row["raised"]), row["speed"]
        run.moment = Moment(row["attempt"], row["step"], row["epoch"])
        run.latest = encoding.decode(row["latest"]) if row["latest"] else None
        run.pause_when = tuple(encoding.decode(row["pause_when"]))
        run.logged = (row["logged_attempt"], row["logged_step"])
        if row["learning_rate"] is not None:
            run.learning_rate = row["learning_rate"]
        return run

    def set_config(self, config: Config) -> None:
        """The configuration as it now is."""
        self.config = config
        self.config_dict = config.model_dump(mode="json")
        self._config_text = encoding.encode(self.config_dict).decode()
        self.parameters = parameter_count(config)
        self.warnings = warnings(config)

    @property
    def kept(self) -> bool:
        """Whether somebody gave it a name; such a run does not go away when it is replaced."""
        return bool(self.config.name)

    def first_row(self) -> dict[str, Any]:
        """What the store begins with."""
        row = {
            name: value for name, value in self.row().items() if name in ("id", "config", "status", "speed")
        }
        return row | {"created": self.created, "seq": self._reserved}

    def row(self) -> dict[str, Any]:
        """What the store keeps of it."""
        return {
            "id": self.id,
            "config": self._config_text,
            "status": self.status,
            "reason": self.reason,
            "raised": int(self.raised),
            "attempt": self.moment.attempt,
            "step": self.moment.step,
            "epoch": self.moment.epoch,
            "speed": self.speed,
            "latest": encoding.encode(self.latest).decode() if self.latest else None,
            "learning_rate": self.learning_rate,
            "logged_attempt": self.logged[0],
            "logged_step": self.logged[1],
            "pause_when": encoding.encode(self.pause_when).decode(),
        }

    def answer(self) -> dict[str, Any]:
        """What REST says of it."""
        return {
            "id": self.id,
            "url": f"/runs/{self.id}",
            "name": self.config.name,
            "created": self.created,
            "status": self.status,
            "status_reason": self.reason,
            "attempt": self.moment.attempt,
            "step": self.moment.step,
            "epoch": self.moment.epoch,
            "seq": self.log.last,
            "latest": self.latest,
            "learning_rate": self.learning_rate,
            "steps_per_second": self.steps_per_second,
            "speed": shown_speed(self.speed),
            "pause_when": self.pause_when,
            "parameters": self.parameters,
            "warnings": self.warnings,
            "config": self.config_dict,
        }

    # ---- frames

    def log_text(self, text: str) -> None:
        """Log a frame whose text lacks run and seq."""
        seq = self.log.last + 1
        if seq > self._reserved - SEQ_BLOCK // 2:
            self.reserve()
        self.log.append(Frame(seq, encoding.frame(self.id, seq, text)))

    def log_status(self) -> None:
        """Log the status as it now is."""
        self.log_text(self._status_text())

    def log_event(self, event: dict[str, Any]) -> None:
        """Log and record a change."""
        self.log_text(encoding.body("event", self.moment, {"event": event}))
        self._store.add_event(self.id, self.log.last, self.moment.attempt, self.moment.step, event)

    def status_frame(self) -> str:
        """The status as it now is, for a viewer who cannot be shown how it came about."""
        return encoding.frame(self.id, self.log.last, self._status_text())

    def reset_frame(self, seq: int) -> str:
        """Tell a viewer to draw from scratch."""
        return encoding.frame(self.id, seq, encoding.body("reset", self.moment, {}))

    def reserve(self) -> None:
        """Reserve the next block of seqs."""
        self._reserved = self.log.last + SEQ_BLOCK
        self._store.reserve_seq(self.id, self._reserved)

    def release(self) -> None:
        """Give back the seqs that were not used: the run leaves memory in good order."""
        self._reserved = self.log.last
        self._store.update_run(self.row())
        self._store.reserve_seq(self.id, self._reserved)

    def _status_text(self) -> str:
        content = {
            "status": self.status,
            "reason": self.reason,
            "config": self.config_dict,
            "speed": shown_speed(self.speed),
            "pause_when": self.pause_when,
            "parameters": self.parameters,
            "warnings": self.warnings,
            "latest": self.latest,
            "learning_rate": self.learning_rate,
            "steps_per_second": self.steps_per_second,
        }
        return encoding.body("status", self.moment, content)


def shown_speed(speed: float | None) -> float | str:
    """Steps per second, or "max"."""
    return "max" if speed is None else speed
