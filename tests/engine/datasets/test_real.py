"""Real data sets compared with scikit-learn."""

from importlib import import_module

import numpy as np
import pytest

from engine.datasets import DATASETS, describe, load

every_real_dataset = pytest.mark.parametrize(
    "name", [name for name, dataset in DATASETS.items() if not dataset.generated]
)


def reference(name):
    return getattr(import_module("sklearn.datasets"), f"load_{name}")()


@every_real_dataset
def test_the_constants_for_names_and_sizes_match_scikit_learn(name):
    bunch, description = reference(name), describe(DATASETS[name])
    assert description.inputs == list(bunch.feature_names)
    assert description.classes == [str(target) for target in bunch.target_names]
    assert description.available == description.default_samples == len(bunch.data)
    assert description.parameters["samples"].maximum == len(bunch.data)
    assert description.task == ("binary" if len(bunch.target_names) == 2 else "multiclass")


@every_real_dataset
def test_every_row_occurs_once_with_its_class(name, dataset_config):
    data, bunch = load(dataset_config(name)), reference(name)
    rows = np.column_stack([
        np.concatenate([data.train.raw, data.test.raw]), np.concatenate([data.train.truth, data.test.truth])
    ])  # fmt: skip
    expected = np.column_stack([bunch.data, bunch.target])
    assert np.array_equal(rows[np.lexsort(rows.T)], expected[np.lexsort(expected.T)])


@every_real_dataset
def test_fewer_samples_are_random_rows(name, dataset_config):
    data = load(dataset_config(name, samples=100))
    assert len(data.train) == len(data.test) == 50
    assert len(set(data.train.truth)) == len(data.classes)  # the rows of scikit-learn are sorted by class
