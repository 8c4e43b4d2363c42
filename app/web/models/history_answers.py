"""Answers about the history of a run: points, attempts, events and recorded steps."""

from typing import Any, Literal

from pydantic import Field

from app.web.models.base import Answer


class History(Answer):
    """The measured points of the current attempt, one list per quantity; null if not measured."""

    run: str
    attempt: int
    seq: int = Field(description="the frame up to which the stream has sent these points")
    step: list[int]
    epoch: list[int]
    train_loss: list[float | None]
    validation_loss: list[float | None]
    test_loss: list[float | None]
    penalty: list[float | None]
    metrics: dict[str, list[float | None]]


class Checkpoints(Answer):
    """The recorded steps of an attempt."""

    attempt: int
    steps: list[int]
    epochs: list[int]
    kinds: list[Literal["recorded", "event", "damaged"]] = Field(
        description="event: recorded with an event; damaged: its state is computed from the one before"
    )
    update_norms: list[float | None] = Field(
        description="how much all weights, biases and learned alphas changed since the recorded step before:"
        " the Euclidean norm of the change, divided by the number of steps; null: unknown"
    )
    bytes: int = Field(description="size of these checkpoints")
    beginning_bytes: int = Field(
        description="size of the state with which a fork begins, which is kept as long as the run; else 0"
    )
    drawn_bytes: int = Field(
        description="size of the points that were drawn into the run: of every change of any attempt"
    )
    budget: int = Field(
        description="bytes that the checkpoints, the beginning and the drawn points of the run may take"
    )


class RecordedEvent(Answer):
    """A change of a run: it took effect after `step` steps, before the next one."""

    seq: int
    step: int
    epoch: int
    event: dict[str, Any]


class Events(Answer):
    """The events of an attempt, in order."""

    attempt: int
    events: list[RecordedEvent]


class BestPoint(Answer):
    """The measured point with the lowest test loss (training loss where nothing is tested)."""

    step: int
    score: float = Field(description="its loss")


class Attempt(Answer):
    """An attempt: how far it came; a reset begins the next one."""

    attempt: int
    step: int
    epoch: int
    created: float = Field(description="seconds since 1970")
    versions: dict[str, str] | None = Field(description="versions of the programs; null: not recorded")
    bytes: int = Field(description="size of its checkpoints")
    best: BestPoint | None


class Attempts(Answer):
    """The attempts of a run, the first one first."""

    attempts: list[Attempt]


class Bookmark(Answer):
    """A name for a step of an attempt."""

    name: str
    attempt: int
    step: int
    note: str
    created: float | None = Field(description="when it was put, in seconds since 1970; null if automatic")
    automatic: bool = Field(description="“best”: the best measured point of the current attempt")


class Bookmarks(Answer):
    """The bookmarks of a run, in the order of attempt and step."""

    bookmarks: list[Bookmark]
