"""A server with three faults: `python -m faults.hanging_server serve ...`.

A step of a run named STEP does not end once it has trained HANG_AFTER steps, and neither does the view VIEW
of a run named DRAW, nor the reading of a file that begins with FILE, which waits. Child processes import this
module too, because multiprocessing imports the main module.
"""

import time
from dataclasses import replace
from typing import Any

from app.imports.importer import ImportResult
from app.imports.kept_readings import KeptReadings
from app.imports.options import ImportOptions
from app.workers.imports import worker
from engine.training.trainer import Report, Trainer
from engine.views import VIEWS

STEP, DRAW, VIEW, HANG_AFTER = "hangs in a step", "hangs in a view", "network", 500
FILE = b"hangs"


def _hang() -> None:
    while True:
        pass


def _advance(self: Trainer, steps: int) -> Report:
    if self.config.name == STEP and self.state.step >= HANG_AFTER:
        _hang()
    return advance(self, steps)


def _draw(checkpoint: Any, *arguments: Any, **options: Any) -> Any:
    if checkpoint.config.name == DRAW:
        _hang()
    return draw(checkpoint, *arguments, **options)


def _import_file(raw: bytes, options: ImportOptions, kept: KeptReadings | None = None) -> ImportResult:
    if raw.startswith(FILE):
        time.sleep(3600)  # a loop would end after the time for the file
    return import_file(raw, options, kept)


import_file = worker.import_file
worker.import_file = _import_file
advance, draw = Trainer.advance, VIEWS[VIEW].function
Trainer.advance = _advance  # type: ignore[method-assign]
VIEWS[VIEW] = replace(VIEWS[VIEW], function=_draw)  # type: ignore[index]

if __name__ == "__main__":
    from app.cli.main import cli

    cli()
