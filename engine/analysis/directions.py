"""Principal components, and directions with determined signs, so that drawings over them do not flip."""

import numpy as np


def with_determined_signs(directions: np.ndarray) -> np.ndarray:
    """The rows (k, d), each with the sign that makes its component of largest absolute value positive."""
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    return directions * np.sign(largest)[:, None]


def principal_components(points: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean (d,) of the points (n, d), their unit directions of largest variance (m, d), and the
    fractions (m,) of the variance: m is `count`, or fewer if there are fewer dimensions or points.
    """
    mean = points.mean(axis=0)
    _, singular_values, directions = np.linalg.svd(points - mean, full_matrices=False)
    directions = with_determined_signs(directions[:count])
    total = (singular_values**2).sum()
    explained = singular_values[: len(directions)] ** 2 / total if total > 0 else np.zeros(len(directions))
    return mean, directions, explained
