"""The service: runs, workers, frames, store and pages. It never does mathematics of its own."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

__all__ = ["installed_version"]


@cache
def installed_version() -> str:
    """The version of the installed package, or of the source tree when it runs uninstalled."""
    try:
        return version("perceptarium")
    except PackageNotFoundError:
        return "0.1.0"
