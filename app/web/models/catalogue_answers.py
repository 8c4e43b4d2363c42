"""Answers about the catalogue, data sets, errors and the server."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.web.models.base import Answer
from app.web.models.run_answers import ImageShape


class OpenAnswer(BaseModel):
    """A JSON object that may have further fields."""

    model_config = ConfigDict(extra="allow")


class Parameter(OpenAnswer):
    """A number, an enumeration or a text that can be set."""

    default: Any = None


class CatalogueEntry(OpenAnswer):
    """Something that a configuration can name; further fields depend on the list."""

    name: str
    title: str
    help: str
    parameters: dict[str, Parameter] | None = None
    applies_to: list[str] | None = Field(None, description="the tasks it applies to")


class Feature(Answer):
    """An input or a function of inputs."""

    name: str
    title: str


class OwnData(Answer):
    """An imported data set."""

    created: float
    content: str = Field(description="SHA-256 of the rows and their meaning")
    rows: int
    damaged: bool = Field(description="its files are missing or cannot be read: delete or import it again")
    about: dict[str, Any] | None = Field(None, description="how the file was read")


class Dataset(CatalogueEntry):
    """A data set."""

    task: str
    inputs: list[str]
    classes: list[str] | None
    class_titles: list[str] | None = Field(None, description="the classes in the language of the answer")
    display_order: list[int] | None = Field(
        None, description="class indices in the order in which to show them"
    )
    positive: str | None = Field(
        None, description="of two classes the one that precision, recall and ROC count"
    )
    outputs: int
    features: list[Feature]
    default_features: list[str]
    generated: bool
    image: ImageShape | None
    series: bool
    samples: int | None
    fitting: dict[str, Any] | None = Field(
        description="settings that fit an imported table of few rows, or images: a partial configuration"
    )
    own: OwnData | None = Field(None, description="only of imported data sets")


class FoundTable(Answer):
    """A table in the data folder that no name and no run refers to."""

    content: str = Field(description="SHA-256 of the rows and their meaning")
    bytes: int
    created: float | None = Field(description="when it was written, in seconds since 1970")
    damaged: bool = Field(description="its files are missing or cannot be read; it can only be deleted")
    format: Literal["csv", "npz"] = Field(description="of the file in which it is downloaded")
    rows: int
    inputs: list[str]


class Datasets(Answer):
    """The built-in data sets, the imported ones, and the tables that were found at the start."""

    datasets: list[Dataset]
    found: list[FoundTable]


class Catalogue(OpenAnswer):
    """Everything that a configuration can name, and all limits."""

    datasets: list[Dataset]
    environments: list[CatalogueEntry]
    activations: list[CatalogueEntry]
    losses: list[CatalogueEntry]
    optimizers: list[CatalogueEntry]
    schedules: list[CatalogueEntry]
    initializers: list[CatalogueEntry]
    metrics: list[CatalogueEntry]
    views: list[CatalogueEntry]
    diagnoses: list[CatalogueEntry]
    exports: list[CatalogueEntry]
    paradigms: list[CatalogueEntry]
    tasks: dict[str, dict[str, Any]]
    limits: dict[str, Any]


class ImportProblem(Answer):
    """A problem of the file that must be resolved before it can be stored."""

    code: str
    message: str
    row: int | None
    column: str | None
    given: Any = None
    limit: Any = None


class ImportWarning(Answer):
    """Code and parameters of a warning."""

    code: str
    parameters: dict[str, Any]


class ImportedDataset(OpenAnswer):
    """How a file was read. Tables also have `delimiter`, `decimal`, `columns` and more; images `counts`."""

    name: str
    content: str | None = Field(description="SHA-256 of the rows and their meaning; null with `dry_run`")
    rows: int
    rows_used: int
    target: list[str]
    task: str | None
    classes: list[str] | None
    warnings: list[str]
    warning_codes: list[ImportWarning] = Field(
        description="code and parameters of each warning, in the same order"
    )
    problems: list[ImportProblem]


class Error(Answer):
    """What is wrong with a request, and in which field."""

    code: str
    message: str
    field: str | None = Field(description="dotted path into the body, or name of an option or header")
    given: Any = Field(description="the value in the request")
    limit: Any = Field(description="what is allowed")


class ErrorAnswer(Answer):
    """The answer to a request that cannot be carried out."""

    error: Error


class ChildProcess(Answer):
    """A process of the server."""

    name: str
    pid: int
    ready: bool
    running: int | None = Field(None, description="runs that train in it")
    overdue: float = Field(description="seconds for which it could have sent something, but did not")
    busy: float = Field(description="share of the last second in which it did not wait for messages")
    restarts: int = Field(description="how often it was replaced")


class RecordedBytes(Answer):
    """What the recorded checkpoints of all runs and the beginnings of forks take, and may take."""

    bytes: int
    beginning_bytes: int = Field(description="how many of them the states take with which forks begin")
    budget: int = Field(description="bytes that they may take; above it the least needed are deleted")
    run_budget: int = Field(description="bytes that those of one run may take")
    experiment_budget: int = Field(description="bytes that those of all members of an experiment may take")


class Health(Answer):
    """The server is alive."""

    status: Literal["ok"]
    version: str
    children: list[ChildProcess]
    checkpoints: RecordedBytes


class Readiness(Answer):
    """Whether the server can do its work; a text says why it cannot."""

    train: bool | str
    draw: bool | str
    store: bool | str


class Version(Answer):
    """The version of this server."""

    name: str
    version: str
