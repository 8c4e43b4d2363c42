"""Settings: what the operator of a server decides; flag > environment > default."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_PORT = 8642
BODY_LIMIT = 4 * 1024 * 1024
RUNNING_PER_WORKER = 16


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names the setting."""


@dataclass(frozen=True)
class Setting:
    """One setting: its flag, its environment variable, how its text is read and what it is for."""

    name: str
    help: str
    read: Callable[[str], Any]

    @property
    def flag(self) -> str:
        """The command line flag."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The environment variable."""
        return "PERCEPTARIUM_" + self.name.upper()


def read_port(text: str) -> int:
    """A port number from 0 (any free one) to 65535."""
    return _whole(text, 0, 65535)


def read_workers(text: str) -> int:
    """A number of worker processes from 1 to 64."""
    return _whole(text, 1, 64)


def _whole(text: str, least: int, most: int) -> int:
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ValueError(f"must be a whole number from {least} to {most}")
    return int(text)


def read_hosts(text: str) -> tuple[str, ...]:
    """Host names separated by commas."""
    return tuple(name.strip().lower() for name in text.split(",") if name.strip())


SETTINGS = (
    Setting("host", "address to listen on (default 127.0.0.1)", str),
    Setting("port", f"port to listen on, 0 for any free one (default {DEFAULT_PORT})", read_port),
    Setting("data_dir", "folder of the runs (default: the platform's user data folder)", Path),
    Setting("workers", "training processes (default: cores - 1, at least 1)", read_workers),
    Setting(
        "allowed_hosts", "further host names under which the server may be called, by commas", read_hosts
    ),
)


@dataclass(frozen=True)
class Settings:
    """The settings a server runs with; `*_given` tells a wish of the operator from a default."""

    host: str
    port: int
    port_given: bool
    data_dir: Path
    data_dir_given: bool
    workers: int
    allowed_hosts: tuple[str, ...]


def default_data_dir() -> Path:
    """The platform's folder for a user's data of this program."""
    import platformdirs

    return Path(platformdirs.user_data_dir("perceptarium", appauthor=False))


def data_dir(environ: Mapping[str, str]) -> Path:
    """The folder of the runs, by the environment and the default alone."""
    name = "PERCEPTARIUM_DATA_DIR"
    return resolve({}, {name: environ.get(name, "")}).data_dir


def default_workers() -> int:
    """One training process per core but one, which the server and the views keep."""
    available = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, available - 1)


def resolve(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """Read every setting; raises SettingsError naming the flag or variable that cannot be used."""
    given: dict[str, Any] = {}
    for setting in SETTINGS:
        for source, text in (
            (setting.flag, flags.get(setting.name)),
            (setting.variable, environ.get(setting.variable)),
        ):
            if not text:
                continue
            try:
                given[setting.name] = setting.read(text)
            except ValueError as error:
                raise SettingsError(f"{source}: {error} (given: {text!r})") from None
            break
    return Settings(
        host=given.get("host", "127.0.0.1"),
        port=given.get("port", DEFAULT_PORT),
        port_given="port" in given,
        data_dir=(given.get("data_dir") or default_data_dir()).expanduser().resolve(),
        data_dir_given="data_dir" in given,
        workers=given.get("workers") or default_workers(),
        allowed_hosts=given.get("allowed_hosts", ()),
    )
