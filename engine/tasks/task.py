"""Task: a type of problem, with the output activation and loss that suit it. Problem: the task of one run.

`engine.tasks.paradigms` has the tasks of each paradigm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.config.models import ExamplesConfig, OptimizerConfig
from engine.config.task_names import CONTROL
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.tasks.suitability import Unsuitable

LARGE_RATE = 30  # times an optimizer's default learning rate: above it a run is warned


@dataclass(frozen=True)
class Mismatch:
    """An output activation and loss that do not suit a task; `changes` is a partial configuration."""

    name: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """A type of problem, and the output activation and loss that suit it."""

    output_activation: str
    loss: str | None  # None: there are no targets
    suitable: tuple[str, ...]  # output activations
    example: str = ""  # the name of a data set with this task
    breaks: tuple[Mismatch, ...] = ()
    score: str | None = (
        None  # the metric by which the task is solved; None: the environment has its own score
    )
    solved: float = 0.95  # its value from which on the task counts as solved


@dataclass(frozen=True)
class Problem:
    """Inputs and outputs of the network of one run, from its resolved configuration without its data."""

    task: str  # a key of TASKS
    inputs: list[str]  # columns of the data, or components of an observation
    features: list[str]  # the network's inputs, in its order
    outputs: int
    classes: list[str] | None  # names of classes, labels or actions; None for other tasks
    generated: bool  # two inputs are coordinates from -6 to 6
    axes: tuple[str, str] | None = None  # the inputs shown first as x and y; None: x1 and x2


def mismatches(task: str, config: ExamplesConfig) -> Iterator[Unsuitable]:
    """Yields each setting that is allowed but unsuitable for the task."""
    entry, activation, loss = TASKS[task], config.output_activation, config.loss.name
    if activation not in entry.suitable and config.optimizer.name != "perceptron":
        values = {"activation": activation, "task": task, "suitable": entry.suitable}
        yield Unsuitable("output_activation", "unsuitable_output", values)
    if activation == "linear" and entry.output_activation == "sigmoid" and loss != "hinge":
        yield Unsuitable("output_activation", "unbounded_output")
    matched = LOSSES[loss].matched
    if matched and activation != matched.activation:
        yield Unsuitable("loss.name", "clipped_output", {"loss": loss, "activation": matched.activation})
    if loss == "categorical_crossentropy" and entry.output_activation == "sigmoid":
        yield Unsuitable("loss.name", "true_class_only")
    yield from _hidden_mismatches(config)
    yield from large_learning_rate(config.optimizer)


def large_learning_rate(optimizer: OptimizerConfig) -> Iterator[Unsuitable]:
    """Yields a warning about a learning rate at least `LARGE_RATE` times the optimizer's default."""
    entry, rate = OPTIMIZERS[optimizer.name], optimizer.learning_rate
    default = entry.parameters["learning_rate"].default
    if entry.perceptron_rule or rate is None or default is None or rate < LARGE_RATE * default:
        return
    values = {"rate": rate, "factor": round(rate / default), "optimizer": optimizer.name, "default": default}
    yield Unsuitable("optimizer.learning_rate", "large_learning_rate", values)


def _hidden_mismatches(config: ExamplesConfig) -> Iterator[Unsuitable]:
    for index, layer in enumerate(config.layers):
        if layer.activation == "step":
            yield Unsuitable(f"layers.{index}.activation", "zero_gradient")
    if len(config.layers) > 0 and all(layer.activation == "linear" for layer in config.layers):
        yield Unsuitable("layers.0.activation", "all_linear")


def _mismatch(name: str, output_activation: str, loss: str) -> Mismatch:
    return Mismatch(name, {"output_activation": output_activation, "loss": {"name": loss}})


TASKS: dict[str, Task] = {
    "regression": Task(
        "linear",
        "mean_squared_error",
        ("linear",),
        "sine",
        (
            _mismatch("sigmoid_output", "sigmoid", "mean_squared_error"),
            _mismatch("relu_output", "relu", "mean_squared_error"),
        ),
        score="r2",
    ),
    "binary": Task(
        "sigmoid",
        "binary_crossentropy",
        ("sigmoid", "tanh", "linear"),
        "circle",
        (
            _mismatch("step_output", "step", "half_squared_error"),
            _mismatch("linear_output", "linear", "mean_squared_error"),
        ),
        score="accuracy",
    ),
    "multiclass": Task(
        "softmax",
        "categorical_crossentropy",
        ("softmax",),
        "blobs",
        (
            _mismatch("sigmoid_output", "sigmoid", "binary_crossentropy"),
            _mismatch("step_output", "step", "half_squared_error"),
        ),
        score="accuracy",
    ),
    "multilabel": Task(
        "sigmoid",
        "binary_crossentropy",
        ("sigmoid", "tanh", "linear"),
        "discs",
        (_mismatch("softmax_output", "softmax", "half_squared_error"),),
        score="subset_accuracy",
    ),
    "reconstruction": Task("linear", "mean_squared_error", ("linear",), score="r2"),
    CONTROL: Task("softmax", None, ("softmax",)),
}


def output_and_loss(task: str, activation: str, loss: str, perceptron: bool) -> tuple[str, str]:
    """Returns output activation and loss; `auto` is replaced by what suits the task and the other one."""
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
        is_matched = matched is None or matched.activation == activation
        loss = default if is_matched else _loss_for_activation(activation)
    return activation, loss


def _loss_for_activation(activation: str) -> str:
    """Returns the classification loss for an output activation that is not the default of the task."""
    for name, entry in LOSSES.items():
        if entry.matched and entry.matched.activation == activation:
            return name
    return "half_squared_error"
