"""Static files: the scripts, style sheets and fonts of the pages."""

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.errors import NotFound
from app.web.languages import LANGUAGES
from app.web.static_files import Assets
from app.web.texts import ENGLISH

IMMUTABLE = "public, max-age=31536000, immutable"
VERSION = re.compile(r"([0-9a-f]{12})(?:-([a-z]{2}))?")

router = APIRouter()


@router.get("/favicon.ico", include_in_schema=False)
async def read_icon() -> Response:
    """The icon that browsers request for answers that are no pages, such as JSON."""
    return RedirectResponse("/static/icon.svg")


@router.get("/static/{name:path}", include_in_schema=False)
async def read_file(request: Request, name: str) -> Response:
    """A file of the pages; its address below the current /static/{version}/ can be cached permanently.

    Below /static/{version}-es/ modules have the sentences of that language.
    """
    first, _, path = name.partition("/")
    versioned = VERSION.fullmatch(first)
    language = versioned[2] or ENGLISH if versioned else ENGLISH
    assets: Assets = request.app.state.assets
    asset = await assets.get(path if versioned else name, language) if language in LANGUAGES else None
    if asset is None:
        raise NotFound("not_found", f"There is nothing at {request.url.path}.")
    compressed = asset.compressed if "gzip" in request.headers.get("accept-encoding", "") else None
    etag = f'"{asset.etag}{"-gz" if compressed is not None else ""}"'
    immutable = name.startswith("plotly-") or (versioned is not None and versioned[1] == assets.version())
    headers = {
        "etag": etag,
        "cache-control": IMMUTABLE if immutable else "no-cache",
        "vary": "accept-encoding",
    }
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if compressed is None:
        return Response(asset.plain, headers=headers, media_type=asset.content_type)
    headers["content-encoding"] = "gzip"
    return Response(compressed, headers=headers, media_type=asset.content_type)
