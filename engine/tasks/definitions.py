"""The kinds of problem, and what the output layer should be for each (lecture: choosing activations)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.config.models import ExamplesConfig
from engine.config.task_names import CONTROL
from engine.losses import LOSSES


@dataclass(frozen=True)
class Mismatch:
    """A choice that does not fit a task: `changes` of a configuration, and what one then sees."""

    title: str
    watch: str
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Task:
    """A kind of problem with the output layer and loss that fit it."""

    title: str
    output_activation: str
    loss: str | None  # None: there are no right answers to measure one by
    reason: str
    fitting: tuple[str, ...]  # output activations that make sense
    question: str = ""  # what such a network is asked
    loss_reason: str = ""
    example: str = ""  # a data set that shows it
    breaks: tuple[Mismatch, ...] = ()

    def mismatches(self, config: ExamplesConfig) -> Iterator[tuple[str, str]]:
        """(field, message) for each choice that is allowed but will not work well."""
        activation, loss = config.output_activation, config.loss.name
        if activation not in self.fitting and config.optimizer.name != "perceptron":
            fitting = " or ".join(self.fitting)
            yield (
                "output_activation",
                f"{self.title}: {activation} outputs do not fit; {fitting} would. {self.reason}.",
            )
        if activation == "linear" and self.output_activation == "sigmoid" and loss != "hinge":
            yield "output_activation", f"Linear outputs are no probabilities. {self.reason}."
        matched = LOSSES[loss].matched
        if matched and activation != matched.activation:
            yield (
                "loss.name",
                f"{LOSSES[loss].title} expects {matched.activation} outputs; others are cut to 0..1.",
            )
        if loss == "categorical_crossentropy" and self.title in ("Binary", "Multilabel"):
            yield (
                "loss.name",
                "It looks at the true class only: with independent outputs nothing holds the others down.",
            )
        for index, layer in enumerate(config.layers):
            if layer.activation == "step":
                yield (
                    f"layers.{index}.activation",
                    "The step's gradient is zero everywhere: nothing before it can learn.",
                )
        if len(config.layers) > 0 and all(layer.activation == "linear" for layer in config.layers):
            yield "layers.0.activation", "Without a non-linearity all layers together are one linear layer."


TASKS: dict[str, Task] = {
    "regression": Task(
        "Regression",
        "linear",
        "mean_squared_error",
        "A value may be any number, so the output must not be squeezed",
        ("linear",),
        "How much?",
        "The square of the error: its mean is smallest at the mean of what may come",
        "sine",
        (
            Mismatch(
                "Sigmoid output",
                "It cannot leave 0 to 1: every value below 0 is missed, and the loss stays high.",
                {"output_activation": "sigmoid", "loss": {"name": "mean_squared_error"}},
            ),
            Mismatch(
                "ReLU output",
                "It cannot go below 0: the lower half of the curve is cut off.",
                {"output_activation": "relu", "loss": {"name": "mean_squared_error"}},
            ),
        ),
    ),
    "binary": Task(
        "Binary",
        "sigmoid",
        "binary_crossentropy",
        "One yes or no: the output is the probability of yes",
        ("sigmoid", "tanh", "linear"),
        "Yes or no?",
        "The surprise at the truth, -log of its probability: its gradient here is output minus target",
        "circle",
        (
            Mismatch(
                "Step output",
                "Its slope is 0 everywhere: no gradient, no step, nothing moves at all.",
                {"output_activation": "step", "loss": {"name": "half_squared_error"}},
            ),
            Mismatch(
                "Linear output, squared error",
                "It decides, but its numbers are no probabilities: they leave 0 to 1.",
                {"output_activation": "linear", "loss": {"name": "mean_squared_error"}},
            ),
        ),
    ),
    "multiclass": Task(
        "Multiclass",
        "softmax",
        "categorical_crossentropy",
        "Exactly one class is true: the outputs share one whole",
        ("softmax",),
        "Which one?",
        "The surprise at the true class, -log of its share: its gradient here is output minus target",
        "blobs",
        (
            Mismatch(
                "Sigmoid outputs",
                "Each class answers for itself: the outputs no longer add up to 1.",
                {"output_activation": "sigmoid", "loss": {"name": "binary_crossentropy"}},
            ),
            Mismatch(
                "Step outputs",
                "No slope, no learning: the classes stay where chance put them.",
                {"output_activation": "step", "loss": {"name": "half_squared_error"}},
            ),
        ),
    ),
    "multilabel": Task(
        "Multilabel",
        "sigmoid",
        "binary_crossentropy",
        "Each label is a yes or no of its own",
        ("sigmoid", "tanh", "linear"),
        "Which of these, if any?",
        "The surprise at each label, added up: labels do not compete",
        "discs",
        (
            Mismatch(
                "Softmax output",
                "The labels must share 1 between them: two at once cannot both be above one half.",
                {"output_activation": "softmax", "loss": {"name": "half_squared_error"}},
            ),
        ),
    ),
    "reconstruction": Task(
        "Reconstruction",
        "linear",
        "mean_squared_error",
        "What comes out is compared with what went in before it was disturbed: any number",
        ("linear",),
    ),
    CONTROL: Task(
        "Control",
        "softmax",
        None,
        "One action is taken: the outputs are the probabilities with which each is chosen",
        ("softmax",),
    ),
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
