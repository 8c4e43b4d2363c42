"""Run record: every field of a run, declared once, with the places where it appears.

A field may be a column of the store, a field of the REST answer, and a field of the status frame, each under
a name of its own. `row`, `answer` and `status_content` render the record; `from_row` reads it back;
`app.web.models.run_answers` derives the description of the answer in OpenAPI.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields
from functools import cache
from time import time
from typing import Any, Literal, cast

from app import encoding
from app.run_states import Status, reason
from app.workers.recorded import Position
from engine.training.reason import Reason


@dataclass(frozen=True)
class Codec:
    """Conversion of a value to a column of the store and back."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


PLAIN = Codec(lambda value: value, lambda value: value)
FLAG = Codec(int, bool)
JSON = Codec(lambda value: encoding.encode(value).decode(), encoding.decode)
JSON_OR_NULL = Codec(
    lambda value: JSON.write(value) if value else None, lambda text: JSON.read(text) if text else None
)
OBJECT = Codec(
    lambda value: JSON.write(value) if value else None, lambda text: JSON.read(text) if text else {}
)
BEST = Codec(
    lambda best: JSON.write(best) if best else None,
    lambda text: tuple(best) if (best := JSON.read(text or "null")) and best[1] is not None else None,
)
# Configurations of earlier versions have not every field.
CONFIG = Codec(JSON.write, lambda text: {"unwatched": "train", "steps": None, "tags": []} | JSON.read(text))
NAMES = Codec(JSON.write, lambda text: tuple(JSON.read(text)))


@dataclass(frozen=True)
class Appearance:
    """Where a field appears: its names in the store, the REST answer and the status frame (None: nowhere).

    `show` returns the value in answer and frame. `memory_only`: the store does not have the field, and
    answers about runs that are not in memory leave it out. `description` is that of OpenAPI.
    """

    column: str | None = None
    answer: str | None = None
    status: str | None = None
    codec: Codec = PLAIN
    show: Callable[[Any], Any] = PLAIN.write
    memory_only: bool = False
    description: str | None = None


def appears(
    column: str | None = None,
    answer: str | None = None,
    status: str | None = None,
    *,
    codec: Codec = PLAIN,
    show: Callable[[Any], Any] = PLAIN.write,
    memory_only: bool = False,
    description: str | None = None,
    **default: Any,
) -> Any:
    """Returns a field of the record; `default` or `default_factory` as in dataclasses.field."""
    appearance = Appearance(column, answer, status, codec, show, memory_only, description)
    return field(metadata={"appearance": appearance}, **default)


def shown_speed(speed: float | None) -> float | Literal["max"]:
    """Returns the limit of the steps per second, or "max"."""
    return "max" if speed is None else speed


@dataclass(kw_only=True, eq=False)
class RunRecord:
    """All fields of a run that are stored or reported."""

    id: str = appears("id", "id")
    created: float = appears("created", "created", description="seconds since 1970", default_factory=time)
    status: Status = appears("status", "status", "status", default="paused")
    reason: str | None = appears(
        "reason", "status_reason", "reason",
        description="why it is paused or has ended, in English", default=None,
    )  # fmt: skip
    reason_code: str | None = appears(
        "reason_code", "reason_code", "reason_code",
        description="stable name of the reason; null if there is none", default=None,
    )  # fmt: skip
    reason_parameters: dict[str, Any] = appears(
        "reason_parameters", "reason_parameters", "reason_parameters",
        codec=OBJECT, description="the values in the sentence of the reason", default_factory=dict,
    )  # fmt: skip
    # Epochs or steps were raised after it had finished.
    raised: bool = appears("raised", codec=FLAG, default=False)
    attempt: int = appears("attempt", "attempt", description="grows with every reset", default=0)
    step: int = appears("step", "step", description="optimizer steps of this attempt", default=0)
    epoch: int = appears("epoch", "epoch", default=0)
    latest: dict[str, Any] | None = appears(
        "latest", "latest", "latest",
        codec=JSON_OR_NULL, description="the newest point of the history", default=None,
    )  # fmt: skip
    learning_rate: float | None = appears("learning_rate", "learning_rate", "learning_rate", default=None)
    steps_per_second: float = appears(None, "steps_per_second", "steps_per_second", default=0.0)
    speed: float | None = appears(
        "speed", "speed", "speed", show=shown_speed, description="limit of the steps per second", default=None
    )
    pause_when: tuple[str, ...] = appears(
        "pause_when", "pause_when", "pause_when",
        codec=NAMES, description="diagnoses that pause the run", default=(),
    )  # fmt: skip
    # Step and loss of the best measured point of this attempt.
    best: tuple[int, float] | None = appears("best", codec=BEST, default=None)
    logged_attempt: int = appears("logged_attempt", default=0)  # attempt and step of the last logged point
    logged_step: int = appears("logged_step", default=-1)
    parent: dict[str, Any] | None = appears(
        "parent", "parent",
        codec=JSON_OR_NULL, description="the run, attempt and step that this run continues", default=None,
    )  # fmt: skip
    experiment: dict[str, Any] | None = appears(
        "experiment", "experiment",
        codec=JSON_OR_NULL, default=None,
        description="of a member of an experiment: its id, the number of the member and its values",
    )  # fmt: skip
    parameters: int | None = appears(
        None, "parameters", "parameters",
        memory_only=True, description="number of weights, biases and learned alphas", default=None,
    )  # fmt: skip
    warnings: list[Any] | None = appears(None, "warnings", "warnings", memory_only=True, default=None)
    config_dict: dict[str, Any] = appears(
        "config", "config", "config", codec=CONFIG, description="the resolved configuration as it now is"
    )

    @classmethod
    def values_of(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Returns the fields stored in a row."""
        return {
            name: appearance.codec.read(row[appearance.column])
            for name, appearance in appearances(cls).items()
            if appearance.column is not None
        }

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "RunRecord":
        """Returns the record that was stored as this row."""
        return cls(**cls.values_of(row))

    @classmethod
    def damaged(cls, row: dict[str, Any], config: dict[str, Any]) -> "RunRecord":
        """Returns a record of a row that cannot be read: failed, with `config` instead of its own."""
        record = cls(id=row["id"], created=row["created"], status="failed", config_dict=config)
        record.status_reason = reason("damaged")
        return record

    @property
    def experiment_id(self) -> str | None:
        """The experiment whose member the run is, if it is one."""
        return self.experiment["id"] if self.experiment is not None else None

    @property
    def status_reason(self) -> Reason | None:
        """Why the run has its status, where there is a reason."""
        return Reason(self.reason_code, self.reason, self.reason_parameters) if self.reason else None

    @status_reason.setter
    def status_reason(self, reason: Reason | None) -> None:
        if reason is None:
            self.reason, self.reason_code, self.reason_parameters = None, None, {}
        else:
            self.reason, self.reason_code = reason.text, reason.code
            self.reason_parameters = dict(reason.parameters)

    @property
    def position(self) -> Position:
        """Attempt, step and epoch."""
        return Position(self.attempt, self.step, self.epoch)

    @position.setter
    def position(self, position: Position) -> None:
        self.attempt, self.step, self.epoch = position

    @property
    def first_step(self) -> int:
        """The step with which every attempt begins: 0, or that of the parent at which a fork began."""
        return self.parent["step"] if self.parent else 0

    @property
    def logged(self) -> tuple[int, int]:
        """Attempt and step of the last point in the log."""
        return self.logged_attempt, self.logged_step

    def row(self) -> dict[str, Any]:
        """Returns the values of the columns of the store."""
        return {
            appearance.column: appearance.codec.write(getattr(self, name))
            for name, appearance in appearances(type(self)).items()
            if appearance.column is not None
        }

    def answer(self) -> dict[str, Any]:
        """Returns the REST answer about the run."""
        address = {"id": self.id, "url": f"/runs/{self.id}", "name": self.config_dict["name"]}
        return address | self._shown("answer")

    def status_content(self) -> dict[str, Any]:
        """Returns the content of the status frame."""
        return self._shown("status")

    def _shown(self, target: Literal["answer", "status"]) -> dict[str, Any]:
        shown = {}
        for name, appearance in appearances(type(self)).items():
            value, target_name = getattr(self, name), getattr(appearance, target)
            if target_name is not None and not (appearance.memory_only and value is None):
                shown[target_name] = appearance.show(value)
        return shown


def appearances(record: type[RunRecord]) -> dict[str, Appearance]:
    """Returns the declared fields of a record by name."""
    return _appearances(cast(Hashable, record))


@cache
def _appearances(record: Any) -> dict[str, Appearance]:
    return {
        entry.name: cast(Appearance, entry.metadata["appearance"])
        for entry in fields(record)
        if "appearance" in entry.metadata
    }


def stored_status(status: Status, why: Reason) -> dict[str, Any]:
    """Returns the columns of a status and its reason, of a run that is not in memory."""
    values: dict[str, Any] = {"status": status, "reason": why.text, "reason_code": why.code}
    values["reason_parameters"] = dict(why.parameters)
    columns = {}
    for name, value in values.items():
        appearance = appearances(RunRecord)[name]
        assert appearance.column is not None
        columns[appearance.column] = appearance.codec.write(value)
    return columns
