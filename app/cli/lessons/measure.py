"""`perceptarium lessons measure DIR [NAME ...]`: the claims of lessons, measured over their seeds."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from app.cli.lessons.check import described
from app.cli.printing import print_line
from app.lessons.lesson import Claim
from app.lessons.library import Lessons, read_folder
from app.lessons.measured import Measured, read, shown, write
from app.workers.child_process import THREAD_VARIABLES

WIDTH = 46  # columns of the name of a claim


def measure(folder: Path, names: Sequence[str]) -> int:
    """Measures the claims of the lessons `names`, or of all, and writes them.

    Returns 0; 1 if a claim does not hold; 2 if a file is broken or a name is unknown.
    """
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    lessons = read_folder(folder)
    for broken in lessons.broken:
        print(described(broken), file=sys.stderr)
    unknown = [name for name in names if name not in lessons.pages]
    if unknown:
        known = ", ".join(lessons.pages)
        print(f"perceptarium: there is no lesson “{unknown[0]}”; there are {known}", file=sys.stderr)
    if unknown or lessons.broken:
        return 2
    return _measure(folder, lessons, list(names) or list(lessons.pages))


def _measure(folder: Path, lessons: Lessons, names: Sequence[str]) -> int:
    from app.cli.lessons.claims import holds, measure_claims

    results = _earlier(folder, lessons)
    failed = 0
    for name in names:
        lesson, entries = lessons.pages[name].lesson, {}
        print_line(f"{name}: {lesson.title}")
        claims = tqdm(measure_claims(lesson), total=len(lesson.claims), leave=False, disable=None)
        for claim, entry in claims:
            entries[claim.name] = entry
            kept = holds(lesson, claim, entry)
            failed += not kept
            tqdm.write(row(claim, entry, kept))
        results[name] = entries
        write(folder, {name: entry for name, entry in results.items() if entry})
    print_line(f"{failed} of the measured claims do not hold" if failed else "all measured claims hold")
    return 1 if failed else 0


def _earlier(folder: Path, lessons: Lessons) -> dict[str, dict[str, Measured]]:
    """What was measured before of the claims that the lessons still have."""
    claims = {name: [claim.name for claim in page.lesson.claims] for name, page in lessons.pages.items()}
    return {
        name: {claim: entry for claim, entry in entries.items() if claim in claims[name]}
        for name, entries in read(folder).items()
        if name in claims
    }


def row(claim: Claim, entry: Measured, kept: bool) -> str:
    """A claim, the least, median and largest value, its bound, and for how many seeds it holds."""
    ordered = sorted(entry.values)
    values = ", ".join(shown(value) for value in (ordered[0], ordered[len(ordered) // 2], ordered[-1]))
    bound = f"{shown(claim.low)} to {shown(claim.high)}"
    warning = "" if kept else "   DOES NOT HOLD"
    held = f"{entry.held} of {claim.seeds}"
    return f"  {claim.name:{WIDTH}} {values:30} bound {bound:20} {held}{warning}"
