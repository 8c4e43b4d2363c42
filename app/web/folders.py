"""Folders of static files and templates, in a source tree and in an installed wheel."""

from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def folder(name: str) -> Path:
    """The folder `static` or `templates`: in the installed package, or beside it in the source tree."""
    packaged = PACKAGE / name
    return packaged if packaged.is_dir() else PACKAGE.parent / name


def package_folder(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None, f"{name} is not installed"
    return Path(spec.origin).parent


STATIC = folder("static")
TEMPLATES = folder("templates")
