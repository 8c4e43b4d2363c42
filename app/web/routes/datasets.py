"""Data sets, built-in and imported: list, points, import, export, delete."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from app.dataset_names import no_such_dataset, refuse_name
from app.datasets import Datasets
from app.errors import Invalid, from_config_error
from app.web.catalogue_text import described_datasets
from app.web.dependencies import AllDatasets, AllRuns
from app.web.languages import AcceptedLanguage
from app.web.media_types import refuse_media_type
from app.web.models import catalogue_answers as answer
from app.web.models.import_options import ImportOptions
from app.web.models.queries import DatasetOptions
from app.web.models.run_answers import Points
from app.web.responses import file_content, json, json_text
from app.web.texts import texts
from engine.catalogue import catalogue
from engine.config.errors import ConfigError
from engine.datasets import DATASETS
from engine.tasks.resolve import parse

router = APIRouter(prefix="/api/datasets", tags=["data sets"])

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "npz": "application/octet-stream"}


@router.get("", response_model=answer.Datasets)
async def list_datasets(datasets: AllDatasets, language: AcceptedLanguage) -> Response:
    """List the built-in data sets and the imported ones, which have `own`, and found tables."""
    entries = [*catalogue()["datasets"], *datasets.all()]
    described = described_datasets(entries, texts(language))
    return json({"datasets": described, "found": datasets.found()}, headers={"vary": "accept-language"})


@router.get(
    "/found/{content}",
    response_class=Response,
    responses={200: {"content": file_content("text/csv", "application/octet-stream")}},
)
async def read_found_table(content: str, datasets: AllDatasets) -> Response:
    """Download a table that no name and no run refers to, as a file that can be imported under a name."""
    path, format = await datasets.export_found(content)
    return _file(path, format, content[:12])


@router.delete("/found/{content}", status_code=204)
async def delete_found_table(content: str, datasets: AllDatasets) -> Response:
    """Delete a table that no name and no run refers to."""
    await datasets.delete_found(content)
    return Response(status_code=204)


@router.get(
    "/{name}",
    response_model=Points,
    responses={200: {"content": file_content("text/csv", "application/octet-stream")}},
)
async def read_dataset(
    name: str,
    options: Annotated[DatasetOptions, Query()],
    runs: AllRuns,
    datasets: AllDatasets,
) -> Response:
    """Generate the points of a data set, or download an imported one as a file."""
    if options.format != "json":
        return await _export(name, options.format, datasets)
    if name not in DATASETS and datasets.content_of(name) is None:
        raise no_such_dataset(name, [*DATASETS, *datasets.names()])
    dataset = {"name": name} | options.model_dump(exclude={"arrays", "format"})
    try:
        config = parse({"dataset": dataset}, datasets)
    except ConfigError as error:
        raise from_config_error(error, "dataset.") from None
    return json_text(await runs.queries.points(config.model_dump(mode="json"), options.arrays == "typed"))


@router.get(
    "/{name}/source",
    response_class=Response,
    responses={200: {"content": file_content("application/octet-stream")}},
)
async def read_source(name: str, datasets: AllDatasets) -> Response:
    """Download the file from which a data set was imported, to read it in another way."""
    return FileResponse(datasets.source(name), media_type=MEDIA_TYPES["npz"])


async def _export(name: str, format: str, datasets: Datasets) -> Response:
    if name in DATASETS:
        message = "only imported data are exported"
        raise Invalid("invalid", message, field="format", given=format, limit=datasets.names())
    export_format = datasets.export_format(name)
    if export_format != format:
        message = f"this data set is exported as {export_format}"
        raise Invalid("invalid", message, field="format", given=format, limit=export_format)
    return _file(await datasets.export(name), format, name)


def _file(path: Path, format: str, name: str) -> FileResponse:
    """The answer with a file, which is then removed."""
    return FileResponse(
        path, media_type=MEDIA_TYPES[format], filename=f"{name}.{format}",
        headers={"cache-control": "no-store"}, background=BackgroundTask(path.unlink, missing_ok=True),
    )  # fmt: skip


TABLE: dict[str, Any] = {
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
TABLE_TYPES = tuple(TABLE["requestBody"]["content"])


@router.put(
    "/{name}",
    openapi_extra=TABLE,
    response_model=answer.ImportedDataset,
    responses={201: {"model": answer.ImportedDataset, "description": "The name is new"}},
)
async def put_dataset(
    request: Request, name: str, options: Annotated[ImportOptions, Query()], datasets: AllDatasets
) -> Response:
    """Import a table (CSV, .xlsx, .ods, ARFF, LIBSVM) or images (IDX, .npz) under this name.

    The answer says how the file was read.

    Runs that use the previous data of this name keep them.
    """
    refuse_name(name)
    if "content-type" in request.headers:  # without one it counts as application/octet-stream (RFC 9110)
        refuse_media_type(request, TABLE_TYPES)
    path = await datasets.receive(request.stream())
    try:
        description, new = await datasets.put(
            name, path, options.model_dump(exclude={"dry_run"}), options.dry_run
        )
    finally:
        path.unlink(missing_ok=True)
    return json(description, 201 if new and not options.dry_run else 200)


@router.delete("/{name}", status_code=204)
async def delete_dataset(name: str, datasets: AllDatasets) -> Response:
    """Delete the name of an imported data set; runs that use its data keep them."""
    await datasets.delete(name)
    return Response(status_code=204)
