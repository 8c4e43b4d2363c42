"""Catalogue: what there is to choose from, and the schema of a run."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.errors import Invalid
from app.web.responses import json
from app.web.routes.datasets import Own
from app.web.routes.runs import Options
from engine.catalogue import catalogue
from engine.tasks.paradigms import PARADIGMS
from engine.tasks.resolve import json_schema

router = APIRouter(prefix="/api", tags=["catalogue"])


class SchemaOptions(Options):
    """Whose configuration is described."""

    paradigm: str = "supervised"


@router.get("/catalogue")
async def read_catalogue(datasets: Own) -> Response:
    """Every data set, activation, loss, optimizer, initializer, schedule, metric and view, and all limits."""
    found = catalogue()
    found["datasets"] += datasets.all(about=False)
    return json(found, headers={"cache-control": "no-cache"})


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
