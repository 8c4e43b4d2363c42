"""`python -m benchmarks [name ...] [--quick]`: measure, store the results, update the document."""

import argparse
import importlib
import sys
import time

from benchmarks import machine
from benchmarks.results import NAMES


def main() -> int:
    """Run the named benchmarks; the exit code says whether they ran, not whether every limit was met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"{', '.join(NAMES)}; all when none is given"
    )
    parser.add_argument("--quick", action="store_true", help="few repetitions, to check that everything runs")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    forced = machine.single_threaded()
    failed = [name for name in arguments.names or NAMES if not _one(name, arguments.quick, forced)]
    if failed:
        print(f"did not finish: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


def _one(name: str, quick: bool, forced: str | None) -> bool:
    """Run one benchmark; an exception in it does not affect the others."""
    from benchmarks import report, results

    print(f"{name} …", flush=True)
    facts, start = machine.facts(forced), time.perf_counter()
    try:
        found = importlib.import_module(f"benchmarks.{name}").measure(quick)
    except Exception as error:  # reported, and in the exit code
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return False
    seconds = round(time.perf_counter() - start, 1)
    results.write(name, quick, facts | {"seconds": seconds}, found)
    report.renew()
    for claim in found["claims"]:
        print(f"  {report.sentence(claim)}")
    print(f"{name}: {seconds} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
