"""Lessons: each a configuration, the panels that show it, things to try, and a page of prose.

The prose is `templates/lessons/{name}.html`. A `Try` is one click: a configuration on top of the lesson's
own, weights to begin with if any, and whether training starts at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.tasks.task import TASKS

Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """Something to try, and what to look at."""

    title: str
    watch: str
    changes: Changes = field(default_factory=dict)
    start: bool = False
    weights: bool = False  # begin with the lesson's own
    speed: int | str | None = None
    task: str = ""  # of an attempt whose title and watch are the texts of a task
    mismatch: str = ""  # and of one of its mismatches


@dataclass(frozen=True)
class Lesson:
    """One page; `weights` are set before anything is shown: (layer, unit, source, value)."""

    title: str
    line: str
    covers: str
    config: Changes
    panels: tuple[str, ...]
    tries: tuple[Try, ...]
    speed: int | str = 20
    weights: tuple[tuple[int, int, int | str, float], ...] = ()

    def operations(self) -> list[dict[str, Any]]:
        """The weights as operations of the API."""
        names = ("layer", "unit", "source", "value")
        return [dict(zip(names, each, strict=True)) for each in self.weights]


def _linear(*units: int) -> list[dict[str, Any]]:
    return [{"units": count, "activation": "linear"} for count in units]


def _layers(activation: str, *units: int) -> list[dict[str, Any]]:
    return [{"units": count, "activation": activation} for count in units]


_RULE: dict[str, Any] = {
    "layers": [],
    "optimizer": {"name": "perceptron", "learning_rate": 1.0},
    "initializer": {"name": "zeros"},
    "batch_size": 1,
    "epochs": 1_000_000,
}


def _questions() -> tuple[Try, ...]:
    """Every kind of problem as it should be, and each way to get it wrong."""
    tries = []
    for name, task in TASKS.items():
        if not task.example:
            continue
        data: dict[str, Any] = {"dataset": {"name": task.example}}
        tries.append(Try("", "", data, start=True, task=name))
        tries += [
            Try("", "", {**data, **each.changes}, start=True, task=name, mismatch=each.name)
            for each in task.breaks
        ]
    return tuple(tries)


LESSONS: dict[str, Lesson] = {
    "swimming": Lesson(
        "Shall we go swimming?",
        "One unit, three questions, a decision: the perceptron by hand",
        "The neuron and the perceptron",
        {**_RULE, "dataset": {"name": "swimming"}},
        ("swimming", "perceptron"),
        (
            Try(
                "The lecture's weights",
                "Warm water and no shark outweigh the crowd: z = 5, so go.",
                weights=True,
            ),
            Try(
                "Learn them instead",
                "From zero weights the rule finds weights of its own. They are not the lecture's, "
                "and yet they decide all eight cases alike.",
                {"seed": 1},
                start=True,
                speed=5,
            ),
        ),
        speed=5,
        weights=((0, 0, 0, 4), (0, 0, 1, 2), (0, 0, 2, 4), (0, 0, "bias", -3)),
    ),
    "perceptron": Lesson(
        "The perceptron learns from mistakes",
        "A line that moves at every mistake, a bound on their number, and a gate that no line can do",
        "The perceptron rule and its limits",
        {**_RULE, "dataset": {"name": "gate_and"}},
        ("perceptron", "network"),
        (
            Try("AND", "The line settles after some mistakes, fewer than the bound.", start=True, speed=5),
            Try(
                "OR", "A wider street: fewer mistakes.", {"dataset": {"name": "gate_or"}}, start=True, speed=5
            ),
            Try(
                "XOR",
                "It never settles. Watch the line return to where it has been.",
                {"dataset": {"name": "gate_xor"}},
                start=True,
                speed=5,
            ),
            Try(
                "XOR with x₁·x₂",
                "With one more input the classes can be separated after all.",
                {"dataset": {"name": "gate_xor"}, "features": ["x1", "x2", "x1*x2"]},
                start=True,
                speed=10,
            ),
            Try(
                "Separable clouds",
                "Many points, a wide street: a handful of mistakes.",
                {"dataset": {"name": "separable"}},
                start=True,
                speed=50,
            ),
            Try(
                "A narrow street",
                "Narrower street, larger bound, more mistakes.",
                {"dataset": {"name": "separable", "noise": 0.48}},
                start=True,
                speed=500,
            ),
        ),
        speed=5,
    ),
    "linear-collapse": Lesson(
        "Deep, but linear",
        "Without a bend between them, any number of layers is one layer",
        "The collapse of a linear network",
        {
            "dataset": {"name": "gauss", "noise": 0.2},
            "layers": _linear(6, 4),
            "optimizer": {"name": "adam", "learning_rate": 0.01},
        },
        ("linear_collapse", "network"),
        (
            Try(
                "Train it", "The matrices change with every step; the difference stays rounding.", start=True
            ),
            Try(
                "Ten layers",
                "As deep as you like: still one straight edge.",
                {"layers": _linear(*[6] * 10)},
                start=True,
            ),
            Try(
                "In double precision",
                "The same, and the difference shrinks by nine powers of ten.",
                {"dtype": "float64"},
                start=True,
            ),
            Try(
                "A circle, linearly",
                "Eight linear layers cannot close a curve: the loss stays high.",
                {"dataset": {"name": "circle"}, "layers": _linear(*[8] * 8)},
                start=True,
                speed=200,
            ),
            Try(
                "Bend one layer",
                "One ReLU layer, and the difference is no rounding any more.",
                {"dataset": {"name": "circle"}, "layers": [*_linear(6), *_layers("relu", 8)]},
                start=True,
                speed=200,
            ),
        ),
        speed=100,
    ),
    "choosing-the-output": Lesson(
        "What shall it answer?",
        "The question decides the output layer, and the output layer decides the loss",
        "Choosing output activation and loss",
        {
            "dataset": {"name": "circle"},
            "layers": _layers("tanh", 12),
            "optimizer": {"name": "adam", "learning_rate": 0.03},
        },
        ("decision_boundary", "curves"),
        _questions(),
        speed=200,
    ),
    "activations": Lesson(
        "Which bend?",
        "Claims about activation functions, each shown by a network that you can watch failing or learning",
        "Activation functions",
        {
            "dataset": {"name": "circle"},
            "layers": _layers("sigmoid", *[8] * 10),
            "optimizer": {"name": "adam", "learning_rate": 0.01},
        },
        ("layer_health", "curves"),
        (
            Try(
                "Ten layers of sigmoid",
                "The gradient of the first layer is about ten million times smaller than that of the last.",
            ),
            Try(
                "Ten layers of tanh",
                "Zero-centred and steeper: the first layer still gets its share.",
                {"layers": _layers("tanh", *[8] * 10)},
            ),
            Try(
                "Ten layers of ReLU",
                "A slope of 1 or 0: nothing fades on the way back.",
                {"layers": _layers("relu", *[8] * 10)},
            ),
            Try(
                "Three layers, sigmoid",
                "Look at the step where the loss has fallen below 0.05: some 500.",
                {"layers": _layers("sigmoid", 8, 8, 8)},
                start=True,
            ),
            Try(
                "Three layers, ReLU",
                "The same network with ReLU is there in a third of the steps.",
                {"layers": _layers("relu", 8, 8, 8)},
                start=True,
            ),
            Try(
                "ReLU that dies",
                "Every bias begins at -5: a whole layer answers 0 to everything, gets no gradient, stays so.",
                {"layers": _layers("relu", 16, 16), "initializer": {"name": "auto", "bias": -5}},
                start=True,
            ),
            Try(
                "Leaky ReLU, same start",
                "A slope of 0.01 below zero is enough to come back to life.",
                {"layers": _layers("leaky_relu", 16, 16), "initializer": {"name": "auto", "bias": -5}},
                start=True,
            ),
            Try(
                "A hidden step",
                "Its slope is 0: the layer before it never moves. The output layer learns alone.",
                {"layers": [*_layers("tanh", 8), *_layers("step", 8)]},
                start=True,
            ),
            Try(
                "Forty-five layers of swish",
                "Smooth, and it keeps a little of what is negative: this depth learns.",
                {
                    "layers": _layers("swish", *[8] * 45),
                    "optimizer": {"name": "adam", "learning_rate": 0.003},
                },
                start=True,
            ),
            Try(
                "Forty-five layers of sigmoid",
                "At this depth nothing comes through: the loss stays that of guessing, 0.69.",
                {
                    "layers": _layers("sigmoid", *[8] * 45),
                    "optimizer": {"name": "adam", "learning_rate": 0.003},
                },
                start=True,
            ),
        ),
        speed=200,
    ),
}
