"""Scores: the score that each default run must reach, and the maximum time on one core.

A bound is a little worse than the worst of the seeds that `make scores` measured (docs/scores.md). Maximum
times allow for slower machines.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.learning_curves import error_ratio, fall_per_doubling
from benchmarks.minima import at_the_lower_minimum
from engine.views import VIEWS

FIRST_VISIT = json.loads((Path(__file__).parents[1] / "templates" / "default.json").read_text("utf-8"))
NETWORK = {name: FIRST_VISIT[name] for name in ("layers", "optimizer", "batch_size")}


@dataclass(frozen=True)
class Score:
    """A run: its configuration, the score of its trained network, and the bound of the score."""

    config: dict[str, Any]
    score_of: Callable[[Any], float]
    unit: str  # description of the score
    bound: float
    seconds: float
    fast: bool = True  # whether one seed is part of the tests
    lower_is_better: bool = False  # the bound is a maximum

    def is_reached(self, score: float) -> bool:
        """Returns whether the score is within its bound; False for NaN."""
        return score <= self.bound if self.lower_is_better else score >= self.bound


def metric(name: str) -> Callable[[Any], float]:
    """Returns the score function for a metric after training."""
    return lambda trainer: float(trainer.measure()["metrics"][name])


def gain_over_filters(trainer: Any) -> float:
    """Returns the SNR of an autoencoder on the test part minus that of the better filter, in decibels."""
    view = VIEWS["reconstruction"]
    snr = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["snr"]["test"]
    return float(snr["after"] - max(snr["moving average"], snr["Savitzky-Golay"]))


def snr_gain(trainer: Any) -> float:
    """Returns the SNR of an autoencoder on the test part minus that of its inputs, in decibels."""
    view = VIEWS["reconstruction"]
    snr = view.compute(trainer.checkpoint(), trainer.data, view.parse({}))["snr"]["test"]
    return float(snr["after"] - snr["before"])


def mean_scores(trainer: Any) -> dict[str, float]:
    """Returns the mean score of every policy over 128 evaluation episodes, by name."""
    view = VIEWS["comparison"]
    answer = view.compute(trainer.checkpoint(), trainer.data, view.parse({"episodes": 128}))
    return {policy["name"]: policy["mean"] for policy in answer["ways"]}


def policy_score(trainer: Any) -> float:
    """Returns the mean score of the learned policy."""
    return mean_scores(trainer)["sampled"]


def relative_to(rule: str) -> Callable[[Any], float]:
    """Returns the mean score of the learned policy divided by that of a heuristic on the same episodes."""

    def score_of(trainer: Any) -> float:
        means = mean_scores(trainer)
        return means["sampled"] / means[rule]

    return score_of


def ahead_of(rule: str) -> Callable[[Any], float]:
    """Returns the mean score of the learned policy minus that of a heuristic on the same episodes."""

    def score_of(trainer: Any) -> float:
        means = mean_scores(trainer)
        return means["sampled"] - means[rule]

    return score_of


def supervised(dataset: str, epochs: int) -> dict[str, Any]:
    """Returns the configuration of a first visit with this data set."""
    return {**NETWORK, "dataset": {"name": dataset}, "epochs": epochs}


def rows(bounds: dict[str, float], metric_name: str, seconds: float, epochs: int = 60) -> dict[str, Score]:
    """Returns one row per data set, for a metric of the test part."""
    score_of = metric(f"test_{metric_name}")
    return {
        name: Score(supervised(name, epochs), score_of, f"test {metric_name}", bound, seconds)
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

CURVE = {"layers": [{"units": 16, "activation": "tanh"}], "steps": 1000, "epochs": 1_000_000}

TELESCOPE = {"paradigm": "policy_gradient", "environment": {"name": "telescope"}}

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
        {"paradigm": "autoencoder"}, gain_over_filters, "dB over the better filter", 2.0, 60, fast=False
    ),
    "autoencoder, light curves, 60 epochs": Score(
        {"paradigm": "autoencoder", "epochs": 60}, gain_over_filters, "dB over the better filter", 1.2, 20
    ),
    "autoencoder, digits": Score(
        {
            "paradigm": "autoencoder",
            "dataset": {"name": "digits", "test_fraction": 0.3},
            "corruption": SCATTERED,
            "epochs": 100,
        },
        snr_gain,
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
        snr_gain,
        "dB over how they come",
        0.5,
        10,
    ),
    "cart-pole": Score(
        {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "epochs": 60},
        policy_score,
        "mean return, of at most 500",
        450,
        20,
    ),
    "scheduling, 150 steps": Score(
        {"paradigm": "policy_gradient", "epochs": 150},
        relative_to("first_come"),
        "slowdown / first come, first served",
        0.8,
        30,
        lower_is_better=True,
    ),
    "scheduling against chance": Score(
        {"paradigm": "policy_gradient", "epochs": 1000},
        relative_to("random"),
        "slowdown / random",
        0.5,
        120,
        fast=False,
        lower_is_better=True,
    ),
    "scheduling against first come": Score(
        {"paradigm": "policy_gradient", "epochs": 1000},
        relative_to("first_come"),
        "slowdown / first come, first served",
        0.65,
        120,
        fast=False,
        lower_is_better=True,
    ),
    "scheduling against shortest first": Score(
        {"paradigm": "policy_gradient", "epochs": 1000},
        relative_to("shortest"),
        "slowdown / shortest job first",
        1.2,
        120,
        fast=False,
        lower_is_better=True,
    ),
    "telescope, 200 steps": Score(
        TELESCOPE | {"discount": 0.95, "epochs": 200},
        ahead_of("random"),
        "priority per night over random",
        0.4,
        60,
    ),
    "telescope against highest priority": Score(  # the best of the simple rules
        TELESCOPE | {"discount": 0.95, "episodes": 64, "epochs": 1000},
        ahead_of("highest_priority"),
        "priority per night over highest priority first",
        0.0,
        120,
        fast=False,
    ),
    "telescope against priority per time": Score(  # which remains better than the learned policy
        TELESCOPE | {"discount": 0.95, "episodes": 64, "epochs": 1000},
        ahead_of("priority_per_time"),
        "priority per night over priority per time",
        -0.8,
        120,
        fast=False,
    ),
    "learning curve, moons": Score(
        CURVE | {"dataset": {"name": "moons", "noise": 0.2, "samples": 2000, "test_fraction": 0.9}},
        error_ratio(20, 160),
        "test error with 20 / with 160 examples",
        2.0,
        10,
    ),
    "learning curve at the limit of the noise, gauss": Score(
        CURVE | {"dataset": {"name": "gauss", "noise": 0.5, "samples": 4000, "test_fraction": 0.5}},
        fall_per_doubling(1600),
        "fall of the test error from 800 to 1600 examples, as a share of it",
        0.05,
        10,
        lower_is_better=True,
    ),
    "minima of XOR": Score(
        {
            "dataset": {"name": "gate_xor"},
            "layers": [{"units": 2, "activation": "tanh"}],
            "optimizer": {"name": "sgd", "learning_rate": 0.3},
            "batch_size": 4,
            "epochs": 4000,
        },
        at_the_lower_minimum,
        "runs of 24 near a loss of 0.003, all others near 0.348",
        9,
        10,
    ),
}
