"""Tasks: the kinds of problem, each with the output activation and loss that fit it."""

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
    """A kind of problem with the output activation and loss that fit it."""

    output_activation: str
    loss: str | None  # None: there are no targets to measure a loss by
    fitting: tuple[str, ...]  # output activations that make sense
    example: str = ""  # a data set that shows it
    breaks: tuple[Mismatch, ...] = ()


def mismatches(task: str, config: ExamplesConfig) -> Iterator[tuple[str, str]]:
    """(field, message) for each setting that is allowed but will not work well for the task."""
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
    """Resolve `auto`: an output activation and a loss that fit the task and each other."""
    if activation == "auto":
        if perceptron:
            activation = "step"
        elif loss == "hinge":
            activation = "linear"
        else:
            activation = TASKS[task].output_activation
    if loss == "auto":
        default = TASKS[task].loss
        assert default is not None, "a task without right answers has no loss to choose"
        matched = LOSSES[default].matched
        fits = matched is None or matched.activation == activation
        loss = default if fits else _other_loss(activation)
    return activation, loss


def _other_loss(activation: str) -> str:
    """The loss for classes when the output is not the task's usual one."""
    for name, entry in LOSSES.items():
        if entry.matched and entry.matched.activation == activation:
            return name
    return "half_squared_error"
