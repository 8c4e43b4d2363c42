"""`perceptarium store`: what takes how much in the data folder; check, compaction, backup, restoration."""

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path

from app.cli.printing import print_line
from app.storage.maintenance import archive
from app.storage.maintenance.check import Problem
from app.storage.maintenance.check import check as find_problems
from app.storage.maintenance.check import delete as delete_problems
from app.storage.maintenance.compaction import compact as compact_folder
from app.storage.maintenance.folder import ERRORS, STORE
from app.storage.maintenance.usage import Usage, usage
from app.storage.table_files import FOLDER

UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


def reported(command: Callable[..., int]) -> Callable[..., int]:
    """A command that prints an error as one line and returns 1."""

    @wraps(command)
    def run(*arguments: object) -> int:
        try:
            return command(*arguments)
        except ERRORS as error:
            print(f"perceptarium: {error}", file=sys.stderr)
            return 1

    return run


@reported
def show(folder: Path) -> int:
    """Prints what takes how much."""
    return _print_lines(_usage_lines(folder, usage(folder)))


@reported
def check(folder: Path, delete_damaged: bool) -> int:
    """Prints what is damaged; returns 1 if something is and was not deleted."""
    problems = find_problems(folder)
    if not problems:
        return _print_lines(iter([f"{folder}: nothing is damaged"]))
    _print_lines(problem.text for problem in problems)
    if not delete_damaged:
        return 1
    delete_problems(folder, problems)
    remaining = [problem for problem in problems if problem.kind == "store"]
    print_line(f"{_counted(len(problems) - len(remaining), 'damaged item')} deleted")
    return _advise(remaining)


@reported
def compact(folder: Path, delete_found: bool) -> int:
    """Rewrites the store without free space."""
    before, after = compact_folder(folder, delete_found)
    return _print_lines(iter([f"{folder}: {size(before)} before, {size(after)} now"]))


@reported
def backup(folder: Path, file: Path) -> int:
    """Writes everything into one file."""
    written = archive.backup(folder, file.expanduser().resolve())
    return _print_lines(iter([f"{file}: {size(written)} written"]))


@reported
def restore(folder: Path, file: Path) -> int:
    """Puts the data of a backup into the folder."""
    before = archive.restore(file.expanduser().resolve(), folder)
    lines = [f"{file} was restored into {folder}"]
    if before is not None:
        lines.append(f"what was there before is now in {before}")
    return _print_lines(iter(lines))


def size(number: float) -> str:
    """Returns a number of bytes with a unit, of three digits."""
    for unit in UNITS:
        if number < 1000 or unit == UNITS[-1]:
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.3g} {unit}"
        number /= 1024
    raise AssertionError(number)


def _usage_lines(folder: Path, found: Usage) -> Iterator[str]:
    yield f"{folder}: {size(found.total)}"
    yield _line(STORE, found.store + found.journal, f"{_counted(found.runs, 'run')}, format {found.format}")
    for name, part in found.parts.items():
        yield _line(f"  {name}", part.bytes, f"{part.count}")
    yield _line("  free", found.free, "given back by `perceptarium store compact`")
    tables = sum(found.tables.values()) + found.drawn.bytes + sum(found.found.values())
    yield _line(FOLDER, tables, "")
    for name, taken in sorted(found.tables.items()):
        yield _line(f"  {name}", taken, "")
    yield _line("  of runs only", found.drawn.bytes, _counted(found.drawn.count, "table"))
    for content, taken in sorted(found.found.items()):
        yield _line(f"  found: {content[:12]}", taken, "no name and no run refers to it")


def _line(name: str, taken: int, note: str) -> str:
    return f"  {name:<30} {size(taken):>9}  {note}".rstrip()


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _advise(remaining: list[Problem]) -> int:
    if remaining:
        print_line("the file itself is damaged: restore a backup with `perceptarium store restore FILE`")
    return 1 if remaining else 0


def _print_lines(lines: Iterator[str]) -> int:
    for line in lines:
        if print_line(line) is not None:
            return 1
    return 0
