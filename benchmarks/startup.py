"""Start-up times: importing the engine, configuration to first step, compiling a step."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.limits import at_most
from benchmarks.shared import ROOT
from benchmarks.steps import Steps
from benchmarks.summary import summary
from benchmarks.timing import repeated
from benchmarks.workloads import WORKLOADS, prepare

# Run in a new process.
_SCRIPT = """
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
    """Measures import and first step in new processes, and the compilation of a step in this process."""
    runs = [_new_process() for _ in range(3 if quick else 9)]
    imports = summary([seconds for seconds, _ in runs])
    first = summary([1000 * seconds for _, seconds in runs])
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


def _new_process() -> list[float]:
    out = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True
    )
    times: list[float] = json.loads(out.stdout)
    return times


def _plan(name: str, quick: bool) -> dict[str, float]:
    """Returns the milliseconds to compile a step with its learning rates and batches."""
    ready = prepare(name)
    times = repeated(lambda: Steps(ready), 3 if quick else 9, 0.02)
    return summary([time / 1000 for time in times])
