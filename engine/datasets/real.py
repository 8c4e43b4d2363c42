"""Real data sets from scikit-learn: iris, wine, breast cancer, digits.

Names and sizes are constants, so that scikit-learn is imported only when rows are loaded. A test compares
them with scikit-learn.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module

import numpy as np

from engine.datasets.dataset import Dataset, Generated, Image, Options
from engine.datasets.parameters import samples

IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
WINE = (
    "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids",
    "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280/od315_of_diluted_wines",
    "proline",
)  # fmt: skip
_NUCLEUS = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
    "symmetry", "fractal dimension",
)  # fmt: skip
BREAST_CANCER = tuple(form.format(name) for form in ("mean {}", "{} error", "worst {}") for name in _NUCLEUS)
DIGITS = tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8))


@cache
def _rows(name: str) -> Generated:
    """Returns scikit-learn's rows in their original order, read-only, as all callers share them."""
    X, y = getattr(import_module("sklearn.datasets"), f"load_{name}")(return_X_y=True)
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.int64)
    X.flags.writeable = y.flags.writeable = False
    return X, y


def _random_rows(name: str) -> Callable[[Options, np.random.Generator], Generated]:
    """Returns a generator of `samples` random rows without repetition."""

    def make(options: Options, rng: np.random.Generator) -> Generated:
        X, y = _rows(name)
        rows = rng.permutation(len(X))[: options.samples]
        return X[rows], y[rows]

    return make


def _real(
    name: str,
    size: int,
    inputs: tuple[str, ...],
    classes: tuple[str, ...],
    image: Image | None = None,
    display_order: tuple[int, ...] | None = None,
    positive: int = 1,
) -> Dataset:
    task = "binary" if len(classes) == 2 else "multiclass"
    parameters = {"samples": samples(size, maximum=size)}
    return Dataset(
        task,
        inputs,
        _random_rows(name),
        parameters,
        classes,
        generated=False,
        available=size,
        image=image,
        display_order=display_order,
        positive=positive,
    )


REAL: dict[str, Dataset] = {
    "iris": _real(
        "iris",
        150,
        IRIS,
        ("setosa", "versicolor", "virginica"),
    ),
    "wine": _real(
        "wine",
        178,
        WINE,
        ("class_0", "class_1", "class_2"),
    ),
    "breast_cancer": _real(
        "breast_cancer",
        569,
        BREAST_CANCER,
        ("malignant", "benign"),
        display_order=(1, 0),
        positive=0,  # malignant, which a test is to find
    ),
    "digits": _real(
        "digits",
        1797,
        DIGITS,
        tuple(str(digit) for digit in range(10)),
        Image(8, 8, 0, 16),
    ),
}
