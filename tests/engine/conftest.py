"""What the engine's tests share: a training made from a few words."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.datasets import load
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer

Make = Callable[..., Trainer]


@pytest.fixture
def make() -> Make:
    """A Trainer for a configuration, small data by default."""

    def build(raw: dict[str, Any] | None = None, **fields: Any) -> Trainer:
        config = parse({"dataset": {"name": "circle", "samples": 60}, **(raw or {}), **fields})
        return Trainer(config, load(config))

    return build
