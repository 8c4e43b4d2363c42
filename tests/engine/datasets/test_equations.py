"""Generators of data sets compared with their equations."""

import math

import numpy as np
import pytest

from engine.datasets import DATASETS, Options


def make(name, samples=1000, noise=0.0, classes=3, seed=1):
    rng = np.random.Generator(np.random.PCG64(seed))
    return DATASETS[name].make(Options(samples, noise, classes), rng)


def test_circle_is_a_disc_up_to_half_the_radius_and_a_ring_from_0_7_of_the_radius():
    X, y = make("circle")
    r = np.hypot(*X.T)
    assert y.sum() == 500 and r[y == 1].max() < 2.5
    assert r[y == 0].min() > 3.5 and r.max() < 5
    assert abs(np.quantile(r[y == 1], 0.5) - 1.25) < 0.15  # uniform in r, not in area


def test_circle_noise_changes_labels_but_not_points():
    (clean, _), (noisy, y) = make("circle"), make("circle", noise=0.5)
    assert np.array_equal(clean, noisy)
    wrong = (np.hypot(*noisy.T) < 2.5) != (y == 1)
    assert 0.1 < wrong.mean() < 0.5


def test_xor_is_class_1_where_the_signs_agree_with_a_gap_at_the_axes():
    X, y = make("xor")
    assert np.array_equal(y == 1, (X[:, 0] > 0) == (X[:, 1] > 0))
    assert np.abs(X).min() >= 0.3 and 5.2 < np.abs(X).max() <= 5.3


@pytest.mark.parametrize(("noise", "variance"), [(0, 0.5), (0.25, 2.25), (0.5, 4)])
def test_gauss_clouds_have_the_playgrounds_centres_and_variances(noise, variance):
    X, y = make("gauss", samples=40_000, noise=noise)
    for label, centre in ((1, 2), (0, -2)):
        cloud = X[y == label]
        assert len(cloud) == 20_000
        assert np.allclose(cloud.mean(axis=0), centre, atol=0.06)
        assert np.allclose(cloud.var(axis=0), variance, rtol=0.05)


def test_every_point_of_the_spiral_without_noise_follows_the_playgrounds_equation():
    X, y = make("spiral", samples=300)
    expected = [
        (label, (r * math.sin(t), r * math.cos(t)))
        for label, offset in ((1, 0.0), (0, math.pi))
        for i in range(150)
        for r, t in [(i / 150 * 5, 1.75 * i / 150 * 2 * math.pi + offset)]
    ]
    assert y.tolist() == [label for label, _ in expected]
    assert np.allclose(X, [point for _, point in expected], atol=1e-12)


def test_spiral_noise_is_limited_in_both_coordinates():
    difference = make("spiral", noise=0.5)[0] - make("spiral")[0]
    assert 0.45 < np.abs(difference).max() <= 0.5


def test_plane_is_a_tenth_of_the_sum_of_the_coordinates():
    X, y = make("plane")
    assert np.allclose(y, X.sum(axis=1) / 10)
    assert 5.9 < np.abs(X).max() <= 6 and np.abs(y).max() > 1


def test_multi_gauss_is_the_peak_value_of_largest_magnitude():
    X, y = make("multi_gauss")
    peaks = [(-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)]
    for (x1, x2), value in zip(X.tolist(), y.tolist(), strict=True):
        heights = [sign * max(0.0, 1 - math.dist((x1, x2), (a, b)) / 2) for a, b, sign in peaks]
        assert value == pytest.approx(max(heights, key=abs), abs=1e-12)


@pytest.mark.parametrize("name", ["plane", "multi_gauss"])
def test_regression_noise_changes_the_target_but_not_the_point(name):
    (clean, before), (noisy, after) = make(name), make(name, noise=0.2)
    assert np.array_equal(clean, noisy) and not np.array_equal(before, after)


def test_moons_are_scaled_moons_of_scikit_learn():
    from sklearn.datasets import make_moons

    X, y = make("moons", samples=100)
    reference, labels = make_moons(100, shuffle=False)
    assert np.array_equal(y, labels)
    assert np.allclose(X, 3.5 * (reference - [0.5, 0.25]), atol=1e-12)
    assert np.abs(X).max() < 6


def test_the_centres_of_blobs_are_on_a_circle():
    X, y = make("blobs", samples=50_000, noise=0.2, classes=5)
    for label in range(5):
        angle = 2 * math.pi * label / 5
        cloud = X[y == label]
        assert np.allclose(cloud.mean(axis=0), [4 * math.sin(angle), 4 * math.cos(angle)], atol=0.05)
        assert np.allclose(cloud.std(axis=0), 0.8, rtol=0.05)


def test_two_blobs_without_noise_can_be_separated_by_a_line():
    X, y = make("blobs", classes=2)
    assert X[y == 0, 1].min() > X[y == 1, 1].max()


def test_spiral_arms_with_two_classes_are_the_playgrounds_spiral():
    (X, arm), (reference, label) = make("spiral_arms", classes=2), make("spiral")
    assert np.allclose(X, reference) and np.array_equal(arm, 1 - label)


@pytest.mark.parametrize("classes", [3, 10])
def test_all_spiral_arms_are_rotations_of_the_first(classes):
    X, y = make("spiral_arms", samples=100 * classes, classes=classes)
    first = X[y == 0]
    t = 2 * math.pi * 3.5 / classes * 0.99
    assert np.allclose(first[-1], [4.95 * math.sin(t), 4.95 * math.cos(t)])
    for arm in range(1, classes):
        a = 2 * math.pi * arm / classes
        rotation = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
        assert np.allclose(X[y == arm], first @ rotation, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "outputs"),
    [("gate_and", [0, 0, 0, 1]), ("gate_or", [0, 1, 1, 1]), ("gate_xor", [0, 1, 1, 0])],
)
def test_gates_have_their_truth_tables(name, outputs):
    X, y = make(name)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]] and y.tolist() == outputs


def test_swimming_is_the_perceptron_with_the_lectures_weights_and_bias():
    X, y = make("swimming")
    assert sorted(map(tuple, X.tolist())) == sorted((a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1))
    expected = [1 if 4 * warm + 2 * empty + 4 * safe - 3 >= 0 else 0 for warm, empty, safe in X]
    assert y.tolist() == expected
    assert y[X.tolist().index([1, 0, 1])] == 1  # z = 4 + 4 - 3 = 5
    assert y.sum() == 6


@pytest.mark.parametrize("noise", [0, 0.1, 0.3, 0.5])
def test_separable_clouds_have_a_margin_between_them(noise):
    X, y = make("separable", samples=5000, noise=noise)
    angle = math.radians(35)
    across = X[:, 0] * math.cos(angle) + X[:, 1] * math.sin(angle) - 1
    margin = 1 - 1.84 * noise
    assert margin <= across[y == 1].min() < margin + 0.01
    assert -margin - 0.01 < across[y == 0].max() <= -margin
    along = X[:, 1] * math.cos(angle) - X[:, 0] * math.sin(angle)
    assert np.std(along) == pytest.approx(1.5, rel=0.05) and abs(np.mean(along)) < 0.1


def test_sine_noise_has_the_configured_standard_deviation():
    x, y = make("sine")
    assert np.allclose(y, np.sin(x[:, 0])) and 5.9 < np.abs(x).max() <= 6
    x, y = make("sine", samples=50_000, noise=0.3)
    assert np.std(y - np.sin(x[:, 0])) == pytest.approx(0.3, rel=0.02)


def test_a_label_of_discs_is_1_inside_its_disc():
    X, y = make("discs")
    centres = [(2 * math.sin(a), 2 * math.cos(a)) for a in (0, -2 * math.pi / 3, 2 * math.pi / 3)]
    for point, labels in zip(X.tolist(), y.tolist(), strict=True):
        assert labels == [int(math.dist(point, centre) < 3.5) for centre in centres]
