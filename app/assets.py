"""Assets: the page's files, each read and compressed once and sent with the caching it deserves."""

import asyncio
import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from app.folders import STATIC, package_folder

# Windows' registry may call .js something else, and a browser then refuses the module.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("font/woff2", ".woff2")

# Files change while somebody works on the page; looking at each of them for every request would be too much.
VERSION_HOLDS = 1.0
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")
# Comments of our own modules that fill whole lines: a sixth of what the page loads, of use to no browser.
COMMENTS = re.compile(rb"^[ \t]*(?://.*|/\*\*[\s\S]*?\*/[ \t]*)\n", re.MULTILINE)


@dataclass
class Asset:
    """One file as it is sent."""

    path: Path
    stamp: tuple[int, int]
    content_type: str

    @cached_property
    def plain(self) -> bytes:
        """The file; our own modules without the lines that are only comment."""
        content = self.path.read_bytes()
        return COMMENTS.sub(b"", content) if self.path.is_relative_to(STATIC / "js") else content

    @cached_property
    def compressed(self) -> bytes | None:
        """The file compressed, where that is worth it."""
        if not self.content_type.startswith(COMPRESSIBLE) or self.stamp[1] < 1000:
            return None
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def etag(self) -> str:
        """Names the content."""
        return hashlib.sha256(self.plain).hexdigest()[:20]


class Assets:
    """Files by their path below /static; `vendor/` and `swagger/` hold files of installed packages."""

    def __init__(self) -> None:
        self._kept: dict[str, Asset] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._version = ""
        self._version_due = 0.0

    async def get(self, name: str) -> Asset | None:
        """The asset of this name, ready to be sent; None: there is none."""
        path = locate(name)
        if path is None:
            return None
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size)
        async with self._locks.setdefault(name, asyncio.Lock()):
            asset = self._kept.get(name)
            if asset is None or asset.stamp != stamp:
                content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                asset = self._kept[name] = Asset(path, stamp, content_type)
                await asyncio.to_thread(lambda: (asset.compressed, asset.etag))
        return asset

    def version(self) -> str:
        """Names all files of the page together; as part of their URLs it lets them be cached for ever."""
        if monotonic() > self._version_due:
            self._version = _state_of_files()
            self._version_due = monotonic() + VERSION_HOLDS
        return self._version


def _state_of_files() -> str:
    state = hashlib.sha256(version("plotly").encode())
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            found = path.stat()
            state.update(f"{path.relative_to(STATIC)}:{found.st_mtime_ns}:{found.st_size}".encode())
    return state.hexdigest()[:12]


def locate(name: str) -> Path | None:
    """The file of this name, if there is one; never one outside its folder."""
    if name in ("vendor/plotly.min.js", f"plotly-{version('plotly')}.min.js"):
        return package_folder("plotly") / "package_data" / "plotly.min.js"
    root, rest = STATIC, name
    if name.startswith("swagger/"):
        root, rest = package_folder("fastapi_offline") / "static", name.removeprefix("swagger/")
    path = (root / rest).resolve()
    return path if path.is_relative_to(root.resolve()) and path.is_file() else None
