"""Step profiles: the time of each NumPy call in a step of W1 to W4."""

from dataclasses import asdict
from typing import Any

from benchmarks.call_profile import profile
from benchmarks.steps import Steps
from benchmarks.summary import short, summary
from benchmarks.workloads import WORKLOADS, prepare

TURNS = {"W4": 20}  # a call of W4 takes up to half a millisecond


def run(quick: bool) -> dict[str, Any]:
    """Returns the time of a step and of its calls, for each workload."""
    profiles = {}
    for name in WORKLOADS:
        steps = Steps(prepare(name), 1 if name == "W4" else 16)
        timer = steps.timer()
        times = [timer() for _ in range(3 if quick else 9)]
        calls = profile(steps, 3 if quick else 9, TURNS.get(name, 2000))
        profiles[name] = {
            "microseconds_per_step": summary(times),
            "sum_of_calls": short(sum(call.microseconds for call in calls)),
            "calls": [asdict(call) | {"microseconds": short(call.microseconds)} for call in calls],
        }
    return {"profiles": profiles}
