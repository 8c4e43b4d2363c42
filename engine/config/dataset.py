"""Configuration of the data set and of its parts."""

from typing import Any, ClassVar, Literal, Self

from pydantic import PrivateAttr

from engine.config.form import ELSEWHERE, setting
from engine.config.strict import LIMITS, Seed, Strict

CONTENT_PATTERN = "^[0-9a-f]{64}$"


class DatasetConfig(Strict):
    """The data set, and its split into training, validation and test part."""

    section: ClassVar[str] = "dataset"

    name: str = setting(
        "spiral", "data set", "data", max_length=LIMITS["name"], control="thumbnails", catalogue="datasets"
    )
    content: str | None = setting(
        None,
        "SHA-256 of an imported table; null: the built-in set, or the current table of that name",
        ELSEWHERE,
        pattern=CONTENT_PATTERN,
    )
    samples: int | None = setting(
        None, "number of points; null: the default of the data set", "data", ge=1, le=LIMITS["samples"]
    )
    noise: float | None = setting(
        None, "noise from 0 to 0.5; null: the default of the data set", "data", ge=0, le=0.5
    )
    classes: int | None = setting(
        None, "number of classes, if the data set has this parameter", "data", ge=2, le=10, more=True
    )
    validation_fraction: float = setting(
        0, "fraction of the points in the validation part", "data", ge=0, le=0.9, more=True
    )
    test_fraction: float = setting(0.5, "fraction of the points in the test part", "data", ge=0, le=0.9)
    standardize: bool | Literal["auto"] = setting(
        "auto", "scale features to mean 0 and standard deviation 1 on the training part", "data", more=True
    )
    seed: Seed = setting(0, "seed of the points and of their split", "data", more=True, control="input")
    train_samples: int | None = setting(
        None, "number of training examples; null: what is left beside the other parts", "data",
        ge=1, le=LIMITS["samples"], more=True, slider=(1, 2000), scale="log", optional=True,
    )  # fmt: skip
    train_seed: Seed | None = setting(
        None, "seed of which examples are drawn if train_samples is set; null: seed", "data",
        more=True, control="input",
    )  # fmt: skip

    _header: Any = PrivateAttr(None)

    @property
    def header(self) -> Any:
        """The `Header` of the imported table after resolving; None for a built-in data set."""
        return self._header

    def with_header(self, header: Any) -> Self:
        """Returns a copy with this header."""
        copy = self.model_copy()
        copy._header = header
        return copy
