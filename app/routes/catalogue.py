"""Catalogue: what there is to choose from, the schema of a run, and the data sets."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from app.answers import json, json_text
from app.errors import Invalid, NotFound, from_config_error
from app.routes.runs import Options, use_cases
from app.runs import Runs
from engine.catalogue import catalogue
from engine.datasets import DATASETS
from engine.errors import ConfigError
from engine.paradigms import PARADIGMS
from engine.resolve import json_schema, parse

router = APIRouter(prefix="/api", tags=["catalogue"])


class DatasetOptions(Options):
    """What a data set's points depend on."""

    samples: int | None = None
    noise: float | None = None
    classes: int | None = None
    validation_fraction: float = 0
    test_fraction: float = 0.5
    seed: int = 0
    arrays: Literal["plain", "typed"] = "plain"


class SchemaOptions(Options):
    """Whose configuration is described."""

    paradigm: str = "supervised"


@router.get("/catalogue")
async def read_catalogue() -> Response:
    """Every data set, activation, loss, optimizer, initializer, schedule, metric and view, and all limits."""
    return json(catalogue(), headers={"cache-control": "no-cache"})


@router.get("/schema")
async def read_schema(options: Annotated[SchemaOptions, Query()]) -> Response:
    """JSON Schema of a configuration of one paradigm; `live` marks what can change while training."""
    if options.paradigm not in PARADIGMS:
        raise Invalid(
            "invalid",
            f"must be one of {', '.join(PARADIGMS)}",
            field="paradigm",
            given=options.paradigm,
            limit=list(PARADIGMS),
        )
    return json(json_schema(options.paradigm), headers={"cache-control": "no-cache"})


@router.get("/datasets")
async def list_datasets() -> Response:
    """The data sets."""
    return json({"datasets": catalogue()["datasets"]})


@router.get("/datasets/{name}")
async def read_dataset(
    name: str, options: Annotated[DatasetOptions, Query()], runs: Annotated[Runs, Depends(use_cases)]
) -> Response:
    """The points of a data set with these options."""
    if name not in DATASETS:
        raise NotFound(
            "unknown_dataset", "There is no such data set.", field="name", given=name, limit=list(DATASETS)
        )
    chosen: dict[str, Any] = options.model_dump(exclude={"arrays"})
    try:
        config = parse({"dataset": {"name": name} | chosen})
    except ConfigError as error:
        raise from_config_error(error, "dataset.") from None
    return json_text(await runs.points(config.model_dump(mode="json"), options.arrays == "typed"))
