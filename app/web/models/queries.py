"""Query options."""

from itertools import chain
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.run_states import Status
from app.web.catalogue_text import parameter_help
from app.web.models.base import QueryOptions
from app.web.texts import texts
from engine.config.models import SAFE_INTEGER
from engine.config.parameter import Parameter
from engine.views import VIEWS

Step = Annotated[int | None, Field(ge=0, le=SAFE_INTEGER, description="any step; default: the newest")]
Attempt = Annotated[
    int | None, Field(ge=0, le=SAFE_INTEGER, description="an attempt of the run; default: the current one")
]
Arrays = Annotated[
    Literal["plain", "typed"], Field(description="arrays as nested lists, or typed as in the stream")
]


class ListOptions(QueryOptions):
    """Options of the list of runs."""

    limit: int = Field(100, ge=1, le=1000, description="maximum number of runs")
    before: str | None = Field(None, description="only runs older than the run of this id")
    family: str | None = Field(
        None, description="only the run of this id, the runs it continues, and all that continue one of these"
    )
    status: Status | None = Field(None, description="only runs with this status")
    experiment: str = Field(
        "all", description="none: only runs that are no members; or the members of the experiment of this id"
    )


class CompareOptions(QueryOptions):
    """The runs that are compared."""

    runs: str = Field(description="2 to 8 ids of runs, separated by commas")


class DeleteOptions(QueryOptions):
    """Whether a run is deleted in any case."""

    unless_kept: bool = Field(
        False,
        description="delete nothing if it trains, has a name, a bookmark or a fork, or steps and a viewer",
    )


class AttemptOptions(QueryOptions):
    """The attempt of a run."""

    attempt: Attempt = None


class EventsOptions(AttemptOptions):
    """Events of an attempt."""

    after: int = Field(-1, ge=-1, le=SAFE_INTEGER, description="only events with a higher seq")


class HistoryOptions(AttemptOptions):
    """Points of the history, and their format."""

    after: int | None = Field(None, ge=-1, le=SAFE_INTEGER, description="only points of later steps")
    format: Literal["json", "csv"] = Field("json", description="csv: a file with one row per point")


class PointsOptions(AttemptOptions):
    """Points of a run."""

    step: Step = None
    numbers: int | None = Field(
        None,
        ge=1,
        le=SAFE_INTEGER,
        description="only the first points of each part, up to this number of input values",
    )
    arrays: Arrays = "plain"


class WeightsOptions(AttemptOptions):
    """The step of the weights."""

    step: Step = None
    arrays: Arrays = "plain"


class PredictOptions(AttemptOptions):
    """The step of a prediction; one in a JSON body comes before it."""

    step: Step = None


class ViewOptions(AttemptOptions):
    """The step of a view; further options are those of the view, which validates them."""

    model_config = ConfigDict(extra="allow")

    step: Step = None
    arrays: Arrays = "plain"

    @property
    def view_options(self) -> dict[str, Any]:
        """The options of the view; the last value of a repeated one."""
        options = self.model_extra or {}
        return {name: value[-1] if isinstance(value, list) else value for name, value in options.items()}


class SchemaOptions(QueryOptions):
    """The paradigm whose configuration is described."""

    paradigm: str = Field("supervised", description="a paradigm of the catalogue")


class DatasetOptions(QueryOptions):
    """How points are generated and split."""

    samples: int | None = Field(None, description="number of points; default: that of the data set")
    noise: float | None = Field(None, description="0 is clean, 0.5 is half noise")
    classes: int | None = Field(None, description="number of classes, for data sets with this parameter")
    validation_fraction: float = Field(0, description="fraction of the points for early stopping")
    test_fraction: float = Field(0.5, description="fraction of the points that are not trained on")
    seed: int = Field(0, description="seed of the points and their split")
    train_samples: int | None = Field(None, description="number of training examples; default: all others")
    train_seed: int | None = Field(None, description="seed of which examples are drawn; default: seed")
    arrays: Arrays = "plain"
    format: Literal["json", "csv", "npz"] = Field(
        "json", description="csv: imported data as a file; npz: imported images"
    )


def view_parameters() -> dict[str, Any]:
    """The description in OpenAPI of the options of the views beside those of `ViewOptions`."""
    views_by_option: dict[str, list[tuple[str, Any]]] = {}
    for view, entry in VIEWS.items():
        for name, option in entry.options.items():
            views_by_option.setdefault(name, []).append((view, option))
    return {
        "parameters": [
            {
                "name": name, "in": "query", "required": False,
                "schema": _schema([option for _, option in views]),
                "description": _description(name, views),
            }
            for name, views in views_by_option.items()
        ]
    }  # fmt: skip


def _schema(options: list[Any]) -> dict[str, Any]:
    """One schema for an option of several views: the widest range, or all values."""
    parameters = [option for option in options if isinstance(option, Parameter)]
    if parameters:
        minimum = min(parameter.minimum for parameter in parameters)
        maximum = max(parameter.maximum for parameter in parameters)
        is_integer = all(parameter.integer for parameter in parameters)
        return {"type": "integer" if is_integer else "number", "minimum": minimum, "maximum": maximum}
    if all(isinstance(option, tuple) for option in options):
        return {
            "type": "string",
            "enum": list(dict.fromkeys(chain.from_iterable(options))),
        }
    return {"type": "string"}


def _description(name: str, views: list[tuple[str, Any]]) -> str:
    """The views that have the option, each with its help."""
    return "; ".join(
        f"{view}: {parameter_help(f'catalogue.views.{view}', name, texts())}"
        if isinstance(option, Parameter)
        else view
        for view, option in views
    )
