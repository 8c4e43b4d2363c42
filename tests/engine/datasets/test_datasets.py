"""What holds for every data set of the catalogue."""

import subprocess
import sys

import numpy as np
import pytest

from engine.config.task_names import SUPERVISED
from engine.datasets import DATASETS, FEATURES, canonical_feature, describe, load

GENERATED = [name for name, dataset in DATASETS.items() if dataset.generated and not dataset.truth_table]
each = pytest.mark.parametrize("name", DATASETS)


def test_the_catalogue_holds_the_promised_sets():
    assert set(DATASETS) == {
        "circle", "xor", "gauss", "spiral", "plane", "multi_gauss", "moons", "blobs", "spiral_arms",
        "gate_and", "gate_or", "gate_xor", "swimming", "separable", "sine", "discs", "iris", "wine",
        "breast_cancer", "digits", "light_curves",
    }  # fmt: skip


@each
def test_loaded_data_have_the_shapes_and_names_the_description_promises(name, dataset_config):
    data, told = load(dataset_config(name, validation_fraction=0.2)), describe(DATASETS[name])
    assert (data.task, data.inputs, data.classes, data.outputs) == (
        told.task, told.inputs, told.classes, told.outputs
    )  # fmt: skip
    for part in (data.train, data.validation, data.test):
        assert len(part) > 0
        assert part.raw.shape == (len(part), len(told.inputs))
        assert part.inputs.shape == (len(part), len(told.default_features))
        assert part.targets.shape == (len(part), told.outputs)
        assert part.truth.shape == ((len(part), told.outputs) if told.task == "multilabel" else (len(part),))
        assert all(np.isfinite(array).all() for array in (part.raw, part.inputs, part.targets, part.truth))


@each
def test_the_catalogue_entry_is_complete(name):
    dataset = DATASETS[name]
    assert dataset.task in SUPERVISED
    assert set(dataset.parameters) <= {"samples", "noise", "classes"}
    for parameter in dataset.parameters.values():
        assert parameter.minimum <= parameter.default <= parameter.maximum


@each
def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(name, dataset_config):
    first, again, other = (load(dataset_config(name, seed=seed)) for seed in (3, 3, 4))
    assert first.digest == again.digest
    assert np.array_equal(first.train.inputs, again.train.inputs)
    assert (first.digest == other.digest) == DATASETS[name].truth_table


@each
def test_every_class_or_label_occurs(name, dataset_config):
    data = load(dataset_config(name))
    truth = np.concatenate([data.train.truth, data.test.truth])
    if data.task == "multilabel":
        assert set(truth.sum(axis=1)) == {0, 1, 2, 3}
    elif data.classes is not None:
        assert set(truth) == set(range(len(data.classes)))


@pytest.mark.parametrize("name", GENERATED)
@pytest.mark.parametrize("samples", [10, 11, 501])
def test_a_generated_set_has_exactly_as_many_points_as_asked(name, samples, dataset_config):
    data = load(dataset_config(name, samples=samples))
    assert len(data.train) + len(data.test) == samples


@pytest.mark.parametrize("name", [name for name in DATASETS if "classes" in DATASETS[name].parameters])
@pytest.mark.parametrize("classes", [2, 5, 10])
def test_the_number_of_classes_can_be_chosen(name, classes, dataset_config):
    data = load(dataset_config(name, classes=classes, samples=200))
    assert data.outputs == classes and data.classes == [str(i) for i in range(classes)]
    counts = np.bincount(np.concatenate([data.train.truth, data.test.truth]), minlength=classes)
    assert counts.tolist() == [200 // classes] * classes


@pytest.mark.parametrize("name", GENERATED)
def test_noise_moves_points_or_labels_and_nothing_else(name, dataset_config):
    calm, rough = (load(dataset_config(name, noise=noise)) for noise in (0, 0.5))
    assert calm.digest != rough.digest
    # The same draws are used in the same order: each point has only moved.
    assert np.corrcoef(calm.train.raw[:, 0], rough.train.raw[:, 0])[0, 1] > 0.6


@pytest.mark.parametrize("name", GENERATED)
def test_200_000_points_are_made(name, dataset_config):
    data = load(dataset_config(name, samples=200_000))
    assert len(data.train) + len(data.test) == 200_000


def test_describing_every_set_does_not_load_scikit_learn():
    code = (
        "import sys; from engine.datasets import DATASETS, describe;"
        "[describe(entry) for entry in DATASETS.values()]; sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_planar_set_offers_every_feature_and_starts_with_its_coordinates():
    told = describe(DATASETS["circle"])
    assert told.planar and told.features == list(FEATURES) and told.default_features == ["x1", "x2"]


def test_a_set_that_is_not_planar_offers_its_inputs():
    told = describe(DATASETS["wine"])
    assert not told.planar and told.features == told.inputs == told.default_features


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("x1", "x1"), ("X2", "x2"), ("x₁", "x1"), ("x1²", "x1^2"), ("x₂²", "x2^2"), ("x2**2", "x2^2"),
        ("x_1", "x1"), ("x1·x2", "x1*x2"), ("x1 x2", "x1*x2"), ("x2 × x1", "x1*x2"), ("sin x1", "sin(x1)"),
        ("sin(x2)", "sin(x2)"), ("x3", None), ("", None), ("cos(x1)", None), ("x1^3", None),
    ],
)  # fmt: skip
def test_features_may_be_spelt_as_people_write_them(spelling, canonical):
    assert canonical_feature(spelling) == canonical


@pytest.mark.parametrize("name", FEATURES)
def test_a_title_of_a_feature_is_an_accepted_spelling_of_it(name):
    assert canonical_feature(FEATURES[name].symbol) == name


def test_features_are_the_stated_functions_of_the_coordinates(dataset_config):
    data = load(dataset_config("gauss", features=list(FEATURES)))
    x1, x2 = data.train.raw.T
    expected = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)]
    assert np.allclose(data.train.inputs, np.column_stack(expected), rtol=1e-15)
