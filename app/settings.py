"""Settings of a server, and the limits that are the same for every server."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

DEFAULT_PORT = 8642
BODY_LIMIT = 4 * 1024 * 1024
RUNS_PER_WORKER = 64
UNWATCHED_SECONDS = 30.0
DATA_DIR_VARIABLE = "PERCEPTARIUM_DATA_DIR"


class Budgets(NamedTuple):
    """How many bytes the checkpoints of a run, of the members of an experiment, of all runs may take."""

    run: int = 64 * 1024**2
    experiment: int = 512 * 1024**2
    server: int = 8 * 1024**3


class Access(NamedTuple):
    """Who may call: with which token (None: without one), and whether to change something.

    `embed`: the origin whose pages may show those of this server in a frame.
    """

    token: str | None = None
    read_only: bool = False
    embed: str | None = None
    no_auth: bool = False


@dataclass(frozen=True)
class Settings:
    """The settings of a server; `explicit_...`: whether the value was set by a flag or the environment.

    `runs_per_worker`: how many runs at full speed train at once in a worker; more that need less.
    `unwatched_seconds`: how long runs whose `unwatched` is "pause" train on after their last viewer left.
    """

    host: str
    port: int
    explicit_port: bool
    data_dir: Path
    explicit_data_dir: bool
    workers: int
    allowed_hosts: tuple[str, ...]
    budgets: Budgets = Budgets()
    runs_per_worker: int = RUNS_PER_WORKER
    unwatched_seconds: float = UNWATCHED_SECONDS
    access: Access = Access()
    log_format: str = "text"
    lessons: Path | None = None  # a folder of a teacher's own lessons


def default_data_dir() -> Path:
    """The platform's folder for the user data of this program."""
    import platformdirs

    return Path(platformdirs.user_data_dir("perceptarium", appauthor=False))


def data_dir() -> Path:
    """The folder of runs and data sets, from the environment variable or the default."""
    folder = os.environ.get(DATA_DIR_VARIABLE)
    return (Path(folder) if folder else default_data_dir()).expanduser().resolve()


def default_workers() -> int:
    """The number of cores minus one for the server and the view worker; at least 1."""
    available = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, available - 1)
