"""Directions with determined signs, so that drawings over them do not flip between two computations."""

import numpy as np


def with_determined_signs(directions: np.ndarray) -> np.ndarray:
    """The rows (k, d), each with the sign that makes its component of largest absolute value positive."""
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    return directions * np.sign(largest)[:, None]
