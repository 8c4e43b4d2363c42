"""Data set: its entry in the catalogue, and the prepared arrays of a run."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.config.parameter import Parameter
from engine.datasets.features import compute

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Options:
    """The parameters of a generator: number of samples, noise (0..0.5), number of classes."""

    samples: int
    noise: float = 0.0
    classes: int = 2


@dataclass(frozen=True)
class Image:
    """The size of images whose pixels are the inputs, row by row from the top.

    A pixel is an integer from `low` (blank) to `high` (at most 255).
    """

    rows: int
    columns: int
    low: int
    high: int


Generated = tuple[Array, NDArray]  # X (n, d); y (n,) values or class indices, or (n, k) labels 0/1


@dataclass(frozen=True)
class Dataset:
    """One entry of the catalogue.

    `make(options, rng)` returns X (n, d) float64 and the truth y: (n,) float for regression, (n,) int class
    indices for binary and multiclass, (n, k) 0/1 for multilabel. n is `options.samples`. The random numbers
    drawn do not depend on the noise, so that more noise moves the same points further.
    """

    task: str
    inputs: tuple[str, ...]
    make: Callable[[Options, np.random.Generator], Generated]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None  # None also if `classes` is a parameter: "0".."k-1"
    generated: bool = True
    available: int | None = None  # number of rows; None: not limited
    truth_table: bool = False  # every row belongs to every part
    image: Image | None = None  # if the inputs are the pixels of an image
    sizes: tuple[int, int, int] | None = None  # rows of train, validation and test, in this order
    series: bool = False  # the inputs are one quantity at successive times
    display_order: tuple[int, ...] | None = None  # class indices as they are shown; None: 0, 1, ...
    positive: int = (
        1  # the class that precision, recall and ROC count, if binary; targets do not depend on it
    )

    @property
    def planar(self) -> bool:
        """Whether the inputs are the two coordinates x1 and x2 of a plane."""
        return self.inputs == ("x1", "x2")


@dataclass
class Part:
    """Train, validation or test: n rows, possibly 0."""

    raw: NDArray  # (n, d) in the units of the data; pixels may be bytes
    inputs: Array  # (n, f) the network's inputs: features, standardised if configured
    targets: Array  # (n, o) encoded for the loss
    truth: NDArray  # (n,) values or class indices, or (n, k) labels, in the units of the data
    labels: NDArray | None = None  # (n,) class indices of an autoencoder's rows, for colours

    def __len__(self) -> int:
        return len(self.raw)


@dataclass
class Data:
    """The data of one run; `digest` is the SHA-256 of its arrays."""

    task: str
    inputs: list[str]
    features: list[str]
    classes: list[str] | None
    outputs: int
    train: Part
    validation: Part
    test: Part
    feature_mean: Array  # (f,)
    feature_scale: Array  # (f,)
    target_mean: Array  # (o,); 0 unless regression targets are standardised
    target_scale: Array  # (o,); 1 unless regression targets are standardised
    target_low: float  # the encoding of "not this class": 0 or -1
    target_high: float  # the encoding of "this class": +1
    digest: str = ""
    image: Image | None = None
    series: bool = False
    positive: int = 1  # that of the data set

    def transform(self, raw: Array) -> Array:
        """Returns the network's inputs for `raw` (n, d): (feature - mean) / scale, shape (n, f)."""
        return (compute(self.features, self.inputs, raw) - self.feature_mean) / self.feature_scale
