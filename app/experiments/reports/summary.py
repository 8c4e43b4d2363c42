"""Summary: what the members of an experiment reached, by group, and which group is better."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import isfinite
from statistics import median
from typing import Any

from app import history_columns
from app.errors import Invalid
from app.runs.run_record import RunRecord
from engine.analysis.members.minima import group_minima
from engine.analysis.members.statistics import describe, probability_of_improvement
from engine.environments import ENVIRONMENTS
from engine.metrics import METRICS

LOSSES = ("train_loss", "validation_loss", "test_loss")
LOWER_IS_BETTER = {"hamming_loss", "rmse", "mae"}
# Of environments: the names of their statistics begin with that of the score, such as slowdown_mean.
LOWER_SCORES = tuple(each.main_score for each in ENVIRONMENTS.values() if each.lower_is_better)
STATISTICS = ("median", "quartiles", "interquartile_mean", "interval")
MAX_COMPARED = 24  # groups that are compared with each other

Point = dict[str, Any]


def groups(members: Iterable[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Returns the groups of members, (run, values), that are equal but for seeds: other values, and runs."""
    found: dict[str, dict[str, Any]] = {}
    for run, values in members:
        others = {path: value for path, value in values.items() if not path.endswith("seed")}
        group = found.setdefault(repr(others), {"values": others, "members": []})
        group["members"].append(run)
    return list(found.values())


def groups_of(members: Iterable[RunRecord]) -> list[dict[str, Any]]:
    """Returns the groups of the members of an experiment."""
    return groups((run.id, run.experiment["values"]) for run in members if run.experiment is not None)


def names_of(points: Sequence[Point | None]) -> list[str]:
    """Returns the losses and metrics that any of the points has."""
    measured = [point for point in points if point is not None]
    losses = [name for name in LOSSES if any(point[name] is not None for point in measured)]
    metrics = {
        name: None for point in measured for name, value in point["metrics"].items() if value is not None
    }
    return [*losses, *metrics]


def chosen_metric(points: Sequence[Point | None], metric: str | None, same_loss: bool = True) -> str:
    """Returns the metric; without one the test loss, or the training loss if nothing is tested.

    Between different loss functions it is a metric of the test part, if there is one. Raises Invalid if no
    member has it.
    """
    names = names_of(points)
    others = [name for name in names if name not in LOSSES]
    if metric is None and not same_loss and others:
        return next((name for name in others if name.startswith("test_")), others[0])
    if metric is None:
        return "test_loss" if "test_loss" in names or not names else names[0]
    if names and metric not in names:
        message = f"must be one of {', '.join(names)}"
        raise Invalid("invalid", message, field="metric", given=metric, limit=names)
    return metric


def is_higher_better(metric: str) -> bool:
    """Whether larger values of a loss, metric or score of an environment are better."""
    name = metric.removeprefix("validation_").removeprefix("test_").removeprefix("train_")
    return (
        not name.startswith(LOWER_SCORES)
        and metric not in LOSSES
        and (name not in METRICS or name not in LOWER_IS_BETTER)
    )


def value_of(point: Point | None, metric: str) -> float | None:
    """Returns the value of a loss or metric at a point; None if it is not there or not finite."""
    if point is None:
        return None
    value = point[metric] if metric in LOSSES else point["metrics"].get(metric)
    return value if value is not None and isfinite(value) else None


def point_of(columns: dict[str, Any], metric: str, at: int | None) -> Point | None:
    """Returns the point of a history that is best by the metric (`at` None), or the last up to a step."""
    if at is not None:
        columns = history_columns.select_steps(columns, None, at)
        return history_columns.last_point(columns) if columns["step"] else None
    points = [point for point in history_columns.to_points(columns) if value_of(point, metric) is not None]
    choose = max if is_higher_better(metric) else min
    return choose(points, key=lambda point: value_of(point, metric) or 0.0, default=None)


def first_reaching(columns: dict[str, Any], metric: str, goal: float) -> int | None:
    """Returns the first measured step at which a loss or metric is at least as good as `goal`, or None."""
    sign = 1 if is_higher_better(metric) else -1
    for point in history_columns.to_points(columns):
        value = value_of(point, metric)
        if value is not None and sign * value >= sign * goal:
            return int(point["step"])
    return None


def summarize(
    groups: list[dict[str, Any]], members: dict[str, dict[str, Any]], metric: str, losses: dict[str, str]
) -> dict[str, Any]:
    """Returns statistics of each group, comparisons of groups, and the minima of the training loss.

    `members` has of each run its `status` and `point`, and `reached`, the step at which it reached a chosen
    value, where one was chosen. Those that diverged or failed are counted only. Losses are
    compared only between members of the same loss function; `losses` has that of each.
    """
    usual = Counter(losses.values()).most_common(1)[0][0] if losses else None
    same_loss = len(set(losses.values())) <= 1
    described: list[dict[str, Any]] = []
    reached: list[list[float]] = []
    for group in groups:
        chosen = [members[run] for run in group["members"]]
        values = [value_of(member["point"], metric) for member in chosen if member["status"] != "diverged"]
        finite = [value for value in values if value is not None]
        diverged = sum(member["status"] == "diverged" for member in chosen)
        statistics = describe(finite) if finite else dict.fromkeys(STATISTICS)
        described.append({**group, "n": len(finite), "diverged": diverged, **statistics})
        reached.append(finite)
    return {
        "metric": metric,
        "higher_is_better": is_higher_better(metric),
        "groups": described,
        "members": [_member(run, member, metric) for run, member in members.items()],
        "same_loss": same_loss,
        "pairs": _pairs(reached, metric) if same_loss or metric not in LOSSES else [],
        "minima": _minima({run: members[run] for run in members if losses[run] == usual}),
    }


def _member(run: str, member: dict[str, Any], metric: str) -> dict[str, Any]:
    point, diverged = member["point"], member["status"] == "diverged"
    value = None if diverged else value_of(point, metric)
    step = None if value is None else point["step"]
    return {"run": run, "value": value, "step": step, "reached": member.get("reached")}


def _pairs(values: list[list[float]], metric: str) -> list[dict[str, Any]]:
    """Compares the groups of at least two values, if there are not too many groups."""
    if len(values) > MAX_COMPARED:
        return []
    higher, pairs = is_higher_better(metric), []
    for first, second in combinations(range(len(values)), 2):
        if min(len(values[first]), len(values[second])) > 1:
            probability, interval = probability_of_improvement(values[first], values[second], higher)
            pairs.append({"groups": [first, second], "probability": probability, "interval": interval})
    return pairs


def _minima(members: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The training losses that members ended at, with the members of each."""
    losses = {
        run: loss
        for run, member in members.items()
        if member["status"] != "diverged" and (loss := value_of(member["point"], "train_loss")) is not None
    }
    runs, values = list(losses), list(losses.values())
    return [
        {
            "loss": median(values[index] for index in indices),
            "members": [runs[index] for index in indices],
            "spread": max(values[index] for index in indices) - min(values[index] for index in indices),
        }
        for indices in group_minima(values)
    ]


def to_csv(summary: dict[str, Any]) -> str:
    """Returns CSV: one row per group, with the values of its fields and its statistics."""
    paths = list(dict.fromkeys(path for group in summary["groups"] for path in group["values"]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    statistics = ("median", "quartile_1", "quartile_3", "interquartile_mean", "interval_low", "interval_high")
    writer.writerow([*paths, "metric", "n", "diverged", *statistics])
    for group in summary["groups"]:
        quartiles, interval = group["quartiles"] or [None] * 2, group["interval"] or [None] * 2
        numbers = [group["median"], *quartiles, group["interquartile_mean"], *interval]
        values = [group["values"].get(path) for path in paths]
        writer.writerow([*values, summary["metric"], group["n"], group["diverged"], *numbers])
    return text.getvalue()
