"""The measured data sets, compared with scikit-learn."""

from importlib import import_module

import numpy as np
import pytest

from engine.datasets import DATASETS, describe, load

each = pytest.mark.parametrize("name", [name for name, dataset in DATASETS.items() if not dataset.generated])


def theirs(name):
    return getattr(import_module("sklearn.datasets"), f"load_{name}")()


@each
def test_names_and_sizes_written_down_here_are_scikit_learns(name):
    bunch, told = theirs(name), describe(DATASETS[name])
    assert told.inputs == list(bunch.feature_names)
    assert told.classes == [str(each) for each in bunch.target_names]
    assert told.available == told.default_samples == len(bunch.data)
    assert told.parameters["samples"].maximum == len(bunch.data)
    assert told.task == ("binary" if len(bunch.target_names) == 2 else "multiclass")


@each
def test_all_rows_appear_once_with_their_own_class(name, dataset_config):
    data, bunch = load(dataset_config(name)), theirs(name)
    ours = np.column_stack([
        np.concatenate([data.train.raw, data.test.raw]), np.concatenate([data.train.truth, data.test.truth])
    ])  # fmt: skip
    expected = np.column_stack([bunch.data, bunch.target])
    assert np.array_equal(ours[np.lexsort(ours.T)], expected[np.lexsort(expected.T)])


@each
def test_fewer_rows_are_a_sample_of_all_of_them(name, dataset_config):
    data = load(dataset_config(name, samples=100))
    assert len(data.train) == len(data.test) == 50
    assert len(set(data.train.truth)) == len(data.classes)  # not the first hundred rows, which are sorted
