"""`perceptarium train`: trains with the trainer of a worker, in this process and without a server."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from tqdm import tqdm

from app import encoding, history_columns
from app.cli.interruption import Interruption
from app.cli.overrides import override
from app.cli.printing import print_line
from app.workers.child_process import THREAD_VARIABLES
from engine.training.reason import Reason

SLICE = 0.1  # seconds of training between two updates of the progress bar
INTERRUPTED = 130  # exit code after Ctrl-C before there were results, or after a second Ctrl-C


def train(config_path: Path, changes: Sequence[str], output: Path | None) -> int:
    """Trains to the end or until interrupted, and writes the results into the folder `output`.

    Returns the exit code: 0 finished, 1 diverged, 2 impossible configuration, 130 Ctrl-C, 143 SIGTERM.
    """
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    from engine.config.errors import ConfigError

    try:
        raw = encoding.decode(config_path.read_bytes())
        for change in changes:
            override(raw, change)
        return _train(raw, output)
    except ConfigError as error:
        field = f"{error.field}: " if error.field else ""
        print(f"perceptarium: {field}{error.message} (given: {_as_json(error.given)})", file=sys.stderr)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"perceptarium: {name}{error.strerror or error}", file=sys.stderr)
    except ValueError as error:
        print(f"perceptarium: {config_path}: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("perceptarium: interrupted", file=sys.stderr)
        return INTERRUPTED
    return 2


def _as_json(value: Any) -> str:
    from app.errors import shortened

    return encoding.encode(shortened(value)).decode()


def _train(raw: Any, output: Path | None) -> int:
    from app.settings import data_dir
    from app.storage.table_files import FOLDER, TableFiles
    from engine.tasks.paradigms import load_data
    from engine.tasks.resolve import parse
    from engine.trainers import trainer as create_trainer

    tables = TableFiles(data_dir() / FOLDER)
    config = parse(raw, tables)
    data = load_data(config, tables)
    trainer = create_trainer(config, data)
    start_time = perf_counter()
    with Interruption() as interruption, progress_bar(config) as bar:
        points, (status, reason) = _train_to_end(trainer, bar, interruption)
        bar.close()
        summary = {
            "status": status, "reason": reason.text, "reason_code": reason.code,
            "reason_parameters": dict(reason.parameters),
            "steps": trainer.state.step, "epochs": trainer.state.epoch,
            "seconds": perf_counter() - start_time, "latest": trainer.measure(),
        }  # fmt: skip
        if output is not None:
            _write(output, trainer, data, points, summary)
    problem = print_line(encoding.encode(summary).decode())
    if problem:
        print(f"perceptarium: the summary cannot be printed: {problem}", file=sys.stderr)
        return 2
    return {"finished": 0, "stopped": interruption.exit_code}.get(status, 1)


def progress_bar(config: Any) -> "tqdm[Any]":
    """A progress bar on standard error, of steps if they are limited, disabled if that is not a terminal."""
    total, unit = (config.epochs, "epoch") if config.steps is None else (config.steps, "step")
    return tqdm(total=total, unit=unit, file=sys.stderr, disable=None, dynamic_ncols=True)


def _train_to_end(
    trainer: Any, bar: "tqdm[Any]", interruption: Interruption
) -> tuple[list[dict[str, Any]], tuple[str, Reason]]:
    """Returns all measured points, and the final status (`stopped` after an interruption) with its reason."""
    points: list[dict[str, Any]] = []
    steps = 1
    while True:
        start_time = perf_counter()
        report = trainer.advance(steps)
        points += report.points
        bar.set_postfix_str(headline(points[-1]) if points else "", refresh=False)
        bar.update((trainer.state.epoch if trainer.config.steps is None else trainer.state.step) - bar.n)
        ended = report.ended or (
            ("stopped", Reason("interrupted", "interrupted")) if interruption.number else None
        )
        if ended is not None:
            return points, ended
        seconds = max(perf_counter() - start_time, 1e-6)
        steps = max(1, min(4 * steps, int(steps * SLICE / seconds)))


def _write(
    folder: Path, trainer: Any, data: Any, points: list[dict[str, Any]], summary: dict[str, Any]
) -> None:
    import numpy as np

    from engine.queries import weights

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_bytes(encoding.encode(trainer.config.model_dump(mode="json")))
    (folder / "history.csv").write_text(history_columns.to_csv(history_columns.from_points(points)), "utf-8")
    (folder / "summary.json").write_bytes(encoding.encode(summary))
    parameters = weights(trainer.checkpoint(), data)
    arrays = {
        f"preprocessing_{name}": np.asarray(value) for name, value in parameters["preprocessing"].items()
    }
    for index, layer in enumerate(parameters["layers"]):
        for name in ("weights", "biases", "alpha"):
            if layer.get(name) is not None:
                arrays[f"layers_{index}_{name}"] = np.asarray(layer[name])
    np.savez(folder / "weights.npz", allow_pickle=False, **arrays)


def headline(point: dict[str, Any]) -> str:
    """The loss of a point as text, or its first metric if it has no loss."""
    if point["train_loss"] is not None:
        return f"loss {point['train_loss']:.4g}"
    first = next(iter(point["metrics"].items()), None)
    return "" if first is None else f"{first[0].replace('_', ' ')} {first[1]:.4g}"
