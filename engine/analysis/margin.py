"""Margin: the widest straight street between two classes, or the proof that no line separates them."""

from dataclasses import dataclass

import numpy as np

from engine.datasets.dataset import Array

TINY = 1e-9  # of the largest length: a margin below it counts as none
DROPPED = 1e-12  # shares of a point below it are 0


@dataclass(frozen=True)
class Margin:
    """What is known of n signed points s_i (x_i, 1), with R the length of the longest.

    `separable` is True with a unit vector `normal` = (w, b) for which every s_i (w·x_i + b) >= `margin` > 0:
    that is the proof. It is False with `shares` >= 0, summing to 1, for which Σ share_i s_i (x_i, 1) = 0:
    then no (w, b) can be positive at all of them. None: the margin is below what double precision can tell.
    """

    radius: float
    separable: bool | None
    margin: float
    normal: Array | None
    shares: Array


def widest_margin(inputs: Array, positive: np.ndarray) -> Margin:
    """The margin of `inputs` (n, d), the bias as an extra input of 1; `positive` says which are of class 1.

    By duality the largest margin is the distance from the origin to the convex hull of the points
    s_i (x_i, 1), and the nearest point of the hull is the normal (Wolfe's algorithm, see `nearest`).
    """
    signed = np.hstack([inputs, np.ones((len(inputs), 1))]) * np.where(positive, 1.0, -1.0)[:, None]
    radius = float(np.linalg.norm(signed, axis=1).max())
    point, shares = nearest(signed / radius)
    length = float(np.linalg.norm(point))
    if length <= TINY:
        return Margin(radius, False, 0.0, None, shares)
    normal = point / length
    margin = float((signed @ normal).min())
    if margin <= TINY * radius:
        return Margin(radius, None, max(margin, 0.0), None, shares)
    return Margin(radius, True, margin, normal, shares)


def nearest(points: Array, most: int = 10_000) -> tuple[Array, Array]:
    """The point of the convex hull of `points` (n, d) nearest to the origin, and its shares of the points.

    Wolfe 1976, "Finding the nearest point in a polytope": go to the nearest point of the flat through some of
    the points; leave those behind that it would need a negative share of; take in the point that lies
    furthest below. Finite, and exact up to rounding.
    """
    chosen = [int(np.argmin((points**2).sum(axis=1)))]
    share = np.ones(1)
    for _ in range(most):
        here = share @ points[chosen]
        heights = points @ here
        lowest = int(heights.argmin())
        if heights[lowest] >= here @ here - 1e-12 or lowest in chosen:
            break
        chosen, share = _settle(points, [*chosen, lowest], np.append(share, 0.0))
    shares = np.zeros(len(points))
    shares[chosen] = share
    return share @ points[chosen], shares


def _settle(points: Array, chosen: list[int], share: Array) -> tuple[list[int], Array]:
    """The nearest point of the flat through the chosen ones, or of a smaller one, with shares above 0."""
    while True:
        flat = _nearest_of_flat(points[chosen])
        if (flat > DROPPED).all():
            return chosen, flat
        falling = flat <= DROPPED
        step = (share[falling] / np.maximum(share[falling] - flat[falling], 1e-300)).min()
        share = share + min(1.0, step) * (flat - share)
        kept = share > DROPPED
        if kept.all():  # rounding: nobody reached 0, so the smallest goes
            kept[share.argmin()] = False
        chosen, share = [index for index, stays in zip(chosen, kept, strict=True) if stays], share[kept]
        share = share / share.sum()


def _nearest_of_flat(points: Array) -> Array:
    """Shares, summing to 1 and of any sign, of the point of their flat nearest to the origin."""
    count = len(points)
    system = np.ones((count + 1, count + 1))
    system[0, 0] = 0.0
    system[1:, 1:] = points @ points.T
    wanted = np.zeros(count + 1)
    wanted[0] = 1.0
    shares = np.linalg.lstsq(system, wanted, rcond=None)[0][1:].astype(np.float64)
    return shares
