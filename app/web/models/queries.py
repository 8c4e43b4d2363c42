"""Options in queries."""

from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator

from app.imports.table_builder import RULES
from app.web.catalogue_text import parameter_help
from app.web.models.base import QueryOptions, refused
from app.web.texts import texts
from engine.config.models import SAFE_INTEGER
from engine.config.parameter import Parameter
from engine.views import VIEWS

Step = Annotated[int | None, Field(ge=0, le=SAFE_INTEGER, description="a recorded step; left out: now")]
Arrays = Annotated[
    Literal["plain", "typed"], Field(description="arrays as nested lists, or typed as in the stream")
]


class ListOptions(QueryOptions):
    """Which runs are listed."""

    limit: int = Field(100, ge=1, le=1000, description="at most so many runs")
    before: str | None = Field(None, description="only runs older than the run of this id")


class HistoryOptions(QueryOptions):
    """Which points of the history, and in which format."""

    after: int | None = Field(None, ge=-1, le=SAFE_INTEGER, description="only points of later steps")
    format: Literal["json", "csv"] = Field("json", description="csv: a file with one row per point")


class PointsOptions(QueryOptions):
    """Which points of a run."""

    numbers: int | None = Field(
        None,
        ge=1,
        le=SAFE_INTEGER,
        description="of each part only the first points, whose inputs are so many numbers together",
    )
    arrays: Arrays = "plain"


class WeightsOptions(QueryOptions):
    """Weights of which step."""

    step: Step = None
    arrays: Arrays = "plain"


class ViewOptions(QueryOptions):
    """A view of which step; the other options are the view's own and validated by it."""

    model_config = ConfigDict(extra="allow")

    step: Step = None
    arrays: Arrays = "plain"

    @property
    def of_view(self) -> dict[str, Any]:
        """The view's own options; of a repeated one the last."""
        given = self.model_extra or {}
        return {name: value[-1] if isinstance(value, list) else value for name, value in given.items()}


class SchemaOptions(QueryOptions):
    """Whose configuration is described."""

    paradigm: str = Field("supervised", description="a paradigm of the catalogue")


class DatasetOptions(QueryOptions):
    """How points are generated and divided."""

    samples: int | None = Field(None, description="number of points; left out: the data set's default")
    noise: float | None = Field(None, description="0 is clean, 0.5 is half noise")
    classes: int | None = Field(None, description="number of classes, where it can be chosen")
    validation_fraction: float = Field(0, description="share of the points kept for early stopping")
    test_fraction: float = Field(0.5, description="share of the points never trained on")
    seed: int = Field(0, description="generates the points and their division")
    arrays: Arrays = "plain"
    format: Literal["json", "csv", "npz"] = Field(
        "json", description="csv: own data as a file; npz: own images"
    )


DELIMITERS = {"auto": None, "comma": ",", "semicolon": ";", "tab": "\t", "vertical bar": "|", "space": " "}
DECIMALS = {"auto": None, "point": ".", "comma": ","}
HEADERS = {"auto": None, "yes": True, "no": False, "true": True, "false": False}
MISSING = {name: name for name in ("auto", *RULES)}


def _choice(values: dict[str, Any]) -> Any:
    """Validation of a query option that is one of the names of `values`, or one of these values itself."""

    def validate(given: str) -> Any:
        if given in values.values():
            return given
        if given not in values:
            raise refused(f"must be one of {', '.join(values)}", list(values))
        return values[given]

    return PlainValidator(validate, json_schema_input_type=str)


class ImportOptions(QueryOptions):
    """How a table is read; what is left out is recognised."""

    target: list[str] = Field([], description="target columns, several for multilabel")
    task: Literal["regression", "binary", "multiclass", "multilabel"] | None = Field(
        None, description="the kind of problem"
    )
    delimiter: Annotated[str | None, _choice(DELIMITERS)] = Field(
        None, description="the character, or auto, comma, semicolon, tab, vertical bar, space"
    )
    decimal: Annotated[str | None, _choice(DECIMALS)] = Field(
        None, description="the character, or auto, point, comma"
    )
    header: Annotated[bool | None, _choice(HEADERS)] = Field(
        None, description="yes, no or auto: whether the first row names the columns"
    )
    missing: Annotated[str, _choice(MISSING)] = Field(
        "auto", description=f"what is done about missing inputs: {', '.join(MISSING)}"
    )
    ignore: list[str] = Field([], description="columns that are not inputs")
    text: list[str] = Field([], description="columns whose values are categories")
    number: list[str] = Field([], description="columns whose values are numbers")
    dry_run: bool = Field(False, description="only answer how the file would be read")


def view_parameters() -> dict[str, Any]:
    """OpenAPI's description of the options that the views have beside those of `ViewOptions`."""
    users: dict[str, list[tuple[str, Any]]] = {}
    for view, entry in VIEWS.items():
        for name, option in entry.options.items():
            users.setdefault(name, []).append((view, option))
    return {
        "parameters": [
            {
                "name": name, "in": "query", "required": False,
                "schema": _schema([option for _, option in found]),
                "description": _description(name, found),
            }
            for name, found in users.items()
        ]
    }  # fmt: skip


def _schema(options: list[Any]) -> dict[str, Any]:
    """One schema for an option of several views: the widest range, all values."""
    numbers = [option for option in options if isinstance(option, Parameter)]
    if numbers:
        low, high = min(each.minimum for each in numbers), max(each.maximum for each in numbers)
        whole = all(each.integer for each in numbers)
        return {"type": "integer" if whole else "number", "minimum": low, "maximum": high}
    if all(isinstance(option, tuple) for option in options):
        return {
            "type": "string",
            "enum": list(dict.fromkeys(chain.from_iterable(options))),
        }
    return {"type": "string"}


def _description(name: str, found: list[tuple[str, Any]]) -> str:
    """Which views have the option, and what it means to each."""
    return "; ".join(
        f"{view}: {parameter_help(f'catalogue.views.{view}', name, texts())}"
        if isinstance(option, Parameter)
        else view
        for view, option in found
    )
