"""Assets: the page's files, each read and compressed once and sent with the caching it deserves."""

import asyncio
import gzip
import hashlib
import mimetypes
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from app.web.folders import STATIC, package_folder
from app.web.module_bundles import Modules
from app.web.texts import texts

# Windows' registry may call .js something else, and a browser then refuses the module.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("font/woff2", ".woff2")

# Files change while somebody works on the page; looking at each of them for every request would be too much.
VERSION_HOLDS = 1.0
WORTH_IT = 1000  # bytes
MOST_KEPT = 500  # names are many where sheets can be joined in any order
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml")


@dataclass
class Asset:
    """One file as it is sent."""

    stamp: str
    content_type: str
    read: Callable[[], bytes]

    @cached_property
    def plain(self) -> bytes:
        """The file."""
        return self.read()

    @cached_property
    def compressed(self) -> bytes | None:
        """The file compressed, where that is worth it."""
        if not self.content_type.startswith(COMPRESSIBLE) or len(self.plain) < WORTH_IT:
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
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._version = ""
        self._version_due = 0.0
        self._modules: tuple[str, Modules] | None = None

    async def get(self, name: str) -> Asset | None:
        """The asset of this name, ready to be sent; None: there is none."""
        paths = locate_all(name)
        if not paths:
            return None
        if len(self._kept) > MOST_KEPT:
            self._kept.clear()
            self._locks.clear()
        module = name.removeprefix("js/") if paths[0].is_relative_to(STATIC / "js") else None
        stamp = self.version() if module else _state_of(paths)
        async with self._locks[name]:
            asset = self._kept.get(name)
            if asset is None or asset.stamp != stamp:
                content_type = mimetypes.guess_type(paths[0].name)[0] or "application/octet-stream"
                read = partial(self._module, module) if module else partial(_joined, paths)
                asset = self._kept[name] = Asset(stamp, content_type, read)
                await asyncio.to_thread(lambda: (asset.compressed, asset.etag))
        return asset

    def _module(self, name: str) -> bytes:
        version = self.version()
        if self._modules is None or self._modules[0] != version:
            self._modules = version, Modules(STATIC / "js", texts())
        return self._modules[1].sent(name)

    def version(self) -> str:
        """Names all files of the page together; as part of their URLs it lets them be cached for ever."""
        if monotonic() > self._version_due:
            files = [path for path in sorted(STATIC.rglob("*")) if path.is_file()]
            self._version = hashlib.sha256((version("plotly") + _state_of(files)).encode()).hexdigest()[:12]
            self._version_due = monotonic() + VERSION_HOLDS
        return self._version


def _state_of(paths: list[Path]) -> str:
    found = ((path, path.stat()) for path in paths)
    return "\n".join(f"{path}:{stat.st_mtime_ns}:{stat.st_size}" for path, stat in found)


def _joined(paths: list[Path]) -> bytes:
    return b"\n".join(path.read_bytes() for path in paths)


def locate_all(name: str) -> list[Path]:
    """The file of this name, or those of one like `css/one+other.css`; none if one of them is missing."""
    if not name.startswith("css/"):
        return [path] if (path := locate(name)) else []
    sheets = name.removeprefix("css/").removesuffix(".css").split("+")
    paths = [locate(f"css/{sheet}.css") for sheet in sheets]
    return [path for path in paths if path] if all(paths) and len(set(sheets)) == len(sheets) else []


def locate(name: str) -> Path | None:
    """The file of this name, if there is one; never one outside its folder."""
    if name in ("vendor/plotly.min.js", f"plotly-{version('plotly')}.min.js"):
        return package_folder("plotly") / "package_data" / "plotly.min.js"
    root, rest = STATIC, name
    if name.startswith("swagger/"):
        root, rest = package_folder("fastapi_offline") / "static", name.removeprefix("swagger/")
    try:
        path = (root / rest).resolve()
        return path if path.is_relative_to(root.resolve()) and path.is_file() else None
    except (ValueError, OSError):  # a name that no file can have: with a NUL, or too long
        return None
