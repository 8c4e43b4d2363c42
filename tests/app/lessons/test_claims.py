"""The claims of the lessons, measured with the configurations of their experiments over eight seeds."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from app.lessons import LESSONS
from app.lessons.lesson import SEEDS, Claim, Lesson, merged
from app.web.catalogue_text import described_lesson
from app.web.folders import TEMPLATES
from app.web.texts import texts
from engine.datasets import load
from engine.layers.activations import value
from engine.tasks.resolve import parse
from engine.training.trainer import Trainer
from engine.views import VIEWS
from engine.views.passes import float64_parameters, forward

LOSS_REACHED = 0.05  # the goal of the lesson whose claims count the steps to it
DESCRIBED = {name: described_lesson(lesson, texts()) for name, lesson in LESSONS.items()}
CLAIMS = [(name, claim) for name, lesson in LESSONS.items() for claim in lesson.claims]


def experiment_of(lesson: Lesson, title: str) -> Any:
    return next(experiment for experiment in lesson.tries if experiment.title == title)


class Result:
    """An experiment trained with one seed of data and weights."""

    def __init__(self, lesson: Lesson, title: str, seed: int, steps: int) -> None:
        raw = lesson.configuration(experiment_of(lesson, title).changes)
        config = parse(merged(raw, {"dataset": {"seed": seed}, "seed": seed}))
        self.trainer = Trainer(config, load(config))
        self.start = self.trainer.state.theta.copy()
        self.points = self.trainer.advance(steps).points if steps else []

    def view(self, name: str) -> dict[str, Any]:
        view = VIEWS[name]
        result: dict[str, Any] = view.compute(self.trainer.checkpoint(), self.trainer.data, view.parse({}))
        return result

    def change_of_layer(self, index: int) -> float:
        layer, theta = self.trainer.network.layers[index], self.trainer.state.theta
        return float(np.abs(layer.matrix(theta) - layer.matrix(self.start)).max())


@lru_cache(maxsize=2 * SEEDS)
def result(name: str, title: str, seed: int, steps: int) -> Result:
    return Result(DESCRIBED[name], title, seed, steps)


def loss(result: Result) -> float:
    return float(result.trainer.measure()["train_loss"])


def steps_to_loss(result: Result) -> float:
    steps = (point["step"] for point in result.points if point["train_loss"] < LOSS_REACHED)
    return float(next(steps, np.inf))


def gradient_ratio(result: Result) -> float:
    layers = result.view("layer_health")["layers"]
    return float(layers[0]["gradient_norm"] / layers[-1]["gradient_norm"])


def outputs(result: Result) -> np.ndarray:
    checkpoint = result.trainer.checkpoint()
    inputs = result.trainer.data.train.inputs
    return forward(checkpoint.network, float64_parameters(checkpoint), inputs).a[-1]


def sums_over_map(result: Result) -> np.ndarray:
    sums: np.ndarray = result.view("decision_boundary")["values"].sum(axis=0)
    return sums


def mistakes_to_converge(result: Result) -> float:
    view = result.view("perceptron")
    return float(view["mistakes"]) if view["errors"] == 0 else np.inf


MEASURES: dict[str, Callable[[Result], float]] = {
    "loss": loss,
    "steps_to_loss": steps_to_loss,
    "gradient_ratio": gradient_ratio,
    "dead_share": lambda result: max(layer["dead"] for layer in result.view("layer_health")["layers"]),
    "change_of_first_layer": lambda result: result.change_of_layer(0),
    "change_of_output_layer": lambda result: result.change_of_layer(-1),
    "change_of_weights": lambda result: float(np.abs(result.trainer.state.theta - result.start).max()),
    "collapse_difference": lambda result: float(result.view("linear_collapse")["difference"]),
    "lowest_output": lambda result: float(outputs(result).min()),
    "highest_output": lambda result: float(outputs(result).max()),
    "lowest_sum_over_map": lambda result: float(sums_over_map(result).min()),
    "highest_sum_over_map": lambda result: float(sums_over_map(result).max()),
    "mistakes_to_converge": mistakes_to_converge,
    "mistakes_per_example": lambda result: result.view("perceptron")["mistakes"] / result.trainer.state.step,
    "bound": lambda result: float(result.view("perceptron")["bound"]),
    "errors": lambda result: float(result.view("perceptron")["errors"]),
}


def measured(name: str, claim: Claim, seed: int) -> float:
    own = result(name, claim.experiment, seed, claim.steps)
    if claim.measure == "ratio_of_steps":
        other = min(steps_to_loss(result(name, claim.against, seed, claim.steps)), claim.steps)
        return steps_to_loss(own) / other
    if claim.measure == "ratio_of_losses":
        return loss(own) / loss(result(name, claim.against, seed, claim.steps))
    return MEASURES[claim.measure](own)


def is_long(name: str, claim: Claim) -> bool:
    config = LESSONS[name].configuration(experiment_of(DESCRIBED[name], claim.experiment).changes)
    return claim.steps * (len(config["layers"]) + 1) > 10_000


@pytest.mark.parametrize(
    ("name", "claim"),
    [pytest.param(*case, marks=[pytest.mark.slow] if is_long(*case) else []) for case in CLAIMS],
    ids=[f"{name}-{claim.experiment}-{claim.measure}" for name, claim in CLAIMS],
)
def test_a_claim_holds_for_as_many_seeds_as_the_lesson_says(name: str, claim: Claim) -> None:
    values = [measured(name, claim, seed) for seed in range(SEEDS)]
    holding = [seed for seed, value in enumerate(values) if claim.low <= value <= claim.high]
    assert len(holding) == claim.holds, values
    assert 0 in holding, values


@pytest.mark.parametrize(("name", "claim"), CLAIMS)
def test_the_page_has_the_sentence_of_every_claim(name: str, claim: Claim) -> None:
    watch = experiment_of(DESCRIBED[name], claim.experiment).watch
    assert claim.sentence in watch
    counts = re.findall(rf"in (\d) of {SEEDS} seeds", watch, re.I)
    assert not counts or str(claim.holds) in counts


def test_every_experiment_whose_text_has_a_measured_number_has_a_claim() -> None:
    claimed = {(name, claim.experiment) for name, claim in CLAIMS}
    for name, lesson in DESCRIBED.items():
        for experiment in lesson.tries:
            if re.search(r"of \d seeds", experiment.watch):
                assert (name, experiment.title) in claimed


def test_the_texts_of_the_lessons_contain_no_measured_number_of_their_own() -> None:
    for path in (TEMPLATES / "lessons").iterdir():
        assert not re.search(r"\d+ seeds|of \d+ seeds", path.read_text("utf-8")), path.name


def test_softmax_gives_the_probabilities_printed_in_the_lesson() -> None:
    z = np.array([[1.3], [5.1], [2.2], [0.7], [1.1]])
    assert round(float(np.exp(z).sum()), 2) == 181.73
    assert value("softmax", z)[:, 0].round(2).tolist() == [0.02, 0.9, 0.05, 0.01, 0.02]
