"""Options of the command line: their types, and those that environment variables can set."""

import re
from collections.abc import Callable
from typing import Any

import click

UNITS = {"": 1, "b": 1, "kib": 1024, "mib": 1024**2, "gib": 1024**3, "tib": 1024**4}
MIN_BUDGET, MAX_BUDGET = 1024**2, 1024**5


class Integer(click.IntRange):
    """An integer from `min` to `max`; its error message names both."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the number. Raises BadParameter naming the range."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"must be a whole number from {self.min} to {self.max}, not {value!r}", param, ctx)


class Size(click.ParamType):
    """A number of bytes from MIN_BUDGET to MAX_BUDGET, with or without a unit."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Returns the number of bytes. Raises BadParameter naming the range."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(|B|KiB|MiB|GiB|TiB)", str(value).strip(), re.IGNORECASE)
        size = int(float(match[1]) * UNITS[match[2].lower()]) if match else 0
        if not MIN_BUDGET <= size <= MAX_BUDGET:
            self.fail(
                f"must be a size from 1 MiB to 1024 TiB, such as 64MiB or 8GiB, not {value!r}", param, ctx
            )
        return size


def setting(flag: str, **attributes: Any) -> Callable[[Any], Any]:
    """An option of `serve` that can also be set by an environment variable."""
    variable = "PERCEPTARIUM_" + flag.removeprefix("--").replace("-", "_").upper()
    return click.option(flag, envvar=variable, show_envvar=True, **attributes)
