"""Catalogue: everything that a configuration can name, and the schema of a configuration."""

from functools import cache, lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app import encoding
from app.errors import Invalid
from app.runs.history.bookmarks import BOOKMARK_LIMITS
from app.web.catalogue_text import described_catalogue
from app.web.dependencies import AllDatasets
from app.web.languages import LANGUAGES, AcceptedLanguage
from app.web.models.catalogue_answers import Catalogue
from app.web.models.queries import SchemaOptions
from app.web.responses import json_text
from app.web.schema_text import described_schema
from app.web.texts import Texts, texts
from engine.catalogue import catalogue
from engine.tasks.paradigms import PARADIGMS
from engine.tasks.resolve import json_schema

router = APIRouter(prefix="/api", tags=["catalogue"])
# Titles and help are in the language that Accept-Language prefers.
BY_LANGUAGE = {"cache-control": "no-cache", "vary": "accept-language"}


@router.get("/catalogue", response_model=Catalogue)
async def read_catalogue(datasets: AllDatasets, language: AcceptedLanguage) -> Response:
    """Read everything that a configuration can name, with parameters, defaults and ranges, and all limits."""
    imported = encoding.encode(datasets.all(about=False))
    return json_text(_catalogue(imported, texts(language)), headers=BY_LANGUAGE)


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(imported: bytes, texts: Texts) -> bytes:
    """The catalogue with these imported data sets, as JSON; it takes as long as creating a run."""
    entries = catalogue()
    entries["datasets"] += encoding.decode(imported)
    entries["limits"] |= BOOKMARK_LIMITS
    return encoding.encode(described_catalogue(entries, texts))


@router.get("/schema", response_model=dict[str, Any])
async def read_schema(options: Annotated[SchemaOptions, Query()], language: AcceptedLanguage) -> Response:
    """Read the JSON Schema of a configuration; `live` marks what can change while training."""
    if options.paradigm not in PARADIGMS:
        names = list(PARADIGMS)
        message = f"must be one of {', '.join(names)}"
        raise Invalid("invalid", message, field="paradigm", given=options.paradigm, limit=names)
    return json_text(_schema(options.paradigm, language), headers=BY_LANGUAGE)


@cache
def _schema(paradigm: str, language: str) -> bytes:
    return encoding.encode(described_schema(json_schema(paradigm), texts(language)))
