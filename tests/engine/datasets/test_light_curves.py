"""Light curves: the models of the three star types, and their noise."""

import numpy as np
import pytest

from engine.datasets import DATASETS, Options
from engine.datasets.generators.light_curves import TIMES, eclipsing_binary, rr_lyrae, transit


def test_the_eclipses_of_a_binary_are_half_a_period_apart() -> None:
    parameters = [np.array([value]) for value in (1.0, 0.25, 0.4, 0.5, 0.05)]
    flux = eclipsing_binary(*parameters)[0]
    assert flux[16] == pytest.approx(1 - 0.4, abs=1e-9)
    assert flux[48] == pytest.approx(1 - 0.2, abs=1e-9)
    assert flux[16 + 3] == pytest.approx(1 - 0.4 * np.exp(1 - np.cosh(3 / 64 / 0.05)), abs=1e-9)


def test_a_pulsating_star_rises_faster_than_it_declines() -> None:
    flux = rr_lyrae(np.array([1.0]), np.array([0.5]), np.array([0.2]))[0]
    peak, trough = flux.argmax(), flux.argmin()
    assert (peak - trough) % 64 < 16
    assert TIMES[trough] < 0.5 < TIMES[peak]


def test_a_transit_has_the_depth_and_duration_of_its_parameters() -> None:
    k, duration = 0.1, 0.25
    parameters = [np.array([value]) for value in (1.0, 0.5, k, duration, 0.0)]
    flux = transit(*parameters)[0]
    assert 1 - flux[32] == pytest.approx(k**2 / (1 - 0.4 / 3))
    outside = np.abs(TIMES - 0.5) > duration / 2 + 1e-9
    assert (flux[outside] == 1).all()
    assert (flux[~outside][1:-1] < 1).all()


def test_noise_is_added_to_the_same_curves() -> None:
    make = DATASETS["light_curves"].make
    clean, star_types = make(Options(30, 0.0), np.random.default_rng(4))
    noisy, repeated = make(Options(30, 0.3), np.random.default_rng(4))
    np.testing.assert_array_equal(star_types, repeated)
    assert (noisy - clean).std() == pytest.approx(0.3, abs=0.03)
    assert np.bincount(star_types).tolist() == [10, 10, 10]
