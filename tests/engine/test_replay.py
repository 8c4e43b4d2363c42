"""Replay reaches the same weights, bit for bit, as the training itself."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.errors import ConfigError
from engine.datasets import dataset_of
from engine.datasets.tables.drawn_points import apply_drawing, with_content
from engine.datasets.tables.table import Header, Table
from engine.replay import NotReached, RecordedEvent, replay
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from tests.engine.configurations import supervised

MAX_STEPS = 60


class Tables:
    """A library of tables in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, Table] = {}

    def add(self, table: Table) -> str:
        self.contents[table.content] = table
        return table.content

    def content_of(self, name: str) -> str | None:
        return None

    def names(self) -> list[str]:
        return []

    def header(self, content: str) -> Header | None:
        return self.contents[content].header if content in self.contents else None

    def table(self, content: str) -> Table:
        return self.contents[content]


class Lived:
    """A training whose state after every step, and whose events and checkpoints, are recorded."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.tables = Tables()
        config = parse(raw, self.tables)
        self.training = trainer(config, self.load(config))
        self.events: list[RecordedEvent] = []
        self.checkpoints: list[tuple[bytes, int]] = []  # and how many events each includes
        self.states: dict[int, bytes] = {}
        self.ended = False
        self.record()

    def load(self, config: Any) -> Any:
        return load_data(config, self.tables)

    def record(self) -> None:
        self.states[self.training.state.step] = self.training.state.memory.tobytes()

    def advance(self, steps: int) -> None:
        target = self.training.state.step + steps
        while self.training.state.step < target and not self.ended:
            self.ended = self.training.advance(1).ended is not None
            self.record()

    def save(self) -> None:
        self.checkpoints.append((self.training.checkpoint().to_bytes(), len(self.events)))

    def apply(self, event: dict[str, Any]) -> None:
        self.events.append(RecordedEvent(self.training.state.step, event))
        self.record()

    def change(self, changes: dict[str, Any]) -> None:
        event = self.training.change(changes)
        self.ended = self.ended and self.training.state.epoch >= self.training.config.epochs
        self.apply(event)

    def edit(self, edits: dict[str, Any]) -> None:
        self.apply(self.training.apply_edits(edits))

    def draw(self, operations: dict[str, Any]) -> None:
        config = self.training.config
        generated = dataset_of(config.dataset).generated
        content = self.tables.add(apply_drawing(self.training.data, operations, generated))
        changed = parse(with_content(config, content), self.tables)
        self.training.replace_data(changed, self.load(changed))
        self.apply({"type": "data", "content": content})

    def replayed(self, checkpoint: tuple[bytes, int], step: int) -> Checkpoint:
        blob, included = checkpoint
        start = Checkpoint.from_bytes(blob, self.tables)
        steps = replay(start, self.events[included:], step, self.load, self.tables)
        while True:
            try:
                assert 0 <= next(steps).share <= 1
            except StopIteration as end:
                return end.value

    def assert_replays_equal(self, data: st.DataObject) -> None:
        """From any checkpoint, any later step has the bytes that it had."""
        checkpoint = data.draw(st.sampled_from(self.checkpoints), label="checkpoint")
        first = Checkpoint.from_bytes(checkpoint[0], self.tables).step
        step = data.draw(st.integers(first, self.training.state.step), label="step")
        result = self.replayed(checkpoint, step)
        assert result.step == step
        assert result.state.memory.tobytes() == self.states[step]


def random_event(lived: Lived, data: st.DataObject) -> None:
    """A live change, an edit of weights or units, or drawn points; none if it is refused."""
    kind = data.draw(
        st.sampled_from(
            ["rate", "epochs", "steps", "unwatched", "dropout", "weight", "freeze", "unit", "draw"]
        )
    )
    action = data.draw(st.sampled_from(["off", "on", "duplicate", "remove"]))
    source = data.draw(st.sampled_from(["bias", 0, None]))
    try:
        match kind:
            case "rate":
                lived.change({"optimizer": {"learning_rate": data.draw(st.sampled_from([0.001, 0.1, 1.0]))}})
            case "epochs":
                lived.change({"epochs": lived.training.config.epochs + 2})
            case "steps":
                lived.change({"steps": data.draw(st.sampled_from([None, lived.training.state.step + 5]))})
            case "unwatched":
                lived.change({"unwatched": "pause"})
            case "dropout":
                layers = len(lived.training.config.layers)
                lived.change({"layers": [{"dropout": 0.2}, *[{}] * (layers - 1)]})
            case "weight":
                lived.edit({"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 0.25}]})
            case "freeze":
                lived.edit({"freeze": [{"layer": 0, "unit": 1, "source": source, "frozen": True}]})
            case "unit":
                lived.edit({"units": [{"layer": 0, "unit": 0, "action": action}]})
            case "draw":
                inputs = [0.5] * len(lived.training.data.inputs)
                lived.draw({"add": [{"inputs": inputs, "target": 0}]})
    except ConfigError:
        return


@given(supervised(min_layers=1), st.data())
@settings(max_examples=120, deadline=None)
def test_a_supervised_training_with_events_replays_to_the_same_bytes(
    raw: dict[str, Any], data: st.DataObject
) -> None:
    lived = Lived(raw)
    lived.save()
    for _ in range(data.draw(st.integers(1, 5))):
        lived.advance(data.draw(st.integers(0, MAX_STEPS)))
        random_event(lived, data)
        lived.save()
    lived.assert_replays_equal(data)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_a_denoising_autoencoder_replays_to_the_same_bytes(data: st.DataObject) -> None:
    lived = Lived(
        {
            "paradigm": "autoencoder",
            "dataset": {"name": "light_curves", "samples": 40},
            "layers": [{"units": 6}, {"units": 2}, {"units": 6}],
            "corruption": {"noise": 0.2},
            "batch_size": data.draw(st.integers(5, 30)),
        }
    )
    for _ in range(3):
        lived.save()
        lived.advance(data.draw(st.integers(1, 20)))
        lived.change({"optimizer": {"learning_rate": 0.003}})
    lived.assert_replays_equal(data)


POLICY_CHANGES: list[dict[str, Any]] = [
    {"discount": 0.9},
    {"optimizer": {"learning_rate": 0.05}},
    {"entropy_bonus": 0.5},
    {"baseline": "none"},
    {"normalize_advantages": False},
]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_policy_gradient_replays_to_the_same_bytes_though_events_come_between_its_steps(
    data: st.DataObject,
) -> None:
    lived = Lived(
        {
            "paradigm": "policy_gradient",
            "environment": {"name": "cart_pole"},
            "layers": [{"units": 4, "dropout": 0.0}],
            "episodes": 4,
        }
    )
    training: Any = lived.training
    for _ in range(3):
        lived.save()
        lived.advance(data.draw(st.integers(1, 4)))
        training.max_time_steps = data.draw(st.integers(1, 7))
        training.advance(1)
        lived.record()
        training.max_time_steps = 32
        lived.save()
        if data.draw(st.booleans()):
            lived.edit({"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 0.25}]})
        else:
            lived.change(data.draw(st.sampled_from(POLICY_CHANGES)))
    lived.advance(2)
    lived.assert_replays_equal(data)


def test_a_step_beyond_the_end_of_the_training_is_not_reached() -> None:
    lived = Lived({"dataset": {"name": "circle", "samples": 40}, "batch_size": 10, "epochs": 2})
    lived.save()
    lived.advance(100)
    with pytest.raises(NotReached, match="ended at step"):
        lived.replayed(lived.checkpoints[0], lived.training.state.step + 1)


def test_replay_yields_between_slices_so_that_other_work_takes_turns() -> None:
    raw = {"dataset": {"name": "circle", "samples": 40}, "layers": [{"units": 64}, {"units": 64}]}
    lived = Lived(raw)
    start = lived.training.checkpoint()
    shares = [progress.share for progress in replay(start, [], 200, lived.load)]
    assert len(shares) >= 5 and shares == sorted(shares) and shares[-1] == 1
    np.testing.assert_equal(start.step, 200)
