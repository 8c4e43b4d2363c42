"""Margin: the separating hyperplane with the largest margin, or a proof that none separates two classes."""

from dataclasses import dataclass

import numpy as np

from engine.datasets.dataset import Array

MIN_MARGIN = 1e-9  # relative to the radius: a smaller margin counts as 0
MIN_SHARE = 1e-12  # smaller shares of a point are 0


@dataclass(frozen=True)
class Margin:
    """The separability of n signed points s_i (x_i, 1); `radius` is the length of the longest of them.

    `separable` is True with a unit vector `normal` = (w, b) for which every s_i (w·x_i + b) >= `margin` > 0,
    which is the proof. It is False with `shares` >= 0, summing to 1, for which Σ share_i s_i (x_i, 1) = 0, so
    that no (w, b) is positive at all points. None: the margin is too small for double precision to decide.
    """

    radius: float
    separable: bool | None
    margin: float
    normal: Array | None
    shares: Array


def widest_margin(inputs: Array, positive: np.ndarray) -> Margin:
    """The margin of `inputs` (n, d), the bias as an extra input of 1; `positive` (n,) is True for class 1.

    By duality the largest margin is the distance from the origin to the convex hull of the points
    s_i (x_i, 1), and the nearest point of the hull is the normal (Wolfe's algorithm, see
    `nearest_hull_point`).
    """
    signed = np.hstack([inputs, np.ones((len(inputs), 1))]) * np.where(positive, 1.0, -1.0)[:, None]
    radius = float(np.linalg.norm(signed, axis=1).max())
    point, shares = nearest_hull_point(signed / radius)
    length = float(np.linalg.norm(point))
    if length <= MIN_MARGIN:
        return Margin(radius, False, 0.0, None, shares)
    normal = point / length
    margin = float((signed @ normal).min())
    if margin <= MIN_MARGIN * radius:
        return Margin(radius, None, max(margin, 0.0), None, shares)
    return Margin(radius, True, margin, normal, shares)


def nearest_hull_point(points: Array, max_iterations: int = 10_000) -> tuple[Array, Array]:
    """The point of the convex hull of `points` (n, d) nearest to the origin, and its shares (n,) of the
    points.

    Wolfe 1976, "Finding the nearest point in a polytope": move to the nearest point of the affine hull of a
    subset, drop the points that would need a negative share, add the point with the smallest projection.
    Ends after finitely many iterations, exact up to rounding.
    """
    subset = [int(np.argmin((points**2).sum(axis=1)))]
    share = np.ones(1)
    for _ in range(max_iterations):
        current = share @ points[subset]
        projections = points @ current
        smallest = int(projections.argmin())
        if projections[smallest] >= current @ current - 1e-12 or smallest in subset:
            break
        subset, share = _reduced_subset(points, [*subset, smallest], np.append(share, 0.0))
    shares = np.zeros(len(points))
    shares[subset] = share
    return share @ points[subset], shares


def _reduced_subset(points: Array, subset: list[int], share: Array) -> tuple[list[int], Array]:
    """A smaller subset with positive shares in the nearest point of its affine hull, and the shares."""
    while True:
        target = _affine_shares(points[subset])
        if (target > MIN_SHARE).all():
            return subset, target
        falling = target <= MIN_SHARE
        step = (share[falling] / np.maximum(share[falling] - target[falling], 1e-300)).min()
        share = share + min(1.0, step) * (target - share)
        kept = share > MIN_SHARE
        if kept.all():  # because of rounding no share reached 0: drop the smallest
            kept[share.argmin()] = False
        subset, share = [index for index, keep in zip(subset, kept, strict=True) if keep], share[kept]
        share = share / share.sum()


def _affine_shares(points: Array) -> Array:
    """Shares, summing to 1 and of any sign, of the point of the affine hull nearest to the origin."""
    count = len(points)
    system = np.ones((count + 1, count + 1))
    system[0, 0] = 0.0
    system[1:, 1:] = points @ points.T
    right_side = np.zeros(count + 1)
    right_side[0] = 1.0
    shares = np.linalg.lstsq(system, right_side, rcond=None)[0][1:].astype(np.float64)
    return shares
