"""How soon it begins: importing the engine, from a configuration to its first step, preparing a plan."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.claims import at_most
from benchmarks.competitors import ROOT
from benchmarks.steps import Steps
from benchmarks.summary import summary
from benchmarks.timing import repeated
from benchmarks.workloads import WORKLOADS, prepare

# In a process of its own, as a worker or the command line would begin.
_FRESH = """
import json, time
start = time.perf_counter()
import engine.train
imported = time.perf_counter()
from engine.datasets import load
from engine.resolve import parse
from benchmarks.workloads import WORKLOADS
ready = time.perf_counter()
config = parse(WORKLOADS["W2"].raw)
engine.training.trainer.Trainer(config, load(config)).advance(1)
print(json.dumps([imported - start, time.perf_counter() - ready]))
"""


def run(quick: bool) -> dict[str, Any]:
    """Seconds of import and milliseconds to the first step in fresh processes; plans in this one."""
    fresh = [_fresh() for _ in range(3 if quick else 9)]
    imports = summary([seconds for seconds, _ in fresh])
    first = summary([1000 * seconds for _, seconds in fresh])
    plans = {name: _plan(name, quick) for name in WORKLOADS}
    claims = [
        at_most("import of the engine, warm", imports["median"], 0.25, "s"),
        at_most("configuration → first step (W2, fresh process)", first["median"], 25, "ms"),
    ]
    return {
        "import_seconds": imports,
        "first_step_milliseconds": first,
        "plan_milliseconds": plans,
        "claims": [claim.as_dict() for claim in claims],
    }


def _fresh() -> list[float]:
    out = subprocess.run([sys.executable, "-c", _FRESH], cwd=ROOT, check=True, capture_output=True, text=True)
    found: list[float] = json.loads(out.stdout)
    return found


def _plan(name: str, quick: bool) -> dict[str, float]:
    """Preparing the plan, its rates and its batches for a network that is there."""
    ready = prepare(name)
    times = repeated(lambda: Steps(ready), 3 if quick else 9, 0.02)
    return summary([time / 1000 for time in times])
