"""Initializers: mean, variance and range of the weights."""

import numpy as np
import pytest

from engine.layers.initializers import INITIALIZERS

VARIANCES = {
    "zeros": 0.0,
    "uniform": 0.5**2 / 3,
    "normal": 0.05**2,
    "glorot_uniform": 2 / (300 + 200),
    "glorot_normal": 2 / (300 + 200),
    "he_uniform": 2 / 300,
    "he_normal": 2 / 300,
    "lecun_uniform": 1 / 300,
    "lecun_normal": 1 / 300,
    "orthogonal": 1 / 300,
}


def draw(name: str, inputs: int = 300, outputs: int = 200) -> np.ndarray:
    entry = INITIALIZERS[name]
    scale = entry.scale.default if entry.scale else 1.0
    assert scale is not None
    return entry.draw(np.random.default_rng(0), inputs, outputs, scale)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_initializer_has_mean_zero_and_the_documented_variance(name: str) -> None:
    weights = draw(name)
    assert weights.shape == (300, 200)
    assert weights.mean() == pytest.approx(0, abs=0.002)
    assert weights.var() == pytest.approx(VARIANCES[name], rel=0.03)


@pytest.mark.parametrize("name", [n for n in INITIALIZERS if "uniform" in n])
def test_a_uniform_initializer_stays_within_its_interval(name: str) -> None:
    assert np.abs(draw(name)).max() <= np.sqrt(3 * VARIANCES[name]) + 1e-12


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7)])
def test_the_rows_or_columns_of_an_orthogonal_matrix_are_orthonormal(shape: tuple[int, int]) -> None:
    weights = draw("orthogonal", *shape)
    product = weights.T @ weights if shape[0] >= shape[1] else weights @ weights.T
    assert product == pytest.approx(np.eye(min(shape)), abs=1e-12)


def test_the_scale_multiplies_the_weights() -> None:
    for name, entry in INITIALIZERS.items():
        if entry.scale:
            small, large = (entry.draw(np.random.default_rng(1), 4, 4, scale) for scale in (0.5, 1.5))
            assert large == pytest.approx(3 * small), name


@pytest.mark.parametrize("name", [name for name, entry in INITIALIZERS.items() if entry.scale])
def test_a_scale_of_negative_zero_gives_zeros(name: str) -> None:
    assert not INITIALIZERS[name].draw(np.random.default_rng(1), 4, 4, -0.0).any()
