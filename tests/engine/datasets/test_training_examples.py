"""Number of training examples: nested training parts, one test part, and the parts of a run without it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.errors import ConfigError
from engine.datasets import load
from engine.datasets.tables.drawn_points import apply_drawing, with_content
from engine.datasets.tables.table import Header, Table
from engine.datasets.training_examples import indices
from engine.tasks.changed_config import changed_config
from engine.tasks.paradigms import load_data
from engine.tasks.resolve import parse
from engine.trainers import trainer
from engine.training.checkpoint import Checkpoint
from tests.engine.datasets.test_tables import MemoryTables, table_of


def fixed_parts() -> Table:
    """A table of 30 training, 4 validation and 6 test rows, sorted by class."""
    X = np.arange(80.0).reshape(40, 2)
    header = Header("binary", ("a", "b"), ("kind",), ("no", "yes"), 40, sizes=(30, 4, 6))
    return Table(header, X, np.repeat([0, 1], 20))


TABLES = MemoryTables(mine=table_of(), parts=fixed_parts())
# Of each configuration the numbers of training, validation and test rows.
SOURCES: list[tuple[dict[str, Any], tuple[int, int, int]]] = [
    ({"dataset": {"name": "moons", "samples": 100, "validation_fraction": 0.1}}, (40, 10, 50)),
    ({"dataset": {"name": "sine", "samples": 60}}, (30, 0, 30)),
    ({"dataset": {"name": "gate_xor"}}, (4, 0, 4)),
    ({"dataset": {"name": "digits", "samples": 1797, "test_fraction": 0.3}}, (1258, 0, 539)),
    ({"dataset": {"name": "mine"}}, (20, 0, 20)),
    ({"dataset": {"name": "parts"}}, (30, 4, 6)),
    ({"paradigm": "autoencoder", "dataset": {"name": "wine"}}, (89, 0, 89)),
]


def data_of(config: dict[str, Any], **dataset: Any) -> Any:
    return load_data(parse({**config, "dataset": config["dataset"] | dataset}, TABLES), TABLES)


# Digests that were computed before the two fields existed.
BEFORE = [
    (
        {"name": "moons", "samples": 200, "noise": 0.2, "validation_fraction": 0.2,
         "test_fraction": 0.3, "seed": 7},
        "2d0fe82723576bed360e569bb601bfd471c462cc8962063b735e6102e0098bc5",
    ),
    ({"name": "spiral"}, "3396fea8d0e59de7c6d96db07c1c94627a1a17a8e615d62be9581d9ee580b760"),
    ({"name": "gate_xor"}, "980d8be48c7862a17858621eaeb2c79716f767acbd59167c66d3f292a389ca3c"),
    (
        {"name": "digits", "test_fraction": 0.3, "seed": 2},
        "5366c0dff46e49d82518c495a0816d241c5ee80f773f10cbc51965c5130c4f1b",
    ),
    (
        {"name": "wine", "validation_fraction": 0.1, "seed": 1},
        "4567027c291b8be9644a18d4a41e4af1d1a4d4f12824cb6e2703ebbd3309d198",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "digest"), BEFORE)
def test_without_a_number_the_data_are_those_of_before(dataset: dict[str, Any], digest: str) -> None:
    assert load(parse({"dataset": dataset})).digest == digest
    assert load(parse({"dataset": dataset | {"train_seed": 5}})).digest == digest


@pytest.mark.parametrize(("config", "sizes"), SOURCES)
def test_training_parts_are_nested_in_their_order_and_the_other_parts_stay(
    config: dict[str, Any], sizes: tuple[int, int, int]
) -> None:
    full = data_of(config)
    assert (len(full.train), len(full.validation), len(full.test)) == sizes
    assert data_of(config, train_samples=sizes[0], train_seed=9).digest == full.digest
    larger = full
    for count in sorted({1, 2, sizes[0] // 2, sizes[0] - 1}, reverse=True):
        smaller = data_of(config, train_samples=count)
        assert len(smaller.train) == count
        rows = iter(zip(larger.train.raw.tolist(), larger.train.truth.tolist(), strict=True))
        chosen = zip(smaller.train.raw.tolist(), smaller.train.truth.tolist(), strict=True)
        assert all(row in rows for row in chosen), "not a subsequence of the larger part"
        for part in ("validation", "test"):
            for name in ("raw", "truth"):
                assert np.array_equal(
                    getattr(getattr(smaller, part), name), getattr(getattr(full, part), name)
                )
        larger = smaller


@given(st.integers(1, 400), st.data(), st.integers(0, 2**53 - 1))
def test_examples_of_a_smaller_number_are_among_those_of_a_larger_one(
    left: int, data: st.DataObject, seed: int
) -> None:
    larger = data.draw(st.integers(1, left))
    smaller = data.draw(st.integers(1, larger))
    first, second = indices(left, smaller, seed).tolist(), indices(left, larger, seed).tolist()
    assert len(first) == smaller and len(set(second)) == larger and set(first) <= set(second)
    assert first == sorted(first) and second == sorted(second) and 0 <= second[0] <= second[-1] < left


def test_every_example_is_drawn_equally_often() -> None:
    counts = np.zeros(20)
    for seed in range(2000):
        counts[indices(20, 5, seed)] += 1
    deviation = np.sqrt(2000 * 0.25 * 0.75)
    assert (abs(counts - 500) < 5 * deviation).all()


def test_the_seed_of_the_examples_is_that_of_the_data_unless_it_is_given() -> None:
    config = {"dataset": {"name": "moons", "samples": 100, "seed": 3}}
    default = data_of(config, train_samples=10)
    assert default.digest == data_of(config, train_samples=10, train_seed=3).digest
    others = [data_of(config, train_samples=10, train_seed=seed) for seed in range(4, 8)]
    assert len({data.digest for data in (default, *others)}) == 5
    assert all(np.array_equal(data.test.raw, default.test.raw) for data in others)


def test_rows_sorted_by_class_are_not_drawn_from_the_beginning_alone() -> None:
    kinds = {tuple(data_of(SOURCES[5][0], train_samples=9, train_seed=seed).train.truth) for seed in range(5)}
    assert any(0 < sum(kind) < 9 for kind in kinds)


def test_scaling_follows_the_examples_that_are_trained_on() -> None:
    data = data_of({"dataset": {"name": "wine"}}, train_samples=12)
    assert np.allclose(data.train.inputs.mean(axis=0), 0, atol=1e-9)
    assert np.allclose(data.feature_mean, data.train.raw.mean(axis=0))


@pytest.mark.parametrize(("config", "sizes"), SOURCES)
def test_more_examples_than_are_left_are_refused_with_how_many_there_are(
    config: dict[str, Any], sizes: tuple[int, int, int]
) -> None:
    with pytest.raises(ConfigError) as caught:
        data_of(config, train_samples=sizes[0] + 1)
    assert (caught.value.field, caught.value.given, caught.value.limit) == (
        "dataset.train_samples", sizes[0] + 1, sizes[0],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "limit"),
    [("train_samples", 0, 1), ("train_samples", 1.5, None), ("train_samples", 200_001, 200_000),
     ("train_seed", -1, 0), ("train_seed", 2**53, 2**53 - 1)],
)  # fmt: skip
def test_an_impossible_value_is_refused_with_its_field(field: str, value: Any, limit: Any) -> None:
    with pytest.raises(ConfigError) as caught:
        parse({"dataset": {field: value}})
    assert (caught.value.field, caught.value.given) == (f"dataset.{field}", value)
    assert limit is None or caught.value.limit == limit


def test_a_checkpoint_of_a_run_on_some_examples_has_their_number_and_seed() -> None:
    raw = {"dataset": {"name": "moons", "samples": 60, "train_samples": 7, "train_seed": 2}, "batch_size": 3}
    config = parse(raw)
    training = trainer(config, load(config))
    training.advance(5)
    restored = Checkpoint.from_bytes(training.checkpoint().to_bytes())
    assert restored.config == config
    assert load(restored.config).digest == training.data.digest


def test_another_data_set_has_all_its_examples_again_and_other_changes_keep_the_number() -> None:
    config = parse({"dataset": {"name": "digits", "train_samples": 400, "train_seed": 2}})
    changed = changed_config(config, {"dataset": {"name": "moons"}})
    assert (changed.dataset.train_samples, changed.dataset.train_seed) == (None, 2)
    assert changed_config(config, {"dataset": {"seed": 4}}).dataset.train_samples == 400


def test_points_changed_by_hand_are_all_trained_on() -> None:
    config = parse({"dataset": {"name": "moons", "samples": 60, "train_samples": 7}})
    drawn = apply_drawing(load(config), {"remove": [{"part": "train", "index": 0}]}, True)
    tables = MemoryTables(drawn=drawn)
    redrawn = parse(with_content(config, drawn.content), tables)
    assert redrawn.dataset.train_samples is None and len(load(redrawn, tables).train) == 6
