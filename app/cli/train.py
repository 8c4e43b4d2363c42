"""`perceptarium train`: trains with the trainer of a worker, in this process and without a server."""

import os
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
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

    def work(raw: Any) -> int:
        for change in changes:
            override(raw, change)
        return _train(raw, output)

    return with_file(config_path, work)


def with_file(path: Path, work: Callable[[Any], int]) -> int:
    """Returns the exit code of `work` with the JSON value in a file; 2 if something in it is wrong."""
    for variable in THREAD_VARIABLES:
        os.environ.setdefault(variable, "1")
    from app.errors import ApiError
    from engine.config.errors import ConfigError

    try:
        return work(encoding.decode(path.read_bytes().removeprefix(BOM_UTF8)))
    except (ApiError, ConfigError) as error:
        field = f"{error.field}: " if error.field else ""
        print(f"perceptarium: {field}{error.message} (given: {_as_json(error.given)})", file=sys.stderr)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"perceptarium: {name}{error.strerror or error}", file=sys.stderr)
    except ValueError as error:
        print(f"perceptarium: {path}: {error}", file=sys.stderr)
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
    with Interruption() as interruption, progress_bar(*length_of(config)) as bar:
        points, summary = train_to_end(trainer, lambda done, text: show(bar, done, text), interruption)
        bar.close()
        if output is not None:
            write_results(output, trainer, data, points, summary)
    problem = print_line(encoding.encode(summary).decode())
    if problem:
        print(f"perceptarium: the summary cannot be printed: {problem}", file=sys.stderr)
        return 2
    return {"finished": 0, "stopped": interruption.exit_code}.get(summary["status"], 1)


def length_of(config: Any) -> tuple[int, str]:
    """The number of steps of a training, if they are limited, or of epochs, and their name."""
    return (config.epochs, "epoch") if config.steps is None else (config.steps, "step")


def progress_bar(total: int, unit: str) -> "tqdm[Any]":
    """A progress bar on standard error, disabled if that is not a terminal."""
    return tqdm(total=total, unit=unit, file=sys.stderr, disable=None, dynamic_ncols=True)


def show(bar: "tqdm[Any]", done: int, text: str) -> None:
    """Shows how much is done, and a text beside the bar."""
    bar.set_postfix_str(text, refresh=False)
    bar.update(done - bar.n)


def train_to_end(
    trainer: Any, on_slice: Callable[[int, str], None], interruption: Interruption
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Returns all measured points, and the summary; its status is `stopped` after an interruption.

    `on_slice` is called with the epochs or steps that are done, and the newest loss as text.
    """
    points: list[dict[str, Any]] = []
    steps, beginning = 1, perf_counter()
    while True:
        start_time = perf_counter()
        report = trainer.advance(steps)
        points += report.points
        done = trainer.state.epoch if trainer.config.steps is None else trainer.state.step
        on_slice(done, headline(points[-1]) if points else "")
        ended = report.ended or (
            ("stopped", Reason("interrupted", "interrupted")) if interruption.number else None
        )
        if ended is not None:
            return points, _summary(trainer, ended, perf_counter() - beginning)
        seconds = max(perf_counter() - start_time, 1e-6)
        steps = max(1, min(4 * steps, int(steps * SLICE / seconds)))


def _summary(trainer: Any, ended: tuple[str, Reason], seconds: float) -> dict[str, Any]:
    status, reason = ended
    return {
        "status": status, "reason": reason.text, "reason_code": reason.code,
        "reason_parameters": dict(reason.parameters),
        "steps": trainer.state.step, "epochs": trainer.state.epoch,
        "seconds": seconds, "latest": trainer.measure(),
    }  # fmt: skip


def write_results(
    folder: Path, trainer: Any, data: Any, points: list[dict[str, Any]], summary: dict[str, Any]
) -> None:
    """Writes configuration, history, weights and summary of a training into a folder."""
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
