"""Settings that fit an imported table of few rows, and the warning about its score."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.catalogue import dataset_entry
from engine.datasets.dataset import Image
from engine.datasets.tables.table import Header, Table
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse, revise, warnings
from engine.tasks.table_settings import FITTING, PICTURES, SMALL
from engine.training.trainer import Trainer

NAMES = tuple("abcde")


class OneTable:
    """A table library with one table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def content_of(self, name: str) -> str | None:
        return self._table.content

    def names(self) -> list[str]:
        return ["rows"]

    def header(self, content: str) -> Header | None:
        return self._table.header

    def table(self, content: str) -> Table:
        return self._table


def table(rows: int, seed: int = 0, **fields: Any) -> OneTable:
    """A noisy linear function of the first two of five inputs."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 5))
    y = 3 * X[:, 0] - 2 * X[:, 1] + rng.normal(scale=1.5, size=rows)
    return OneTable(Table(replace(Header("regression", NAMES, ("y",), None, rows), **fields), X, y))


def settings(config: Any) -> tuple[int, int, float, float]:
    return config.batch_size, config.epochs, config.l2, config.optimizer.learning_rate


USUAL = (32, 1000, 0.0, 0.01)
FITTED = (FITTING["batch_size"], FITTING["epochs"], FITTING["l2"], FITTING["optimizer"]["learning_rate"])


def test_a_table_gets_the_settings_that_fit_its_number_of_rows_and_other_data_the_usual_ones() -> None:
    assert settings(parse({"dataset": {"name": "rows"}}, table(SMALL - 1))) == FITTED
    assert settings(parse({"dataset": {"name": "rows"}}, table(SMALL))) == (32, 200, 0.01, 0.003)
    assert settings(parse({"dataset": {"name": "circle", "samples": 10}})) == USUAL


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"batch_size": 32}, (32, *FITTED[1:])),
        ({"epochs": 7}, (FITTED[0], 7, *FITTED[2:])),
        ({"l2": 0}, (*FITTED[:2], 0.0, FITTED[3])),
        ({"optimizer": {"learning_rate": 0.5}}, (*FITTED[:3], 0.5)),
        ({"optimizer": {"name": "sgd"}}, (*FITTED[:3], 0.01)),
    ],
)
def test_a_setting_of_the_request_stays(given: dict[str, Any], expected: tuple[float, ...]) -> None:
    config = parse({"dataset": {"name": "rows"}, **given}, table(16))
    if given.get("optimizer", {}).get("name") == "sgd":
        expected = (*expected[:3], parse({"optimizer": {"name": "sgd"}}).optimizer.learning_rate)
    assert settings(config) == expected


def test_a_resolved_configuration_stays_as_it_is_when_it_is_read_or_changed_again() -> None:
    tables = table(16)
    resolved = parse({"dataset": {"name": "rows"}, "batch_size": 32}, tables)
    dump = resolved.model_dump(mode="json")
    assert parse(dump, tables).model_dump(mode="json") == dump
    assert settings(revise(resolved, {**dump, "epochs": 9})) == (32, 9, *FITTED[2:])


def test_drawn_points_get_the_usual_settings() -> None:
    assert settings(parse({"dataset": {"name": "rows"}}, table(16, drawn=True))) == USUAL


def images(rows: int = 16) -> OneTable:
    return table(rows, image=Image(1, 5, 0, 255))


def test_imported_images_get_a_wide_layer_and_the_settings_that_fit_it() -> None:
    config = parse({"dataset": {"name": "rows"}}, images())
    assert [(layer.units, layer.activation) for layer in config.layers] == [(64, "relu")]
    expected = (32, PICTURES["epochs"], PICTURES["l2"], PICTURES["optimizer"]["learning_rate"])
    assert settings(config) == expected
    given = parse({"dataset": {"name": "rows"}, "layers": [{"units": 3}], "epochs": 2}, images())
    assert ([layer.units for layer in given.layers], given.epochs) == ([3], 2)


def test_the_built_in_digits_keep_the_default_of_every_run() -> None:
    config = parse({"dataset": {"name": "digits"}, "features": None})
    assert ([layer.units for layer in config.layers], settings(config)) == ([8], USUAL)


def test_the_catalogue_has_the_settings_of_images() -> None:
    assert dataset_entry("rows", images().header(""))["fitting"] == PICTURES


def test_the_catalogue_has_the_settings_of_a_small_table_only() -> None:
    assert dataset_entry("rows", table(16).header(""))["fitting"] == FITTING
    assert dataset_entry("rows", table(60).header(""))["fitting"] is None
    assert dataset_entry("iris")["fitting"] is None


def test_a_small_table_has_a_warning_with_the_rows_of_training_and_test_part() -> None:
    config = parse({"dataset": {"name": "rows"}}, table(16))
    [warning] = [entry for entry in warnings(config) if entry["code"] == "few_rows"]
    assert (warning["field"], warning["parameters"]) == ("dataset.test_fraction", {"train": 8, "test": 8})
    assert not [entry for entry in warnings(parse({"dataset": {"name": "rows"}}, table(60)))
                if entry["code"] == "few_rows"]  # fmt: skip


def test_eight_noisy_rows_are_learned_better_with_the_fitting_settings_than_with_the_usual_ones() -> None:
    def score(seed: int, **fields: Any) -> float:
        tables = table(16, seed)
        config = parse({"dataset": {"name": "rows", "seed": seed}, "seed": seed, **fields}, tables)
        trainer = Trainer(config, load_data(config, tables))
        while trainer.advance(1000).ended is None:
            pass
        return float(trainer.measure()["metrics"]["test_r2"])

    usual = dict(zip(("batch_size", "epochs", "l2"), USUAL, strict=False))
    fitted = np.median([score(seed) for seed in range(7)])
    before = np.median([score(seed, **usual, optimizer={"learning_rate": USUAL[3]}) for seed in range(7)])
    assert fitted > before
