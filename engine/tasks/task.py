"""Task: the type of a problem, with the output activation and loss that fit it; Problem: the task of one run.

The tasks of each paradigm (supervised, autoencoder, policy gradient) are listed in `engine.tasks.paradigms`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.config.models import ExamplesConfig
from engine.config.task_names import CONTROL
from engine.losses import LOSSES


@dataclass(frozen=True)
class Mismatch:
    """An output layer and loss that do not fit a task: `changes` is a partial configuration."""

    name: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """The output activation and loss that fit a type of problem."""

    output_activation: str
    loss: str | None  # None: there are no targets
    fitting: tuple[str, ...]  # output activations that are suitable
    example: str = ""  # a data set with this task
    breaks: tuple[Mismatch, ...] = ()


@dataclass(frozen=True)
class Problem:
    """Inputs and outputs of one run's network; follows from the resolved configuration, without any data."""

    task: str  # a key of TASKS
    inputs: list[str]  # columns of the data, or components of an observation
    features: list[str]  # the network's inputs, in its order
    outputs: int
    classes: list[str] | None  # names of classes, labels or actions; None for other tasks
    generated: bool  # drawn on the plane from -6 to 6 if there are two inputs
    axes: tuple[str, str] | None = None  # the two inputs of the first picture; None: the plane itself


def mismatches(task: str, config: ExamplesConfig) -> Iterator[tuple[str, str]]:
    """Yields (field, message) for each setting that is allowed but unsuitable for the task."""
    entry, activation, loss = TASKS[task], config.output_activation, config.loss.name
    if activation not in entry.fitting and config.optimizer.name != "perceptron":
        fitting = " or ".join(entry.fitting)
        yield "output_activation", f"{activation} outputs do not fit a {task} task; use {fitting}."
    if activation == "linear" and entry.output_activation == "sigmoid" and loss != "hinge":
        yield "output_activation", "Linear outputs are not probabilities: they can be below 0 or above 1."
    matched = LOSSES[loss].matched
    if matched and activation != matched.activation:
        yield "loss.name", f"{loss} expects {matched.activation} outputs; others are clipped to 0..1."
    if loss == "categorical_crossentropy" and entry.output_activation == "sigmoid":
        yield (
            "loss.name",
            "It depends on the true class only: with independent outputs nothing lowers the others.",
        )
    yield from _hidden_mismatches(config)


def _hidden_mismatches(config: ExamplesConfig) -> Iterator[tuple[str, str]]:
    for index, layer in enumerate(config.layers):
        if layer.activation == "step":
            yield (
                f"layers.{index}.activation",
                "The gradient of a step is zero everywhere: no layer before it can learn.",
            )
    if len(config.layers) > 0 and all(layer.activation == "linear" for layer in config.layers):
        yield "layers.0.activation", "Without a non-linearity all layers together are one linear layer."


TASKS: dict[str, Task] = {
    "regression": Task(
        "linear",
        "mean_squared_error",
        ("linear",),
        "sine",
        (
            Mismatch(
                "sigmoid_output", {"output_activation": "sigmoid", "loss": {"name": "mean_squared_error"}}
            ),
            Mismatch("relu_output", {"output_activation": "relu", "loss": {"name": "mean_squared_error"}}),
        ),
    ),
    "binary": Task(
        "sigmoid",
        "binary_crossentropy",
        ("sigmoid", "tanh", "linear"),
        "circle",
        (
            Mismatch("step_output", {"output_activation": "step", "loss": {"name": "half_squared_error"}}),
            Mismatch(
                "linear_output", {"output_activation": "linear", "loss": {"name": "mean_squared_error"}}
            ),
        ),
    ),
    "multiclass": Task(
        "softmax",
        "categorical_crossentropy",
        ("softmax",),
        "blobs",
        (
            Mismatch(
                "sigmoid_output", {"output_activation": "sigmoid", "loss": {"name": "binary_crossentropy"}}
            ),
            Mismatch("step_output", {"output_activation": "step", "loss": {"name": "half_squared_error"}}),
        ),
    ),
    "multilabel": Task(
        "sigmoid",
        "binary_crossentropy",
        ("sigmoid", "tanh", "linear"),
        "discs",
        (
            Mismatch(
                "softmax_output", {"output_activation": "softmax", "loss": {"name": "half_squared_error"}}
            ),
        ),
    ),
    "reconstruction": Task("linear", "mean_squared_error", ("linear",)),
    CONTROL: Task("softmax", None, ("softmax",)),
}


def output_and_loss(task: str, activation: str, loss: str, perceptron: bool) -> tuple[str, str]:
    """Returns output activation and loss with `auto` replaced by what fits the task and the other one."""
    if activation == "auto":
        if perceptron:
            activation = "step"
        elif loss == "hinge":
            activation = "linear"
        else:
            activation = TASKS[task].output_activation
    if loss == "auto":
        default = TASKS[task].loss
        assert default is not None, "a task without targets has no loss"
        matched = LOSSES[default].matched
        fits = matched is None or matched.activation == activation
        loss = default if fits else _other_loss(activation)
    return activation, loss


def _other_loss(activation: str) -> str:
    """Returns the loss for classes if the output activation is not the task's default."""
    for name, entry in LOSSES.items():
        if entry.matched and entry.matched.activation == activation:
            return name
    return "half_squared_error"
