"""Start-up times: importing the engine, configuration to first step, compiling a step."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.engine_processes import ROOT
from benchmarks.limits import at_most
from benchmarks.steps import Steps
from benchmarks.summary import summary
from benchmarks.timing import repeated
from benchmarks.workloads import WORKLOADS, prepare

# In a new process, as a worker or the command line starts.
_FRESH = """
import json, time
start = time.perf_counter()
import engine.training.trainer
imported = time.perf_counter()
from engine.datasets import load
from engine.tasks.resolve import parse
from benchmarks.workloads import WORKLOADS
ready = time.perf_counter()
config = parse(WORKLOADS["W2"].raw)
engine.training.trainer.Trainer(config, load(config)).advance(1)
print(json.dumps([imported - start, time.perf_counter() - ready]))
"""


def run(quick: bool) -> dict[str, Any]:
    """Seconds of the import and milliseconds to the first step in new processes; compilation in this one."""
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
    """Milliseconds to compile the step with its learning rates and batches, for a network that exists."""
    ready = prepare(name)
    times = repeated(lambda: Steps(ready), 3 if quick else 9, 0.02)
    return summary([time / 1000 for time in times])
