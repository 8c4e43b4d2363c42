"""Diagnosis: a rule that detects one problem of a training, with its findings and remedies."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.config.models import ExamplesConfig
from engine.config.task_names import FROM_EXAMPLES
from engine.diagnostics.facts import Facts
from engine.schedules import initial_rate


@dataclass(frozen=True)
class Remedy:
    """A change that may solve the problem: `changes` is a partial configuration, `text` describes it in
    English, `name` and `parameters` are for programs that compose their own sentence.
    """

    name: str
    text: str
    changes: dict[str, Any]
    parameters: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A detected problem: its layer (None: the whole network), the main `number` of the rule, the
    `parameters` of its description, and a remedy. `since`: the step from which on the network became worse,
    None where no earlier step was better.
    """

    number: float
    parameters: Mapping[str, float | str]
    remedy: Remedy
    layer: int | None = None
    since: int | None = None


@dataclass(frozen=True)
class Diagnosis:
    """One rule. `rule` states the condition in English with its `bounds`; `check(facts)` returns findings.

    `needs_path`: the rule needs the recorded points of the training.
    """

    rule: str
    check: Callable[[Facts], Iterable[Finding]]
    bounds: Mapping[str, float] = field(default_factory=dict)
    needs_path: bool = False
    applies_to: tuple[str, ...] = FROM_EXAMPLES


NEW_WEIGHTS = {"initializer": {"name": "auto", "scale": None}}


def activation_changes(config: ExamplesConfig, name: str, layer: int | None = None) -> dict[str, Any]:
    """A partial configuration with this activation in hidden layer `layer`, or in all hidden layers."""
    change = {"activation": name, "alpha": None}
    return {"layers": [change if layer in (None, index) else {} for index in range(len(config.layers))]}


def use_activation(config: ExamplesConfig, name: str, reason: str, layer: int | None = None) -> Remedy:
    """Use another activation in hidden layer `layer`, or in all hidden layers, with new weights."""
    where = "all hidden layers" if layer is None else "this layer"
    changes = activation_changes(config, name, layer) | NEW_WEIGHTS
    return Remedy("use_activation", f"Use {name} in {where}: {reason}.", changes, {"activation": name})


def learning_rate_changes(config: ExamplesConfig, factor: float) -> dict[str, Any]:
    """A partial configuration with the learning rate times `factor`, clipped to its valid range."""
    rate = initial_rate(config.optimizer) * factor
    return {"optimizer": {"learning_rate": float(f"{min(1000.0, max(1e-8, rate)):.3g}")}}
