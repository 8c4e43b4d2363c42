"""Answers about the weights at which members of an experiment ended, and their query options."""

from typing import Literal

from pydantic import Field

from app.web.models.base import Answer, QueryOptions

SAME_DATA = "whether all were trained with the same data; the loss and the points are those of the first"


class Distances(Answer):
    """How different the newest weights of members are, and their predictions: symmetric matrices."""

    runs: list[str] = Field(description="ids of the members, in the order of rows and columns")
    left_out: int = Field(description="trained members that are not among them: of other shapes, or too many")
    weights: list[list[float]] = Field(
        description="Euclidean distances after order, signs and factors of hidden units were undone"
    )
    norms: list[float] = Field(description="Euclidean norms of the weights that are compared")
    disagreement: list[list[float | None]] = Field(description="of the predictions, see measure")
    measure: Literal["share", "root_mean_square"] = Field(
        description="share of different classes or labels, or root of the mean squared difference of numbers"
    )
    part: Literal["test", "train"] = Field(description="whose points; train if there is no test part")
    samples: int
    has_same_data: bool = Field(description=SAME_DATA)


class LineOptions(QueryOptions):
    """Between which members, and at how many points."""

    runs: str = Field(description="ids of two members, separated by a comma")
    points: int = Field(51, ge=3, le=1001, description="number of points on the line, with both ends")


class Line(Answer):
    """The training loss along the straight line from the weights of one member to those of another."""

    id: str
    runs: list[str]
    values: list[float] = Field(description="from 0, the first member, to 1, the second")
    loss: list[float | None] = Field(description="between weights whose units are aligned")
    unaligned: list[float | None] = Field(description="between the weights as they were trained")
    distance: float = Field(description="of the aligned weights")
    unaligned_distance: float
    part: Literal["train"]
    samples: int
    has_same_data: bool = Field(description=SAME_DATA)


class LossMapOptions(QueryOptions):
    """How fine the map is."""

    resolution: int = Field(41, ge=3, le=101, description="points along each axis")


class End(Answer):
    """The weights of one member on the map."""

    run: str
    x: float
    y: float
    loss: float | None = Field(description="of the member itself")
    beside: float = Field(description="its distance from the plane")


class LossMap(Answer):
    """The training loss over the plane of the first two principal components of the members' weights.

    All are aligned with the first, that of the lowest loss. Where there is no plane, the lists are empty.
    """

    id: str
    missing: Literal["too_few_ends", "one_line"] | None = Field(
        description="why there is no map: fewer than three trained members of one shape, or on one line"
    )
    ends: list[End]
    left_out: int = Field(description="trained members that are not among them: of other shapes, or too many")
    x: list[float]
    y: list[float]
    loss: list[list[float | None]] = Field(description="a row for each y")
    explained: list[float] = Field(description="fraction of the variance of the weights along x and y")
    part: Literal["train"]
    samples: int
    reduced: str | None = Field(description="in which way the map is coarser than requested")
    reduced_parameters: dict[str, int] | None
    has_same_data: bool | None = Field(description=SAME_DATA + "; null without a map of too few")
