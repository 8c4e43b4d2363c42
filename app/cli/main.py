"""The command line: `perceptarium serve` (the default), `train`, `experiment`, `lessons` and `store`.

Each command imports what it needs when it runs, so that `--version` and `--help` take little time.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from app import installed_version
from app.cli.access import Origin, Token
from app.cli.lessons import group
from app.cli.options import Integer, Size, setting
from app.monitoring.logs import FORMATS as LOG_FORMATS
from app.settings import (
    DEFAULT_PORT,
    RUNS_PER_WORKER,
    Access,
    Budgets,
    Settings,
    default_data_dir,
    default_workers,
)

INTERRUPTED = 130
EXPLICIT = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


class DefaultServe(click.Group):
    """A group of commands whose default is `serve`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Inserts `serve` if the arguments do not begin with a command."""
        if not args or args[0] not in (*self.commands, *ctx.help_option_names, "--version"):
            args.insert(0, "serve")
        return super().parse_args(ctx, args)


def _split(ctx: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


@click.group(cls=DefaultServe, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(installed_version(), message="perceptarium %(version)s")
def cli() -> None:
    """Shows neural networks while they learn."""


@cli.command()
@setting("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@setting(
    "--port", type=Integer(0, 65535), default=DEFAULT_PORT, show_default=True,
    help="Port to listen on; 0 takes any free one.",
)  # fmt: skip
@setting("--data-dir", type=click.Path(path_type=Path), help="Folder of the runs (else: user data).")
@setting("--workers", type=Integer(1, 64), help="Training processes.  [default: cores - 1, at least 1]")
@setting(
    "--runs-per-worker", type=Integer(1, 1024), default=RUNS_PER_WORKER, show_default=True,
    help="Runs at full speed that train at once in a process.",
)  # fmt: skip
@setting(
    "--allowed-hosts",
    default="",
    callback=_split,
    help="Further host names of the server, separated by commas.",
)
@setting(
    "--run-budget", type=Size(), default="64MiB", show_default=True,
    help="What the recorded checkpoints of one run may take.",
)  # fmt: skip
@setting(
    "--experiment-budget", type=Size(), default="512MiB", show_default=True,
    help="What the recorded checkpoints of all members of one experiment may take.",
)  # fmt: skip
@setting(
    "--server-budget", type=Size(), default="8GiB", show_default=True,
    help="What the recorded checkpoints of all runs may take.",
)  # fmt: skip
@setting(
    "--token", type=Token(), help="Token that callers must have  [default: generated, if others can call]"
)
@setting("--no-auth", is_flag=True, help="Let everyone call who can reach the address, without a token.")
@setting("--read-only", is_flag=True, help="Show runs, but change nothing.")
@setting("--embed", type=Origin(), help="Origin of the pages that may show these pages in a frame.")
@setting(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="text",
    show_default=True,
    help="Format of the log on standard error: one event a line.",
)
@setting(
    "--lessons", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of own lessons, which the page lists after the others.",
)  # fmt: skip
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser if there is a display.")
@click.pass_context
def serve(
    ctx: click.Context, host: str, port: int, data_dir: Path | None, workers: int | None,
    runs_per_worker: int, allowed_hosts: tuple[str, ...], run_budget: int, experiment_budget: int,
    server_budget: int, open_browser: bool, token: str | None, no_auth: bool, read_only: bool,
    embed: str | None, log_format: str, lessons: Path | None,
) -> None:  # fmt: skip
    """Serve the pages and the API (the default command)."""
    from app.cli.serve import serve

    if token and no_auth:
        raise click.UsageError("--token and --no-auth exclude each other.")
    settings = Settings(
        host=host,
        port=port,
        explicit_port=ctx.get_parameter_source("port") in EXPLICIT,
        data_dir=(data_dir or default_data_dir()).expanduser().resolve(),
        explicit_data_dir=data_dir is not None,
        workers=workers or default_workers(),
        allowed_hosts=allowed_hosts,
        budgets=Budgets(run_budget, experiment_budget, server_budget),
        access=Access(token, read_only, embed, no_auth),
        runs_per_worker=runs_per_worker,
        log_format=log_format,
        lessons=lessons,
    )
    ctx.exit(serve(settings, open_browser))


@cli.command()
@click.argument("config", metavar="CONFIG.json", type=click.Path(path_type=Path))
@click.option(
    "--set", "changes", multiple=True, metavar="a.b=VALUE", help="Change one field, by its dotted path."
)
@click.option(
    "--output", metavar="DIR", type=click.Path(path_type=Path),
    help="Folder for config.json, history.csv, weights.npz and summary.json.",
)  # fmt: skip
@click.pass_context
def train(ctx: click.Context, config: Path, changes: tuple[str, ...], output: Path | None) -> None:
    """Train a configuration to the end, without a server."""
    from app.cli.train import train

    ctx.exit(train(config, changes, output))


@cli.command()
@click.argument("config", metavar="CONFIG.json", type=click.Path(path_type=Path))
@click.option(
    "--output", metavar="DIR", type=click.Path(path_type=Path), required=True,
    help="Folder for experiment.json, members.csv, summary.json, and the results of each member.",
)  # fmt: skip
@click.pass_context
def experiment(ctx: click.Context, config: Path, output: Path) -> None:
    """Train the members of an experiment to the end, without a server."""
    from app.cli.experiment import experiment

    ctx.exit(experiment(config, output))


def _folder_option() -> Callable[[Any], Any]:
    return setting("--data-dir", type=click.Path(path_type=Path), help="The data folder.")


@cli.group(invoke_without_command=True)
@_folder_option()
@click.pass_context
def store(ctx: click.Context, data_dir: Path | None) -> None:
    """Show what takes how much in the data folder; check, compact, back up and restore it."""
    ctx.obj = data_dir
    if ctx.invoked_subcommand is None:
        from app.cli.store import show

        ctx.exit(show(_folder(ctx, None)))


def _folder(ctx: click.Context, data_dir: Path | None) -> Path:
    return (data_dir or ctx.obj or default_data_dir()).expanduser().resolve()


@store.command()
@click.option("--delete-damaged", is_flag=True, help="Delete damaged runs, checkpoints and tables.")
@_folder_option()
@click.pass_context
def check(ctx: click.Context, delete_damaged: bool, data_dir: Path | None) -> None:
    """List what is damaged; the exit code is 1 if there is anything."""
    from app.cli.store import check

    ctx.exit(check(_folder(ctx, data_dir), delete_damaged))


@store.command()
@click.option("--delete-found", is_flag=True, help="Delete the tables that no name and no run refers to.")
@_folder_option()
@click.pass_context
def compact(ctx: click.Context, delete_found: bool, data_dir: Path | None) -> None:
    """Rewrite the store without free space, while no server uses it."""
    from app.cli.store import compact

    ctx.exit(compact(_folder(ctx, data_dir), delete_found))


@store.command()
@click.argument("file", type=click.Path(path_type=Path))
@_folder_option()
@click.pass_context
def backup(ctx: click.Context, file: Path, data_dir: Path | None) -> None:
    """Write everything into one FILE, also while a server uses the data folder."""
    from app.cli.store import backup

    ctx.exit(backup(_folder(ctx, data_dir), file))


@store.command()
@click.argument("file", type=click.Path(path_type=Path))
@_folder_option()
@click.pass_context
def restore(ctx: click.Context, file: Path, data_dir: Path | None) -> None:
    """Put the data of a backup FILE into the data folder, while no server uses it."""
    from app.cli.store import restore

    ctx.exit(restore(_folder(ctx, data_dir), file))


cli.add_command(group.lessons)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code; 2 for an invalid command line."""
    try:
        code: int | None = cli.main(arguments, prog_name="perceptarium", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return INTERRUPTED
    return code or 0


if __name__ == "__main__":
    sys.exit(main())
