"""Configurations and fixtures for the tests of policy gradient."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.policy_gradient.trainer import PolicyTrainer
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.training.measured_points import Point

BASE: dict[str, dict[str, Any]] = {
    "cart_pole": {"environment": {"name": "cart_pole"}, "discount": 0.99},
    "scheduling": {
        "environment": {"name": "scheduling", "horizon": 10},
        "episodes": 8,
        "layers": [{"units": 6}],
    },
    "telescope": {"environment": {"name": "telescope"}},
}


@pytest.fixture
def policy_trainer() -> Callable[..., PolicyTrainer]:
    """Returns a function that creates a trainer from a small configuration of an environment."""

    def create(environment: str, /, **fields: Any) -> PolicyTrainer:
        config = parse({"paradigm": "policy_gradient"} | BASE[environment] | fields)
        return PolicyTrainer(config, load_data(config))

    return create


@pytest.fixture
def run() -> Callable[[PolicyTrainer, int], list[Point]]:
    """Returns a function that advances a trainer by some steps, or to its end, and returns the points."""

    def advance(training: PolicyTrainer, steps: int) -> list[Point]:
        points: list[Point] = []
        last = training.state.step + steps
        while training.state.step < last:
            report = training.advance(last - training.state.step)
            points += report.points
            if report.ended:
                break
        return points

    return advance
