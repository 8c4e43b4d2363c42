"""`python -m faults [NAME ...]`: run the drills, store their rows, update docs/reliability.md."""

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

from app import installed_version
from benchmarks.shared import machine
from faults import report
from faults.drills import DRILLS

MAX_SECONDS = 300  # of one drill


class TookTooLong(Exception):
    """A drill did not end within MAX_SECONDS."""


def main() -> int:
    """Runs the named drills. Exit code 1 if one did not finish or a bound does not hold."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(DRILLS)}; default: all")
    names = parser.parse_args().names
    if unknown := set(names) - set(DRILLS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; available: {', '.join(DRILLS)}")
    failed = [name for name in names or DRILLS if not _run(name)]
    if failed:
        print(f"did not finish, or a bound does not hold: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _run(name: str) -> bool:
    """Runs one drill, and returns whether all its bounds hold; an exception does not stop the others."""
    print(f"{name} …", flush=True)
    facts, start, rows = machine.facts(None), time.perf_counter(), []
    try:
        with _bounded():
            for row in DRILLS[name]():
                print(f"  {row}  [{time.perf_counter() - start:.0f} s]", flush=True)
                rows.append(row)
    except Exception as error:  # printed, and part of the exit code
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    seconds = round(time.perf_counter() - start, 1)
    about: dict[str, Any] = facts | {"version": installed_version(), "seconds": seconds}
    report.write(name, about, [row.as_dict() for row in rows])
    print(f"{name}: {seconds} s", flush=True)
    return all(row.holds for row in rows)


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """Raises TookTooLong in the context after MAX_SECONDS, where the system has an alarm signal."""

    def end(number: int, frame: Any) -> None:
        raise TookTooLong(f"more than {MAX_SECONDS} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    previous = signal.signal(signal.SIGALRM, end)
    signal.alarm(MAX_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


if __name__ == "__main__":
    sys.exit(main())
