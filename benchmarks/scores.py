"""Scores: what each default run has to reach, and in how many seconds on one core.

A row is one entry of SCORES. Bounds were chosen from the spread over seeds that `make scores` measured (its
table is docs/scores.md): a little beyond the worst of them. Seconds leave room for slower machines.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.views import VIEWS

FIRST_VISIT = json.loads((Path(__file__).parents[1] / "templates" / "default.json").read_text("utf-8"))
NETWORK = {name: FIRST_VISIT[name] for name in ("layers", "optimizer", "batch_size")}


@dataclass(frozen=True)
class Score:
    """One run: its configuration, how its trainer is scored at the end, and the bound of the score."""

    config: dict[str, Any]
    score_of: Callable[[Any], float]
    unit: str  # what the number is
    bound: float
    seconds: float
    fast: bool = True  # whether one seed of it belongs to the tests
    most: bool = False  # the bound is the most it may be, not the least

    def kept(self, score: float) -> bool:
        """Whether the score is within its bound; never for a non-finite score."""
        return score <= self.bound if self.most else score >= self.bound


def metric(name: str) -> Callable[[Any], float]:
    """A metric of the end, as the page shows it."""
    return lambda trainer: float(trainer.measure()["metrics"][name])


def gain(trainer: Any) -> float:
    """Decibels by which an autoencoder beats the better of the tuned filters on unseen rows."""
    view = VIEWS["reconstruction"]
    snr = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["snr"]["test"]
    return float(snr["after"] - max(snr["moving average"], snr["Savitzky-Golay"]))


def cleaned(trainer: Any) -> float:
    """Decibels that an autoencoder gains on unseen rows over how they come."""
    view = VIEWS["reconstruction"]
    snr = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["snr"]["test"]
    return float(snr["after"] - snr["before"])


def compared(trainer: Any) -> dict[str, float]:
    """The mean score of every way to act, over 128 episodes that no training has seen."""
    view = VIEWS["comparison"]
    answer = view.compute(trainer.checkpoint(), trainer.data, view.parse({"episodes": 128}))
    return {way["name"]: way["mean"] for way in answer["ways"]}


def acted(trainer: Any) -> float:
    """The learned policy's mean score, as it plays."""
    return compared(trainer)["sampled"]


def against(rule: str) -> Callable[[Any], float]:
    """The learned policy's mean score, as it plays, divided by that of a fixed rule on the same episodes."""

    def score_of(trainer: Any) -> float:
        means = compared(trainer)
        return means["sampled"] / means[rule]

    return score_of


def supervised(dataset: str, epochs: int) -> dict[str, Any]:
    """The network of a first visit on this data set."""
    return {**NETWORK, "dataset": {"name": dataset}, "epochs": epochs}


def rows(bounds: dict[str, float], measured: str, seconds: float, epochs: int = 60) -> dict[str, Score]:
    """One row per data set and bound, for a metric of the test part."""
    score_of = metric(f"test_{measured}")
    return {
        name: Score(supervised(name, epochs), score_of, f"test {measured}", bound, seconds)
        for name, bound in bounds.items()
    }


ACCURACY = {
    "circle": 0.92,
    "xor": 0.96,
    "gauss": 0.97,
    "moons": 0.97,
    "swimming": 1.0,
    "separable": 1.0,
    "blobs": 0.98,
    "iris": 0.9,
    "wine": 0.92,
    "breast_cancer": 0.93,
    "digits": 0.89,
    "light_curves": 0.93,
}
SCATTERED = {"noise": 0.8, "missing": 0.15, "pattern": "scattered"}

SCORES: dict[str, Score] = {
    **rows(ACCURACY, "accuracy", 5),
    **rows({"gate_and": 1.0, "gate_or": 1.0, "gate_xor": 1.0}, "accuracy", 5, epochs=300),
    **rows({"spiral": 0.82, "spiral_arms": 0.94}, "accuracy", 5, epochs=1000),
    **rows({"discs": 0.7}, "subset_accuracy", 5, epochs=1000),
    **rows({"plane": 0.97, "multi_gauss": 0.58, "sine": 0.95}, "r2", 5, epochs=1000),
    "perceptron": Score(
        {
            "dataset": {"name": "separable"},
            "layers": [],
            "optimizer": {"name": "perceptron", "learning_rate": 1.0},
            "batch_size": 1,
            "epochs": 30,
        },
        metric("train_accuracy"),
        "train accuracy",
        1.0,
        5,
    ),
    "autoencoder, light curves": Score(
        {"paradigm": "autoencoder"}, gain, "dB over the better filter", 2.0, 60, fast=False
    ),
    "autoencoder, light curves, 60 epochs": Score(
        {"paradigm": "autoencoder", "epochs": 60}, gain, "dB over the better filter", 1.2, 20
    ),
    "autoencoder, digits": Score(
        {
            "paradigm": "autoencoder",
            "dataset": {"name": "digits", "test_fraction": 0.3},
            "corruption": SCATTERED,
            "epochs": 100,
        },
        cleaned,
        "dB over how they come",
        2.2,
        30,
        fast=False,
    ),
    "autoencoder, wine": Score(
        {
            "paradigm": "autoencoder",
            "dataset": {"name": "wine", "test_fraction": 0.3},
            "layers": [{"units": 5}],
            "corruption": SCATTERED,
            "epochs": 300,
        },
        cleaned,
        "dB over how they come",
        0.5,
        10,
    ),
    "cart-pole": Score(
        {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "epochs": 60},
        acted,
        "mean return, of at most 500",
        450,
        20,
    ),
    "scheduling, 150 steps": Score(
        {"paradigm": "policy_gradient", "epochs": 150},
        against("first_come"),
        "slowdown / first come, first served",
        0.8,
        30,
        most=True,
    ),
    "scheduling against chance": Score(
        {"paradigm": "policy_gradient", "epochs": 1000},
        against("random"),
        "slowdown / random",
        0.5,
        120,
        fast=False,
        most=True,
    ),
    "scheduling against first come": Score(
        {"paradigm": "policy_gradient", "epochs": 1000},
        against("first_come"),
        "slowdown / first come, first served",
        0.65,
        120,
        fast=False,
        most=True,
    ),
    "scheduling against shortest first": Score(
        {"paradigm": "policy_gradient", "epochs": 1000},
        against("shortest"),
        "slowdown / shortest job first",
        1.2,
        120,
        fast=False,
        most=True,
    ),
}
