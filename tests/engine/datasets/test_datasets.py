"""Properties that every data set of the catalogue has."""

import subprocess
import sys

import numpy as np
import pytest

from engine.config.task_names import SUPERVISED
from engine.datasets import DATASETS, FEATURES, canonical_feature, describe, load

GENERATED = [name for name, dataset in DATASETS.items() if dataset.generated and not dataset.truth_table]
every_dataset = pytest.mark.parametrize("name", DATASETS)


def test_the_catalogue_contains_the_specified_data_sets():
    assert set(DATASETS) == {
        "circle", "xor", "gauss", "spiral", "plane", "multi_gauss", "moons", "blobs", "spiral_arms",
        "gate_and", "gate_or", "gate_xor", "swimming", "separable", "sine", "discs", "iris", "wine",
        "breast_cancer", "digits", "light_curves",
    }  # fmt: skip


@every_dataset
def test_loaded_data_have_the_shapes_and_names_of_the_description(name, dataset_config):
    data, description = load(dataset_config(name, validation_fraction=0.2)), describe(DATASETS[name])
    assert (data.task, data.inputs, data.classes, data.outputs) == (
        description.task, description.inputs, description.classes, description.outputs
    )  # fmt: skip
    for part in (data.train, data.validation, data.test):
        assert len(part) > 0
        assert part.raw.shape == (len(part), len(description.inputs))
        assert part.inputs.shape == (len(part), len(description.default_features))
        assert part.targets.shape == (len(part), description.outputs)
        assert part.truth.shape == (
            (len(part), description.outputs) if description.task == "multilabel" else (len(part),)
        )
        assert all(np.isfinite(array).all() for array in (part.raw, part.inputs, part.targets, part.truth))


@every_dataset
def test_the_catalogue_entry_is_complete(name):
    dataset = DATASETS[name]
    assert dataset.task in SUPERVISED
    assert set(dataset.parameters) <= {"samples", "noise", "classes"}
    for parameter in dataset.parameters.values():
        assert parameter.minimum <= parameter.default <= parameter.maximum


@every_dataset
def test_equal_seeds_give_equal_data_and_different_seeds_different_data(name, dataset_config):
    first, repeated, other = (load(dataset_config(name, seed=seed)) for seed in (3, 3, 4))
    assert first.digest == repeated.digest
    assert np.array_equal(first.train.inputs, repeated.train.inputs)
    assert (first.digest == other.digest) == DATASETS[name].truth_table


@every_dataset
def test_every_class_or_label_occurs(name, dataset_config):
    data = load(dataset_config(name))
    truth = np.concatenate([data.train.truth, data.test.truth])
    if data.task == "multilabel":
        assert set(truth.sum(axis=1)) == {0, 1, 2, 3}
    elif data.classes is not None:
        assert set(truth) == set(range(len(data.classes)))


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [10, 11, 501])
def test_a_generated_set_has_the_configured_number_of_points(name, samples, dataset_config):
    data = load(dataset_config(name, samples=samples))
    assert len(data.train) + len(data.test) == samples


@pytest.mark.parametrize("name", [name for name in DATASETS if "classes" in DATASETS[name].parameters])
@pytest.mark.parametrize("classes", [2, 5, 10])
def test_the_number_of_classes_is_a_parameter(name, classes, dataset_config):
    data = load(dataset_config(name, classes=classes, samples=200))
    assert data.outputs == classes and data.classes == [str(i) for i in range(classes)]
    counts = np.bincount(np.concatenate([data.train.truth, data.test.truth]), minlength=classes)
    assert counts.tolist() == [200 // classes] * classes


@pytest.mark.parametrize("name", GENERATED)
def test_noise_does_not_change_the_random_numbers_of_the_points(name, dataset_config):
    clean, noisy = (load(dataset_config(name, noise=noise)) for noise in (0, 0.5))
    assert clean.digest != noisy.digest
    # With other random numbers, the coordinates would not be correlated.
    assert np.corrcoef(clean.train.raw[:, 0], noisy.train.raw[:, 0])[0, 1] > 0.6


@pytest.mark.parametrize("name", GENERATED)
def test_200_000_points_can_be_generated(name, dataset_config):
    data = load(dataset_config(name, samples=200_000))
    assert len(data.train) + len(data.test) == 200_000


def test_describing_every_data_set_does_not_import_scikit_learn():
    code = (
        "import sys; from engine.datasets import DATASETS, describe;"
        "[describe(entry) for entry in DATASETS.values()]; sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_planar_set_has_all_features_and_its_coordinates_by_default():
    description = describe(DATASETS["circle"])
    assert (
        description.planar
        and description.features == list(FEATURES)
        and description.default_features == ["x1", "x2"]
    )


def test_the_features_of_a_set_that_is_not_planar_are_its_inputs():
    description = describe(DATASETS["wine"])
    assert (
        not description.planar and description.features == description.inputs == description.default_features
    )


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("x1", "x1"), ("X2", "x2"), ("x₁", "x1"), ("x1²", "x1^2"), ("x₂²", "x2^2"), ("x2**2", "x2^2"),
        ("x_1", "x1"), ("x1·x2", "x1*x2"), ("x1 x2", "x1*x2"), ("x2 × x1", "x1*x2"), ("sin x1", "sin(x1)"),
        ("sin(x2)", "sin(x2)"), ("x3", None), ("", None), ("cos(x1)", None), ("x1^3", None),
    ],
)  # fmt: skip
def test_common_spellings_of_features_are_accepted(spelling, canonical):
    assert canonical_feature(spelling) == canonical


@pytest.mark.parametrize("name", FEATURES)
def test_the_symbol_of_a_feature_is_an_accepted_spelling(name):
    assert canonical_feature(FEATURES[name].symbol) == name


def test_features_are_the_functions_of_the_coordinates_in_their_names(dataset_config):
    data = load(dataset_config("gauss", features=list(FEATURES)))
    x1, x2 = data.train.raw.T
    expected = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)]
    assert np.allclose(data.train.inputs, np.column_stack(expected), rtol=1e-15)
