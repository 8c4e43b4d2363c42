"""Features: functions of the two coordinates of a point that can be inputs of a network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Feature:
    """A function of the coordinates: `function(raw (n, 2)) -> (n,)`."""

    symbol: str  # in formulas
    function: Callable[[NDArray], NDArray]


FEATURES: dict[str, Feature] = {
    "x1": Feature("x₁", lambda raw: raw[:, 0]),
    "x2": Feature("x₂", lambda raw: raw[:, 1]),
    "x1^2": Feature("x₁²", lambda raw: raw[:, 0] ** 2),
    "x2^2": Feature("x₂²", lambda raw: raw[:, 1] ** 2),
    "x1*x2": Feature("x₁·x₂", lambda raw: raw[:, 0] * raw[:, 1]),
    "sin(x1)": Feature("sin x₁", lambda raw: np.sin(raw[:, 0])),
    "sin(x2)": Feature("sin x₂", lambda raw: np.sin(raw[:, 1])),
}

PLANAR = ["x1", "x2"]  # the inputs of which FEATURES are functions


def offered_features(inputs: Sequence[str]) -> list[str]:
    """The names of the features that data with these inputs offer: FEATURES for a plane, else the inputs."""
    return list(FEATURES) if list(inputs) == PLANAR else list(inputs)


_SYMBOLS = str.maketrans({"²": "^2", "·": "*", "×": "*", "₁": "1", "₂": "2", "_": "", " ": ""})
_OTHER_SPELLINGS = {
    "x1x2": "x1*x2",
    "x2*x1": "x1*x2",
    "x2x1": "x1*x2",
    "sinx1": "sin(x1)",
    "sinx2": "sin(x2)",
}


def canonical_feature(name: str) -> str | None:
    """Returns the key of FEATURES for another spelling (`x1²`, `x1·x2`, `sin x1`, `x1**2`), or None."""
    key = name.lower().translate(_SYMBOLS).replace("**", "^")
    key = _OTHER_SPELLINGS.get(key, key)
    return key if key in FEATURES else None


def compute(features: Sequence[str], inputs: Sequence[str], raw: NDArray) -> NDArray:
    """Returns the features (n, f) of the points `raw` (n, d); a name is an input or a key of FEATURES."""
    column = {name: index for index, name in enumerate(inputs)}
    result = np.empty((len(raw), len(features)))
    for index, name in enumerate(features):
        result[:, index] = raw[:, column[name]] if name in column else FEATURES[name].function(raw)
    return result
