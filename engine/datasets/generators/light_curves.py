"""Light curves: the brightness of three types of variable stars during one night, from physical models.

Times run from 0 to 1 in equal steps; periods are in nights. A row is the standardised brightness,
(f - mean f) / std f, times the amplitude of the star, U(0.7, 1.3). `noise` is the standard deviation of
normal noise in these units.
"""

import numpy as np
from numpy.typing import NDArray

from engine.config.parameter import Parameter
from engine.datasets.dataset import Array, Dataset, Generated, Options
from engine.datasets.parameters import samples

STEPS = 64
TIMES = np.arange(STEPS) / STEPS
STAR_TYPES = ("eclipsing binary", "RR Lyrae", "transit")
OVERTONES = np.array([1.0, 0.45, 0.3, 0.15])  # amplitudes of an RRab star's harmonics relative to the first


def eclipsing_binary(period: Array, epoch: Array, depth: Array, depth_ratio: Array, width: Array) -> Array:
    """Two stars that eclipse each other: f(φ) = 1 - d₁ e(φ) - d₂ e(φ - ½), e(φ) = exp(1 - cosh(φ / w)).

    φ is the phase (t - epoch) / period wrapped to -½..½, d₁ = depth, d₂ = depth · depth_ratio; all
    parameters (n,), the result (n, STEPS). Profile of Mikulášek (2015, A&A 584, A8) with Γ = 1 and without
    proximity effects.
    """
    phase = _phase(period, epoch)
    primary = np.exp(1 - np.cosh(phase / width[:, None]))
    secondary = np.exp(1 - np.cosh((np.abs(phase) - 0.5) / width[:, None]))
    return 1 - depth[:, None] * (primary + depth_ratio[:, None] * secondary)


def rr_lyrae(period: Array, epoch: Array, depth: Array) -> Array:
    """A pulsating star: f(φ) = 1 + d Σ_k a_k sin(2πkφ), k = 1..4, with a steep rise and a slow decline.

    Fourier series as in Simon & Lee (1981, ApJ 248, 291); the amplitudes a_k are typical of the class RRab.
    Parameters (n,), the result (n, STEPS).
    """
    phase = _phase(period, epoch)
    k = np.arange(1, len(OVERTONES) + 1)
    return 1 + depth[:, None] * (OVERTONES * np.sin(2 * np.pi * k * phase[..., None])).sum(axis=-1)


def transit(period: Array, epoch: Array, radius: Array, duration: Array, impact: Array) -> Array:
    """A planet that passes in front of its star: f = 1 - k² c(r) (1 - u + u μ) / (1 - u / 3), u = 0.4.

    k: the planet's radius in stellar radii. r = √(b² + (1 + k)² (2 t / T)²): distance of the centres.
    μ = √(1 - r²): cosine of the angle to the line of sight. c = (1 + k - r) / 2k, clipped to 0..1: covered
    fraction of the planet's disc. T = duration in nights, b = impact parameter. Small-planet approximation
    of Mandel & Agol (2002, ApJ 580, L171) with linear limb darkening and a linear ingress. Parameters (n,),
    the result (n, STEPS).
    """
    time = _phase(period, epoch) * period[:, None]
    k, limb = radius[:, None], 0.4
    r = np.sqrt(impact[:, None] ** 2 + ((1 + k) * 2 * time / duration[:, None]) ** 2)
    mu = np.sqrt(np.clip(1 - r**2, 0, None))
    covered = np.clip((1 + k - r) / (2 * k), 0, 1)
    return 1 - k**2 * covered * (1 - limb + limb * mu) / (1 - limb / 3)


def _phase(period: Array, epoch: Array) -> Array:
    """Returns the phase at every time, from -½ to ½ and 0 at the epoch, (n, STEPS)."""
    return (TIMES - epoch[:, None]) / period[:, None] - np.round((TIMES - epoch[:, None]) / period[:, None])


def make(options: Options, rng: np.random.Generator) -> Generated:
    """Returns curves (n, STEPS) and star types (n,), equally many of each type."""
    count = options.samples
    star_type = rng.permutation(np.arange(count) % len(STAR_TYPES))
    uniform = rng.random((count, 6))
    amplitude, noise = 0.7 + 0.6 * uniform[:, 5], rng.standard_normal((count, STEPS))
    period = 0.6 + 0.4 * uniform[:, 0]
    epoch = uniform[:, 1] * period
    curves = np.empty((count, STEPS))
    for index, flux in enumerate((_binary(period, epoch, uniform), _pulsator(period, epoch, uniform),
                                  _planet(period, epoch, uniform))):  # fmt: skip
        curves[star_type == index] = flux[star_type == index]
    curves -= curves.mean(axis=1, keepdims=True)
    curves *= amplitude[:, None] / curves.std(axis=1, keepdims=True)
    return curves + options.noise * noise, star_type


def _binary(period: Array, epoch: Array, uniform: NDArray) -> Array:
    return eclipsing_binary(
        period, epoch, 0.1 + 0.3 * uniform[:, 2], 0.3 + 0.5 * uniform[:, 3], 0.05 + 0.04 * uniform[:, 4]
    )


def _pulsator(period: Array, epoch: Array, uniform: NDArray) -> Array:
    return rr_lyrae(period, epoch, 0.1 + 0.3 * uniform[:, 2])


def _planet(period: Array, epoch: Array, uniform: NDArray) -> Array:
    return transit(period, epoch, 0.05 + 0.1 * uniform[:, 2], 0.15 + 0.1 * uniform[:, 3], 0.6 * uniform[:, 4])


LIGHT_CURVES: dict[str, Dataset] = {
    "light_curves": Dataset(
        "multiclass",
        tuple(f"t{step}" for step in range(STEPS)),
        make,
        {"samples": samples(2000), "noise": Parameter(0.0, 0.0, 0.5)},
        STAR_TYPES,
        series=True,
    )
}
