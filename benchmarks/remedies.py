"""Remedies: every remedy that a diagnosis offers, tried on a run with its problem.

A case trains with five seeds (of data and weights) and the same runs with the changes of the remedy for the
same number of steps. The remedy works for a seed if the diagnosis is found and the loss reached is lower:
that of the training part without penalties, for overfitting that of the test part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.diagnostics import DIAGNOSES
from engine.tasks.changed_config import changed_config
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.views import VIEWS

SEEDS = range(5)
MIN_BETTER = 4
FOREVER = 10**6  # epochs


@dataclass(frozen=True)
class Case:
    """A configuration with a problem: its diagnosis and remedy are found after `found` of its `steps`."""

    diagnosis: str
    remedy: str
    found: int
    steps: int
    config: dict[str, Any]
    loss: str = "train_loss"


def hidden(units: int, activation: str, count: int = 1) -> list[dict[str, Any]]:
    """Returns equal hidden layers."""
    return [{"units": units, "activation": activation}] * count


def case(
    diagnosis: str, remedy: str, steps: tuple[int, int], dataset: str | dict[str, Any], **config: Any
) -> Case:
    """Returns a case whose data set is given by name or with its parameters."""
    named = {"name": dataset} if isinstance(dataset, str) else dataset
    loss = "test_loss" if diagnosis == "overfitting" else "train_loss"
    return Case(diagnosis, remedy, *steps, {**config, "dataset": named, "epochs": FOREVER}, loss)


def _sgd(rate: float) -> dict[str, Any]:
    return {"name": "sgd", "learning_rate": rate}


def _normal(scale: float) -> dict[str, Any]:
    return {"name": "normal", "scale": scale}


SMALL_DATA = {"name": "xor", "samples": 60, "noise": 0.5}
CASES = [
    case("vanishing_gradient", "use_activation", (100, 500), "circle", layers=hidden(8, "sigmoid", 8)),
    case("vanishing_gradient", "use_selu_slowly", (50, 500), "circle", layers=hidden(8, "sigmoid", 50)),
    case("exploding_gradient", "new_weights_and_clip", (1, 300), "circle", layers=hidden(16, "relu", 8),
         initializer=_normal(1.0)),
    case("dying_relu", "leaky_relu", (100, 1000), "circle", layers=hidden(8, "relu"),
         initializer={"bias": -10}),
    case("saturation", "standardize", (300, 300), {"name": "wine", "standardize": False},
         layers=hidden(8, "tanh")),
    case("saturation", "use_activation", (100, 300), "iris", layers=hidden(8, "tanh", 2),
         initializer=_normal(20.0)),
    case("output_mismatch", "automatic_output", (10, 500), "sine", layers=hidden(8, "tanh"),
         output_activation="sigmoid"),
    case("no_nonlinearity", "use_activation", (10, 500), "circle", layers=hidden(8, "linear", 2)),
    case("zero_weights", "new_weights", (10, 500), "circle", layers=hidden(8, "tanh"),
         initializer={"name": "zeros"}),
    case("strong_penalty", "no_penalty", (100, 500), "circle", layers=hidden(8, "tanh"), l2=1.0),
    case("strong_penalty", "no_penalty", (300, 500), "spiral", layers=hidden(8, "relu", 2), l1=0.1),
    case("learning_rate_too_high", "lower_learning_rate", (100, 300), "circle", layers=hidden(8, "tanh"),
         optimizer={"learning_rate": 20.0}),
    case("learning_rate_too_high", "lower_learning_rate", (100, 300), "circle", layers=hidden(8, "tanh"),
         optimizer=_sgd(20.0)),
    case("learning_rate_too_low", "raise_learning_rate", (400, 400), "circle", batch_size=1000,
         optimizer=_sgd(1e-5)),
    case("learning_rate_too_low", "raise_learning_rate", (400, 400), "sine", batch_size=1000,
         optimizer={"learning_rate": 1e-6}),
    case("majority_guess", "use_adam", (1000, 2000), "circle", layers=hidden(8, "sigmoid", 3),
         optimizer=_sgd(0.03)),
    case("majority_guess", "use_activation", (1000, 2000), "circle", layers=hidden(8, "sigmoid", 5),
         optimizer={"name": "momentum", "learning_rate": 0.03}),
    case("majority_guess", "add_layer", (1000, 1500), "circle", layers=[]),
    case("majority_guess", "use_activation", (1000, 1500), "circle", layers=hidden(8, "relu"),
         initializer={"bias": -10}),
    case("plateau", "use_adam", (2000, 4000), "sine", layers=hidden(8, "sigmoid", 4), optimizer=_sgd(0.03)),
    case("plateau", "use_activation", (2000, 4000), "sine", layers=hidden(8, "sigmoid", 6),
         optimizer={"name": "momentum", "learning_rate": 0.03}),
    case("plateau", "add_layer", (1500, 3000), "spiral", layers=[]),
    case("plateau", "double_units", (3000, 4000), "multi_gauss", layers=hidden(1, "tanh")),
    case("overfitting", "raise_l2", (1000, 2000), SMALL_DATA, layers=hidden(64, "tanh", 2)),
    case("divergence", "lower_learning_rate_and_clip", (40, 300), "sine", layers=hidden(8, "relu"),
         optimizer=_sgd(100.0)),
]  # fmt: skip


def measure(item: Case) -> dict[str, Any]:
    """Tries the remedy of a case with all seeds: the losses reached without and with it."""
    runs = [tried(item, seed) for seed in SEEDS]
    better = sum(after < before for found, before, after in runs if found)
    return {
        "diagnosis": item.diagnosis, "remedy": item.remedy, "run": _described(item), "steps": item.steps,
        "found": sum(found for found, _, _ in runs),
        "before": [before for _, before, _ in runs], "after": [after for _, _, after in runs],
        "better": better, "kept": better >= MIN_BETTER,
    }  # fmt: skip


def _described(item: Case) -> str:
    """The data set and the hidden layers, as “circle, 2 × 8 tanh”."""
    layers = item.config.get("layers", [])
    network = (
        f"{len(layers)} × {layers[0]['units']} {layers[0]['activation']}" if layers else "no hidden layer"
    )
    return f"{item.config['dataset']['name']}, {network}"


def tried(item: Case, seed: int) -> tuple[bool, float, float]:
    """Whether diagnosis and remedy are found with a seed, and the losses without and with the remedy."""
    raw = {**item.config, "seed": seed, "dataset": {**item.config["dataset"], "seed": seed}}
    config = parse(raw)
    training, points = _trained(config, item.found)
    changes = _changes(item, training, points)
    training.advance(item.steps - item.found)
    before = _loss(training, item)
    if changes is None:
        return False, before, before
    return True, before, _loss(_trained(changed_config(config, changes), item.steps)[0], item)


def _trained(config: Any, steps: int) -> tuple[Any, list[dict[str, Any]]]:
    training = trainer(config, load_data(config))
    points = list(training.advance(steps).points)
    return training, points


def _changes(item: Case, training: Any, points: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The changes of the remedy; None if the diagnosis or the remedy is not found."""
    answer = VIEWS["layer_health"].compute(training.checkpoint(), training.data, {"bins": 10}, points)
    found = [finding for finding in answer["diagnoses"] if finding["name"] == item.diagnosis]
    if not found or found[0]["suggestion"]["name"] != item.remedy:
        return None
    changes: dict[str, Any] = found[0]["suggestion"]["changes"]
    return changes


def _loss(training: Any, item: Case) -> float:
    """The loss of the case; infinite if the training diverged."""
    value = training.measure()[item.loss]
    return float("inf") if value is None or value != value else float(value)


def measure_all() -> list[dict[str, Any]]:
    """Measures every case, and prints its row."""
    results = []
    for item in CASES:
        results.append(measure(item))
        print(row(results[-1]), end="", flush=True)
    return results


def untried() -> set[str]:
    """The diagnoses without a case."""
    return set(DIAGNOSES) - {item.diagnosis for item in CASES}


HEAD = """
## Remedies

Every diagnosis offers a remedy. Each was tried on a run with the problem, with five seeds for data and
weights: the loss reached after the same number of steps without and with the remedy (median of the seeds),
and for how many of the seeds the problem is found and the remedy lowers the loss; at least 4 are required.
The loss is that of the training part without penalties, for overfitting that of the test part.
`python -m benchmarks.measure_scores remedies` measures this table alone. A row is one entry of
`benchmarks/remedies.py`.

| diagnosis | remedy | run | steps | loss without | with | lower for | kept |
|---|---|---|---|---|---|---|---|
"""


def table(results: Sequence[dict[str, Any]]) -> str:
    """Returns the section of docs/scores.md."""
    return HEAD + "".join(row(result) for result in results)


def row(result: dict[str, Any]) -> str:
    """Returns one line of the table."""
    before, after = (sorted(result[name])[len(SEEDS) // 2] for name in ("before", "after"))
    kept = "yes" if result["kept"] else "**no**"
    names = " | ".join(result[name].replace("_", " ") for name in ("diagnosis", "remedy"))
    run = f"{result['run']} | {result['steps']}"
    numbers = f"{before:.3g} | {after:.3g} | {result['better']} of {len(SEEDS)}"
    return f"| {names} | {run} | {numbers} | {kept} |\n"
