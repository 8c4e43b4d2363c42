"""Answers: what REST answers say of an experiment and its members."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from app.experiments.experiment import Experiment
from app.runs.run_record import RunRecord
from engine.tasks.paradigms import PARADIGMS


def summary(experiment: Experiment, members: Sequence[RunRecord]) -> dict[str, Any]:
    """Returns the answer about an experiment with these members."""
    counts: dict[str, int] = {}
    for run in members:
        status = experiment.describe(run)["status"]
        counts[status] = counts.get(status, 0) + 1
    measured = [(run.best[1], run.best[0], run.id) for run in members if run.best is not None]
    score, step, run_id = min(measured, default=(None, None, None))
    best = None if run_id is None else {"run": run_id, "step": step, "score": score}
    return summary_of(experiment, counts, best)


def summary_of(experiment: Experiment, counts: dict[str, int], best: dict[str, Any] | None) -> dict[str, Any]:
    """Returns the answer about an experiment with members of these statuses and this best one."""
    return {
        "id": experiment.id,
        "url": f"/experiments/{experiment.id}",
        "name": experiment.name,
        "created": experiment.created,
        "status": status_of(counts),
        "size": sum(counts.values()),
        "counts": counts,
        "best": best,
        "vary": experiment.vary,
        "sample": experiment.sample,
        "paradigm": paradigm_of(experiment),
        "source": source_of(experiment),
    }


def paradigm_of(experiment: Experiment) -> str:
    """Returns the learning paradigm of all members."""
    return str(experiment.config.get("paradigm", "supervised"))


def source_of(experiment: Experiment) -> str | None:
    """Returns the name of the data set or environment; None if members have different ones."""
    paradigm = paradigm_of(experiment)
    path = PARADIGMS[paradigm].source[1]
    group, field = path.split(".")
    if group in experiment.vary or path in experiment.vary:
        return None
    given = experiment.config.get(group) or {}
    return str(given.get(field) or _default_source(paradigm))


@cache
def _default_source(paradigm: str) -> str:
    group, field = PARADIGMS[paradigm].source[1].split(".")
    return str(getattr(getattr(PARADIGMS[paradigm].config(), group), field))


def status_of(counts: dict[str, int]) -> str:
    """Returns the status of an experiment: that of a member which can still train, or finished.

    Of several, the first of running, queued, paused, stopped.
    """
    return next(
        (status for status in ("running", "queued", "paused", "stopped") if counts.get(status)), "finished"
    )


def describe(experiment: Experiment, run: RunRecord) -> dict[str, Any]:
    """Returns what an answer says of a member."""
    assert run.experiment is not None
    shown = {"mode": "alone", "mode_reason": None} | run.experiment
    return experiment.describe(run) | {name: shown[name] for name in ("values", "mode", "mode_reason")}
