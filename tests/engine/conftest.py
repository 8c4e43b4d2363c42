"""Fixtures of the engine's tests."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

MakeTrainer = Callable[..., Trainer]


@pytest.fixture
def make() -> MakeTrainer:
    """Returns a function that creates a Trainer from configuration fields, with 60 points by default."""

    def build(raw: dict[str, Any] | None = None, **fields: Any) -> Trainer:
        config = parse({"dataset": {"name": "circle", "samples": 60}, **(raw or {}), **fields})
        return Trainer(config, load(config))

    return build
