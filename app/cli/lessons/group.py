"""The commands of `perceptarium lessons`; each imports what it needs when it runs."""

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group()
def lessons() -> None:
    """Check the lessons of a folder, and measure what they claim."""


@lessons.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.pass_context
def check(ctx: click.Context, folder: Path) -> None:
    """List what is wrong with the lessons of a folder; the exit code is 1 if there is anything."""
    from app.cli.lessons.check import check

    ctx.exit(check(folder))


@lessons.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.argument("names", metavar="[NAME ...]", nargs=-1)
@click.pass_context
def measure(ctx: click.Context, folder: Path, names: tuple[str, ...]) -> None:
    """Measure the claims of the lessons of a folder, or of some of them, and write measured.json."""
    from app.cli.lessons.measure import measure

    ctx.exit(measure(folder, names))
