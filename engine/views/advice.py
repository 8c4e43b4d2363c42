"""Advice: the most important problem of a training, or how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from engine.config.task_names import CONTROL, EVERY
from engine.datasets import Data
from engine.diagnostics import diagnose
from engine.tasks.policy_gradient import environment_of
from engine.tasks.task import TASKS
from engine.training.checkpoint import Checkpoint
from engine.training.measured_points import Evaluator
from engine.views import passes
from engine.views.training_facts import training_facts
from engine.views.trivial_answer import trivial_answer
from engine.views.view import View

Points = Sequence[dict[str, Any]]
Problem = list[dict[str, Any]]  # the findings with one name and one suggestion: one for each layer


def compute(
    checkpoint: Checkpoint, data: Data, options: Mapping[str, Any], history: Points | None = None
) -> dict[str, Any]:
    """`code`: `problem`, `solved`, `learning`, or `untrained` at step 0, with the `score` and its history.

    `problems` is the number of problems, `problem` the findings of the most important one if `code` is
    `problem`. A problem of a solved task is important only if an earlier step was better. `action` is
    {`changes`}, a partial configuration, {`step`}, the better step, or None.
    """
    score = _score(checkpoint, data, history or ())
    problems = [] if checkpoint.problem.task == CONTROL else _problems(checkpoint, data, history)
    solved = _reached(score, score["value"])
    important = [group for group in problems if not solved or group[0]["since"] is not None]
    code = (
        "untrained" if not checkpoint.step else "problem" if important else "solved" if solved else "learning"
    )
    problem = important[0] if code == "problem" else []
    return {
        "code": code,
        "score": score,
        "problems": len(problems),
        "problem": problem,
        "layers": len(checkpoint.network.layers),
        "action": _action(problem),
    }


def _score(checkpoint: Checkpoint, data: Data, points: Points) -> dict[str, Any]:
    """The score by which the task is solved: `name`, `part` (None: episodes), `value` now, `threshold`
    (None: there is none), the `rows` of the part and the `trivial` answer on them (None: episodes), the
    `best` recorded value and its `best_step`, and `solved_step`, the first recorded step with the threshold;
    None where nothing is recorded.
    """
    score, column = _definition(checkpoint, data)
    part = None if score["part"] is None else getattr(data, score["part"])
    present = _present_point(checkpoint, data, points)
    earlier = [point for point in points if point["step"] < present["step"]]
    measured = [
        (point["metrics"][column], point["step"])
        for point in [*earlier, present]
        if point["metrics"].get(column) is not None and np.isfinite(point["metrics"][column])
    ]
    if checkpoint.problem.task == CONTROL:
        measured = _means(measured, environment_of(checkpoint.config)[0].solved_over)
    sign = -1 if score["lower_is_better"] else 1
    best, best_step = max(measured, key=lambda entry: (sign * entry[0], -entry[1]), default=(None, None))
    return {
        **score,
        "value": measured[-1][0] if measured and measured[-1][1] == present["step"] else None,
        "rows": None if part is None else len(part),
        "trivial": None if part is None else asdict(trivial_answer(data, part, score["name"])),
        "best": best,
        "best_step": best_step,
        "solved_step": min((step for value, step in measured if _reached(score, value)), default=None),
    }


def _means(measured: list[tuple[float, int]], count: int) -> list[tuple[float, int]]:
    """The mean of each value and up to `count - 1` before it, with the step of each."""
    values = np.array([value for value, _ in measured])
    means = [float(values[max(0, end - count) : end].mean()) for end in range(1, len(values) + 1)]
    return [(mean, step) for mean, (_, step) in zip(means, measured, strict=True)]


def _definition(checkpoint: Checkpoint, data: Data) -> tuple[dict[str, Any], str]:
    """The score of the task, and its name in the recorded points."""
    if checkpoint.problem.task == CONTROL:
        environment, numbers = environment_of(checkpoint.config)
        name, threshold = environment.main_score, environment.solved and environment.solved(numbers)
        described = {"name": name, "part": None, "threshold": threshold}
        return {**described, "lower_is_better": environment.lower_is_better}, f"{name}_mean"
    task = TASKS[checkpoint.problem.task]
    part = next((name for name in ("test", "validation") if len(getattr(data, name))), "train")
    described = {"name": task.score, "part": part, "threshold": task.solved}
    return {**described, "lower_is_better": False}, f"{part}_{task.score}"


def _present_point(checkpoint: Checkpoint, data: Data, points: Points) -> dict[str, Any]:
    """The point of the present weights; with policy gradient the last recorded one, which is of episodes."""
    if checkpoint.problem.task == CONTROL:
        return points[-1] if points else {"step": checkpoint.step, "metrics": {}}
    evaluator = Evaluator(checkpoint.network, checkpoint.config, data)
    return evaluator.point(checkpoint.theta, checkpoint.step, checkpoint.epoch)


def _reached(score: Mapping[str, Any], value: float | None) -> bool:
    threshold = score["threshold"]
    if threshold is None or value is None:
        return False
    return bool(value <= threshold if score["lower_is_better"] else value >= threshold)


def _problems(checkpoint: Checkpoint, data: Data, history: Points | None) -> list[Problem]:
    """The problems, the most important first."""
    arrays = passes.training_pass(checkpoint, data)
    with np.errstate(all="ignore"):
        facts = training_facts(checkpoint, data, arrays, passes.gradient(arrays), history)
        findings = diagnose(facts)
    groups: dict[tuple[str, str], Problem] = {}
    for finding in findings:
        groups.setdefault((finding["name"], finding["suggestion"]["name"]), []).append(finding)
    return list(groups.values())


def _action(problem: Problem) -> dict[str, Any] | None:
    """The step before which the network was better, or else the changes of all suggestions together."""
    if not problem:
        return None
    if problem[0]["since"] is not None:
        return {"step": problem[0]["since"]}
    changes: Any = {}
    for finding in problem:
        changes = _merged(changes, finding["suggestion"]["changes"])
    return {"changes": changes} if changes else None


def _merged(old: Any, new: Any) -> Any:
    """A partial configuration with the values of another; layers are merged one by one."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [_merged(before, after) for before, after in zip(old, new, strict=True)]
    return new


ADVICE = View(compute, applies_to=EVERY, needs=("points",), fps=2.0)
