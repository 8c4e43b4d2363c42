"""Light curves: the brightness of three kinds of stars over one night, from the formulas of their physics.

Times run from 0 to 1 in equal steps. A period is measured in nights. What a row holds is the brightness
about its mean, (f - mean f) / std f, times the star's own strength of signal, from 0.7 to 1.3: surveys
compare stars of very different depth in units of their variation. `noise` adds normal noise of so many of
these units.
"""

import numpy as np
from numpy.typing import NDArray

from engine.config.parameter import Parameter
from engine.datasets.dataset import Array, Dataset, Generated, Options
from engine.datasets.parameters import samples

STEPS = 64
TIMES = np.arange(STEPS) / STEPS
KINDS = ("eclipsing binary", "RR Lyrae", "transit")
OVERTONES = np.array([1.0, 0.45, 0.3, 0.15])  # amplitudes of an RRab star's harmonics relative to the first


def eclipsing_binary(period: Array, epoch: Array, depth: Array, second: Array, width: Array) -> Array:
    """Two stars that cover each other: f(φ) = 1 - d₁ e(φ) - d₂ e(φ - ½), e(φ) = exp(1 - cosh(φ / w)).

    φ is the phase (t - epoch) / period wrapped to -½..½, d₁ = depth, d₂ = depth · second; all
    parameters (n,), the result (n, STEPS). Profile of Mikulášek (2015, A&A 584, A8) with Γ = 1 and without
    proximity effects.
    """
    phase = _phase(period, epoch)
    first = np.exp(1 - np.cosh(phase / width[:, None]))
    other = np.exp(1 - np.cosh((np.abs(phase) - 0.5) / width[:, None]))
    return 1 - depth[:, None] * (first + second[:, None] * other)


def rr_lyrae(period: Array, epoch: Array, depth: Array) -> Array:
    """A star that swells and shrinks: f(φ) = 1 + d Σ_k a_k sin(2πkφ), k = 1..4: steep rise, slow decline.

    A Fourier series is the usual description (Simon & Lee 1981, ApJ 248, 291); the amplitudes are typical
    of the class RRab. Parameters (n,), the result (n, STEPS).
    """
    phase = _phase(period, epoch)
    k = np.arange(1, len(OVERTONES) + 1)
    return 1 + depth[:, None] * (OVERTONES * np.sin(2 * np.pi * k * phase[..., None])).sum(axis=-1)


def transit(period: Array, epoch: Array, radius: Array, duration: Array, impact: Array) -> Array:
    """A planet before its star: f = 1 - k² c(r) (1 - u + u μ) / (1 - u / 3), u = 0.4.

    k is the planet's radius in stellar radii; r = √(b² + (1 + k)² (2 t / T)²) the distance of the centres,
    μ = √(1 - r²) the cosine towards the observer at the covered place, c = (1 + k - r) / 2k cut to 0..1 the
    covered share while it enters and leaves. The small-planet form of Mandel & Agol (2002, ApJ 580, L171)
    with linear limb darkening and a linear ingress. T = duration in nights, b = impact; parameters (n,), the
    result (n, STEPS).
    """
    time = _phase(period, epoch) * period[:, None]
    k, limb = radius[:, None], 0.4
    r = np.sqrt(impact[:, None] ** 2 + ((1 + k) * 2 * time / duration[:, None]) ** 2)
    mu = np.sqrt(np.clip(1 - r**2, 0, None))
    covered = np.clip((1 + k - r) / (2 * k), 0, 1)
    return 1 - k**2 * covered * (1 - limb + limb * mu) / (1 - limb / 3)


def _phase(period: Array, epoch: Array) -> Array:
    """The phase of every time, from -½ to ½: 0 at the epoch, (n, STEPS)."""
    return (TIMES - epoch[:, None]) / period[:, None] - np.round((TIMES - epoch[:, None]) / period[:, None])


def make(options: Options, rng: np.random.Generator) -> Generated:
    """Curves (n, STEPS) and their kinds (n,), in equal shares; the draws do not depend on the noise."""
    count = options.samples
    kind = rng.permutation(np.arange(count) % len(KINDS))
    chance = rng.random((count, 6))
    strength, noise = 0.7 + 0.6 * chance[:, 5], rng.standard_normal((count, STEPS))
    period = 0.6 + 0.4 * chance[:, 0]
    epoch = chance[:, 1] * period
    curves = np.empty((count, STEPS))
    for index, flux in enumerate((_binary(period, epoch, chance), _pulsator(period, epoch, chance),
                                  _planet(period, epoch, chance))):  # fmt: skip
        curves[kind == index] = flux[kind == index]
    curves -= curves.mean(axis=1, keepdims=True)
    curves *= strength[:, None] / curves.std(axis=1, keepdims=True)
    return curves + options.noise * noise, kind


def _binary(period: Array, epoch: Array, chance: NDArray) -> Array:
    return eclipsing_binary(
        period, epoch, 0.1 + 0.3 * chance[:, 2], 0.3 + 0.5 * chance[:, 3], 0.05 + 0.04 * chance[:, 4]
    )


def _pulsator(period: Array, epoch: Array, chance: NDArray) -> Array:
    return rr_lyrae(period, epoch, 0.1 + 0.3 * chance[:, 2])


def _planet(period: Array, epoch: Array, chance: NDArray) -> Array:
    return transit(period, epoch, 0.05 + 0.1 * chance[:, 2], 0.15 + 0.1 * chance[:, 3], 0.6 * chance[:, 4])


LIGHT_CURVES: dict[str, Dataset] = {
    "light_curves": Dataset(
        "multiclass",
        tuple(f"t{step}" for step in range(STEPS)),
        make,
        {"samples": samples(2000), "noise": Parameter(0.0, 0.0, 0.5)},
        KINDS,
        series=True,
    )
}
