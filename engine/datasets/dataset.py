"""What a data set is: its description, and the split, prepared arrays a training works on."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.config.parameter import Parameter
from engine.datasets.features import compute

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Options:
    """What a person chooses for a data set: number of samples, noise (0..0.5), number of classes."""

    samples: int
    noise: float = 0.0
    classes: int = 2


@dataclass(frozen=True)
class Image:
    """How the inputs of a data set lie in a picture: row after row from the top, each a whole number from
    `low` to `high` (at most 255), the larger the more ink.
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
    indices for binary and multiclass, (n, k) 0/1 for multilabel. n is `options.samples`. The draws made
    from `rng` do not depend on the noise, so that turning the noise up moves the same points further.
    """

    task: str
    inputs: tuple[str, ...]
    make: Callable[[Options, np.random.Generator], Generated]
    parameters: dict[str, Parameter] = field(default_factory=dict)
    classes: tuple[str, ...] | None = None  # None also where `classes` is a parameter: then "0".."k-1"
    generated: bool = True
    available: int | None = None  # how many rows exist; None: as many as one asks for
    truth_table: bool = False  # every row belongs to every part: there is nothing to hold back
    image: Image | None = None  # where the inputs are the pixels of a picture
    sizes: tuple[int, int, int] | None = None  # rows of train, validation and test: `make` returns them so
    series: bool = False  # whether the inputs are one quantity at successive times

    @property
    def planar(self) -> bool:
        """Whether the inputs are the two coordinates x1 and x2 of a plane."""
        return self.inputs == ("x1", "x2")


@dataclass
class Part:
    """Train, validation or test: n rows, possibly none."""

    raw: NDArray  # (n, d) in the data's own units; pixels may be bytes
    inputs: Array  # (n, f) features, standardised where asked: what the network sees
    targets: Array  # (n, o) as the loss wants them
    truth: NDArray  # (n,) values or class indices, or (n, k) labels, in the data's own units
    kinds: NDArray | None = None  # (n,) class indices of rows whose truth is something else

    def __len__(self) -> int:
        return len(self.raw)


@dataclass
class Data:
    """A data set as one run uses it; `digest` names it by its content."""

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

    def transform(self, raw: Array) -> Array:
        """What the network sees for `raw` (n, d): features, then (feature - mean) / scale, shape (n, f)."""
        return (compute(self.features, self.inputs, raw) - self.feature_mean) / self.feature_scale
