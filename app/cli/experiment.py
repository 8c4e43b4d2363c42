"""`perceptarium experiment`: trains the members of an experiment one after the other, without a server."""

import asyncio
import csv
from pathlib import Path
from typing import Any

from app import encoding
from app.cli.interruption import Interruption
from app.cli.printing import print_line
from app.cli.train import length_of, progress_bar, show, train_to_end, with_file, write_results

FIELDS = ("name", "config", "vary", "sample", "members", "steps", "start")
LOSSES = ("train_loss", "validation_loss", "test_loss")


def experiment(path: Path, output: Path) -> int:
    """Trains all members of the experiment that a file describes, and writes their results into `output`.

    The file is the body of `POST /api/experiments`. Returns the exit code: 0 if every member has ended, 2 for
    an impossible experiment, 130 after Ctrl-C, 143 after SIGTERM.
    """
    return with_file(path, lambda body: _run(body, output))


def _run(body: Any, output: Path) -> int:
    from app.experiments.plan import plan
    from app.settings import data_dir
    from app.storage.table_files import FOLDER, TableFiles
    from engine.tasks.resolve import parse

    _refuse_wrong_body(body)
    tables = TableFiles(data_dir() / FOLDER)
    sample, steps = body.get("sample", "grid"), body.get("steps")
    planned = asyncio.run(
        plan(body.get("config", {}), body["vary"], sample, body.get("members"), steps, tables)
    )
    configs = [parse(member.config, tables) for member in planned]
    output.mkdir(parents=True, exist_ok=True)
    (output / "experiment.json").write_bytes(encoding.encode(body))
    with Interruption() as interruption:
        results = _train_all(configs, tables, output, interruption)
    rows = [
        {"member": number, **member.values, **summary}
        for number, (member, summary) in enumerate(zip(planned, results, strict=False))
    ]
    _write_members(output / "members.csv", rows, list(body["vary"]))
    problem = print_line(encoding.encode(_summarize(output, planned, results)).decode())
    if problem or interruption.number is None:
        return 2 if problem else 0
    return interruption.exit_code


def _refuse_wrong_body(body: Any) -> None:
    from pydantic import ValidationError

    from app.errors import Invalid, refuse_others
    from app.web.models.experiment_bodies import CreateExperiment
    from engine.config.validation import first_error

    if not isinstance(body, dict):
        raise Invalid("invalid", "an experiment is a JSON object", given=body, limit="object")
    refuse_others(body, *FIELDS)
    try:
        CreateExperiment.model_validate(body)
    except ValidationError as error:
        raise first_error(error) from None


def _train_all(
    configs: list[Any], tables: Any, output: Path, interruption: Interruption
) -> list[dict[str, Any]]:
    """Trains one after the other until interrupted; returns the summaries of those that have begun."""
    from engine.tasks.paradigms import load_data
    from engine.trainers import trainer as create_trainer

    results: list[dict[str, Any]] = []
    units = {length_of(config)[1] for config in configs}
    unit = units.pop() if len(units) == 1 else "run"
    lengths = [1 if unit == "run" else length_of(config)[0] for config in configs]
    with progress_bar(sum(lengths), unit) as bar:
        for number, config in enumerate(configs):
            before = sum(lengths[:number])
            data = load_data(config, tables)
            trainer = create_trainer(config, data)

            def on_slice(done: int, text: str, before: int = before, number: int = number) -> None:
                named = f"{number + 1} of {len(configs)}, {text}"
                show(bar, before + (0 if unit == "run" else done), named)

            points, summary = train_to_end(trainer, on_slice, interruption)
            write_results(output / "members" / f"{number:03}", trainer, data, points, summary)
            results.append(summary)
            if interruption.number is not None:
                break
            show(bar, before + lengths[number], "")
    return results


def _write_members(path: Path, rows: list[dict[str, Any]], paths: list[str]) -> None:
    """Writes one row per member: its number, the values of the varied fields, and what it reached."""
    metrics = list(dict.fromkeys(name for row in rows for name in row["latest"]["metrics"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["member", *paths, "status", "steps", "epochs", "seconds", *LOSSES, *metrics])
        for row in rows:
            latest = row["latest"]
            values = [encoding.encode(row[path]).decode() if isinstance(row[path], list | dict) else row[path]
                      for path in paths]  # fmt: skip
            reached = [latest[name] for name in LOSSES] + [latest["metrics"].get(name) for name in metrics]
            ended = [row[name] for name in ("status", "steps", "epochs", "seconds")]
            writer.writerow([row["member"], *values, *ended, *reached])


def _summarize(output: Path, planned: list[Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    """Writes the statistics of the final losses, and returns a short form of them."""
    from app.experiments.reports import summary

    members = {
        str(number): {"status": result["status"], "point": result["latest"]}
        for number, result in enumerate(results)
    }
    values = [member.values for member in planned[: len(results)]]
    functions = [repr(getattr(member.resolved, "loss", None)) for member in planned]
    losses = dict(zip(members, functions, strict=False))  # of those that have results
    points = [result["latest"] for result in results]
    metric = summary.chosen_metric(points, None, len(set(losses.values())) <= 1)
    groups = summary.groups(zip(members, values, strict=True))
    statistics = summary.summarize(groups, members, metric, losses)
    counts: dict[str, int] = {}
    for result in results:
        counts[result["status"]] = counts.get(result["status"], 0) + 1
    total = {"size": len(planned), "counts": counts, "seconds": sum(result["seconds"] for result in results)}
    (output / "summary.json").write_bytes(encoding.encode(total | statistics))
    return total | {name: statistics[name] for name in ("metric", "groups")}
