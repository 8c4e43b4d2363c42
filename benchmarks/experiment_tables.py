"""Experiment tables: the comparison of many networks at once with other libraries."""

from typing import Any

from benchmarks.shared.document import table
from benchmarks.summary import quartiles, short


def side_by_side(measured: dict[str, Any] | None) -> list[str]:
    """Returns the table of the processor time of other libraries for the same steps of as many networks."""
    if measured is None:  # not in results before 2026-11-27
        return []
    ours = measured["peers"]["perceptarium"]["seconds"]["median"]
    rows = []
    for each in measured["peers"].values():
        name = f"{each['title']} ({each['version']})" if each["version"] else each["title"]
        times = short(each["seconds"]["median"] / ours)
        rows.append([name, quartiles(each["seconds"]), "void" if each["void"] else times])
    missing = "; ".join(f"{name}: {reason}" for name, reason in measured["missing"].items())
    return [
        f"W2, 64 networks at once: {quartiles(measured['microseconds_of_w2'])} µs per network and step.",
        table(["64 default networks, 2,000 steps", "processor s", "÷ ours"], rows),
        *([f"Missing: {missing}."] if missing else []),
    ]
