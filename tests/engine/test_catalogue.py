"""The catalogue: its entries, and a training with every one of them."""

from typing import Any

import pytest

from engine.catalogue import catalogue, dataset_entry
from engine.datasets import DATASETS, load
from engine.layers.activations import ACTIVATIONS
from engine.layers.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.tasks.resolve import parameter_count, parse
from engine.training.reason import ending
from engine.training.trainer import Trainer


def configurations() -> list[tuple[str, dict[str, Any]]]:
    """Returns a label and a configuration for every entry of the catalogue."""
    cases: list[tuple[str, dict[str, Any]]] = [(f"dataset {n}", {"dataset": {"name": n}}) for n in DATASETS]
    cases += [(f"hidden {n}", {"layers": [{"activation": n}] * 2}) for n in ACTIVATIONS]
    cases += [(f"output {n}", {"output_activation": n}) for n, a in ACTIVATIONS.items() if not a.learned]
    for n, loss in LOSSES.items():
        for task, data in {
            "binary": "circle",
            "multiclass": "blobs",
            "multilabel": "discs",
            "regression": "sine",
        }.items():
            if task in loss.applies_to:
                cases.append((f"loss {n} {task}", {"dataset": {"name": data}, "loss": {"name": n}}))
    cases += [(f"initializer {n}", {"initializer": {"name": n}}) for n in INITIALIZERS]
    cases += [(f"schedule {n}", {"optimizer": {"schedule": {"name": n}}}) for n in SCHEDULES]
    for n, o in OPTIMIZERS.items():
        cases.append(
            (f"optimizer {n}", {"optimizer": {"name": n}, **({"layers": []} if o.perceptron_rule else {})})
        )
    return cases


@pytest.mark.parametrize(("label", "raw"), configurations(), ids=[label for label, _ in configurations()])
def test_every_entry_of_the_catalogue_can_be_trained_with(label: str, raw: dict[str, Any]) -> None:
    config = parse({"epochs": 2, **raw})
    trainer = Trainer(config, load(config))
    assert len(trainer.state.theta) == parameter_count(config)
    report = trainer.advance(10_000)
    assert report.ended == ("finished", ending("epochs_done", epochs=2))
    assert report.points[-1]["train_loss"] >= 0


def test_the_catalogue_has_every_entry_with_its_parameters() -> None:
    lists = catalogue()
    for key, entries in {
        "datasets": DATASETS,
        "activations": ACTIVATIONS,
        "losses": LOSSES,
        "optimizers": OPTIMIZERS,
        "initializers": INITIALIZERS,
        "schedules": SCHEDULES,
    }.items():
        assert [entry["name"] for entry in lists[key]] == list(entries)
        for entry in lists[key]:
            for parameter in entry["parameters"].values():
                assert parameter["minimum"] <= parameter["default"] <= parameter["maximum"]


@pytest.mark.parametrize("name", DATASETS)
def test_a_display_order_has_every_class_once(name: str) -> None:
    order = dataset_entry(name)["display_order"]
    assert order is None or sorted(order) == list(range(len(DATASETS[name].classes or ())))


def test_malignant_is_the_positive_class_of_breast_cancer_and_its_targets_are_still_those_of_benign() -> None:
    entry = dataset_entry("breast_cancer")
    assert [entry["classes"][index] for index in entry["display_order"]] == ["benign", "malignant"]
    assert entry["positive"] == "malignant"
    config = parse({"dataset": {"name": "breast_cancer"}})
    truth = load(config).train.truth
    assert 0.55 < truth.mean() < 0.7  # class 1, benign, are 357 of 569


KINDS = "datasets environments activations losses optimizers initializers schedules metrics views diagnoses"


@pytest.mark.parametrize("kind", KINDS.split())
def test_every_entry_says_what_it_applies_to(kind: str) -> None:
    assert [entry["name"] for entry in catalogue()[kind] if not entry.get("applies_to")] == []
