"""`python -m benchmarks [name ...] [--quick]`: measure, store the results, update the document."""

import argparse
import importlib
import sys
import time

from benchmarks.results import NAMES
from benchmarks.shared import machine


def main() -> int:
    """Runs the named benchmarks. Exit code 1 if one did not finish; missed limits do not change it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(NAMES)}; default: all")
    parser.add_argument("--quick", action="store_true", help="few repetitions, to check that everything runs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; available: {', '.join(NAMES)}")
    forced = machine.single_threaded()
    failed = [name for name in arguments.names or NAMES if not _run(name, arguments.quick, forced)]
    if failed:
        print(f"did not finish: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _run(name: str, quick: bool, forced: str | None) -> bool:
    """Runs one benchmark, and returns whether it finished; an exception does not stop the others."""
    from benchmarks import report, results

    print(f"{name} …", flush=True)
    facts, start = machine.facts(forced), time.perf_counter()
    try:
        measured = importlib.import_module(f"benchmarks.{name}").measure(quick)
    except Exception as error:  # printed, and part of the exit code
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    seconds = round(time.perf_counter() - start, 1)
    results.write(name, quick, facts | {"seconds": seconds}, measured)
    report.update()
    for claim in measured["claims"]:
        print(f"  {report.sentence(claim)}")
    print(f"{name}: {seconds} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
