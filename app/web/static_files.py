"""Static files: each is read, joined and compressed once, and has an ETag of its content.

The first page of a visit waits for what is done here: the state of the files is read in one pass at most once
a second, and a file that was read since is answered without looking at the disk. Modules differ by
language: they contain its sentences.
"""

import asyncio
import gzip
import hashlib
import mimetypes
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from app.web.folders import STATIC, package_folder
from app.web.module_bundles import PANELS, Modules
from app.web.texts import ENGLISH, texts

# The registry of Windows may contain another type for .js, and browsers then refuse the module.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("font/woff2", ".woff2")

# Files change during development; their state is read at most once in this time, in seconds.
VERSION_INTERVAL = 1.0
MIN_BYTES = 1000  # smaller files are not compressed
MAX_CACHED = 500  # style sheets can be joined in any order, so the number of names is unlimited
# What a page requests half a second after another file, and takes 0.4 s to compress: done in the meantime.
FOLLOWING = {f"js/{PANELS}": "vendor/plotly.min.js"}
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


@dataclass
class Asset:
    """A file as it is sent; `stamp` changes when its sources change."""

    stamp: str
    content_type: str
    read: Callable[[], bytes]

    @cached_property
    def plain(self) -> bytes:
        """The content."""
        return self.read()

    @cached_property
    def compressed(self) -> bytes | None:
        """The content compressed by gzip; None for small files and those of a compressed format."""
        if not self.content_type.startswith(COMPRESSIBLE) or len(self.plain) < MIN_BYTES:
            return None
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def etag(self) -> str:
        """A hash of the content."""
        return hashlib.sha256(self.plain).hexdigest()[:20]


class Assets:
    """Files by their path below /static; those in `vendor/` and `swagger/` are of installed packages."""

    def __init__(self) -> None:
        self._cache: dict[str, Asset] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._version = ""
        self._version_due = 0.0
        self._modules: dict[str, tuple[str, Modules]] = {}  # by language
        self._preparing: dict[str, asyncio.Task[Asset | None]] = {}

    async def get(self, name: str, language: str = ENGLISH) -> Asset | None:
        """The file of this name, in a language if it is a module; None if it does not exist."""
        known = self._cache.get(_key(name, language))
        if known is None or known.stamp != self.version():
            known = await self._current(name, language)
        following = FOLLOWING.get(name)
        if following is not None and following not in self._preparing:
            self._preparing[following] = asyncio.create_task(self.get(following))
        return known

    async def _current(self, name: str, language: str) -> Asset | None:
        """The file as it is on the disk now; files of installed packages have a stamp of their own."""
        paths = locate_all(name)
        if not paths:
            return None
        if len(self._cache) > MAX_CACHED:
            self._cache.clear()
            self._locks.clear()
        module = name.removeprefix("js/") if paths[0].is_relative_to(STATIC / "js") else None
        stamp = self.version() if paths[0].is_relative_to(STATIC) else _state_of(paths)
        key = _key(name, language)
        async with self._locks[key]:
            asset = self._cache.get(key)
            if asset is None or asset.stamp != stamp:
                content_type = mimetypes.guess_type(paths[0].name)[0] or "application/octet-stream"
                read = partial(self._module, module, language) if module else partial(_joined, paths)
                asset = self._cache[key] = Asset(stamp, content_type, read)
                await asyncio.to_thread(lambda: (asset.compressed, asset.etag))
        return asset

    def _module(self, name: str, language: str) -> bytes:
        version = self.version()
        if language not in self._modules or self._modules[language][0] != version:
            self._modules[language] = version, Modules(STATIC / "js", texts(language))
        return self._modules[language][1].content(name)

    def version(self) -> str:
        """A hash of the state of all files; URLs that contain it can be cached permanently."""
        if monotonic() > self._version_due:
            state = "\n".join([plotly_version(), *sorted(_states_below(STATIC))])
            self._version = hashlib.sha256(state.encode()).hexdigest()[:12]
            self._version_due = monotonic() + VERSION_INTERVAL
        return self._version


def _key(name: str, language: str) -> str:
    """The key of a file in the cache: only modules differ by language."""
    return f"{language}/{name}" if name.startswith("js/") else name


@cache
def plotly_version() -> str:
    """The version of the installed Plotly: read once, as it takes as long as answering a file."""
    return version("plotly")


def _states_below(folder: Path | str) -> Iterator[str]:
    """Path, time of change and size of every file below a folder; a fifth of the time of `Path.rglob`."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _states_below(entry.path)
            else:
                state = entry.stat()
                yield f"{entry.path}:{state.st_mtime_ns}:{state.st_size}"


def _state_of(paths: list[Path]) -> str:
    states = ((path, path.stat()) for path in paths)
    return "\n".join(f"{path}:{stat.st_mtime_ns}:{stat.st_size}" for path, stat in states)


def _joined(paths: list[Path]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


def locate_all(name: str) -> list[Path]:
    """The file of this name, or the files of a name like `css/a+b.css`; empty if one does not exist."""
    if not name.startswith("css/"):
        return [path] if (path := locate(name)) else []
    sheets = name.removeprefix("css/").removesuffix(".css").split("+")
    paths = [locate(f"css/{sheet}.css") for sheet in sheets]
    return [path for path in paths if path] if all(paths) and len(set(sheets)) == len(sheets) else []


def locate(name: str) -> Path | None:
    """The file of this name if it exists and is in its folder."""
    if name in ("vendor/plotly.min.js", f"plotly-{plotly_version()}.min.js"):
        return package_folder("plotly") / "package_data" / "plotly.min.js"
    root, path_below = STATIC, name
    if name.startswith("swagger/"):
        root = package_folder("fastapi_offline") / "static"
        path_below = name.removeprefix("swagger/")
    try:
        path = (root / path_below).resolve()
        return path if path.is_relative_to(root.resolve()) and path.is_file() else None
    except (ValueError, OSError):  # not a possible file name: with NUL, or too long
        return None
