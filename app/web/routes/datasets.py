"""Data sets: the built-in ones and a person's own: list, points, put, export, delete."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import Field
from starlette.background import BackgroundTask

from app.datasets import Datasets, no_such_dataset, refuse_name
from app.errors import Invalid, Unsupported, from_config_error
from app.imports.table_builder import RULES
from app.runs.service import Runs
from app.web.responses import json, json_text
from app.web.routes.runs import Options, use_cases
from engine.catalogue import catalogue
from engine.config.errors import ConfigError
from engine.datasets import DATASETS
from engine.tasks.resolve import parse

router = APIRouter(prefix="/api/datasets", tags=["data sets"])

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "vertical bar": "|", "space": " "}
DECIMALS = {"point": ".", "comma": ","}
HEADERS = {"yes": True, "no": False, "true": True, "false": False}
FORMS = {"csv": "text/csv; charset=utf-8", "npz": "application/octet-stream"}
NOT_TABLES = ("application/json", "multipart/form-data")


class DatasetOptions(Options):
    """What a data set's points depend on."""

    samples: int | None = None
    noise: float | None = None
    classes: int | None = None
    validation_fraction: float = 0
    test_fraction: float = 0.5
    seed: int = 0
    arrays: Literal["plain", "typed"] = "plain"
    format: Annotated[
        Literal["json", "csv", "npz"], Field(description="csv: own data as a file; npz: own pictures")
    ] = "json"


class TableOptions(Options):
    """What a person decides about a table; what is left out is recognised."""

    target: list[str] = Field([], description="target columns, several for multilabel")
    task: Literal["regression", "binary", "multiclass", "multilabel"] | None = None
    delimiter: str = Field(
        "auto", description="the sign itself, or comma, semicolon, tab, vertical bar, space"
    )
    decimal: str = Field("auto", description="the sign itself, or point, comma")
    header: str = Field("auto", description="yes or no: whether the first row names the columns")
    missing: str = Field("auto", description="what is done about missing inputs: drop, median, mean")
    ignore: list[str] = Field([], description="columns that are no inputs")
    text: list[str] = Field([], description="columns whose values are categories, whatever they look like")
    number: list[str] = Field([], description="columns whose values are numbers")
    dry_run: bool = Field(False, description="only say what would be understood")


def own(request: Request) -> Datasets:
    """The use cases about own data."""
    datasets: Datasets = request.app.state.datasets
    return datasets


Own = Annotated[Datasets, Depends(own)]


@router.get("")
async def list_datasets(datasets: Own) -> Response:
    """The data sets: the built-in ones, and own ones, which have `own`."""
    return json({"datasets": [*catalogue()["datasets"], *datasets.all()]})


@router.get("/{name}")
async def read_dataset(
    name: str,
    options: Annotated[DatasetOptions, Query()],
    runs: Annotated[Runs, Depends(use_cases)],
    datasets: Own,
) -> Response:
    """The points of a data set with these options; or own data as a file."""
    if options.format != "json":
        return await _exported(name, options.format, datasets)
    if name not in DATASETS and datasets.named(name) is None:
        raise no_such_dataset(name, [*DATASETS, *datasets.names()])
    chosen: dict[str, Any] = options.model_dump(exclude={"arrays", "format"})
    try:
        config = parse({"dataset": {"name": name} | chosen})
    except ConfigError as error:
        raise from_config_error(error, "dataset.") from None
    return json_text(await runs.points(config.model_dump(mode="json"), options.arrays == "typed"))


async def _exported(name: str, wanted: str, datasets: Datasets) -> Response:
    if name in DATASETS:
        raise Invalid(
            "invalid", "only own data are exported", field="format", given=wanted, limit=datasets.names()
        )
    form = datasets.form(name)
    if form != wanted:
        raise Invalid("invalid", f"these are exported as {form}", field="format", given=wanted, limit=form)
    path = await datasets.export(name)
    return FileResponse(
        path, media_type=FORMS[form], filename=f"{name}.{form}",
        headers={"cache-control": "no-store"}, background=BackgroundTask(path.unlink, missing_ok=True),
    )  # fmt: skip


TABLE = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": "length,width,kind\n5.1,3.5,a\n4.9,3.0,b\n",
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.put("/{name}", openapi_extra=TABLE)
async def put_dataset(
    request: Request, name: str, options: Annotated[TableOptions, Query()], datasets: Own
) -> Response:
    """Keep a CSV file, or pictures (IDX, .npz), as a data set of this name; the answer says what was
    understood.

    201 where the name is new. What had the name before stays with the runs that use it.
    """
    refuse_name(name)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in NOT_TABLES:
        message = (
            "The body must be the file itself: CSV (Content-Type: text/csv), or pictures as IDX or .npz."
        )
        raise Unsupported(
            "unsupported_media_type", message, field="Content-Type", given=kind, limit="text/csv"
        )
    wishes = read_wishes(options)
    path = await datasets.receive(request.stream())
    try:
        answer, new = await datasets.put(name, path, wishes, options.dry_run)
    finally:
        path.unlink(missing_ok=True)
    return json(answer, 201 if new and not options.dry_run else 200)


@router.delete("/{name}", status_code=204)
async def delete_dataset(name: str, datasets: Own) -> Response:
    """Forget own data; runs that use them keep them."""
    await datasets.delete(name)
    return Response(status_code=204)


def read_wishes(options: TableOptions) -> dict[str, Any]:
    """The options in the engine's words. Raises Invalid."""
    if options.missing not in ("auto", *RULES):
        limit = ["auto", *RULES]
        raise Invalid(
            "invalid",
            f"must be one of {', '.join(limit)}",
            field="missing",
            given=options.missing,
            limit=limit,
        )
    return {
        "target": options.target,
        "task": options.task,
        "delimiter": _sign("delimiter", options.delimiter, DELIMITERS),
        "decimal": _sign("decimal", options.decimal, DECIMALS),
        "header": None if options.header == "auto" else _named("header", options.header, HEADERS),
        "missing": options.missing,
        "ignore": options.ignore,
        "text": options.text,
        "number": options.number,
    }


def _sign(field: str, given: str, known: dict[str, str]) -> str | None:
    if given == "auto":
        return None
    return given if given in known.values() else str(_named(field, given, known))


def _named(field: str, given: str, known: dict[str, Any]) -> Any:
    if given not in known:
        limit = ["auto", *known]
        raise Invalid("invalid", f"must be one of {', '.join(limit)}", field=field, given=given, limit=limit)
    return known[given]
