"""Diagnoses: the most important problem of each member of an experiment."""

from collections.abc import Sequence
from typing import Any

from app import encoding
from app.errors import ApiError
from app.experiments.experiment import Experiment
from app.runs.queries import RunQueries
from app.runs.run_record import RunRecord
from app.streaming.subscriptions import view_key

VIEW = "advice"


async def diagnose(
    experiment: Experiment, members: Sequence[RunRecord], queries: RunQueries
) -> list[dict[str, Any]]:
    """Returns of each member the step and the findings of its most important problem.

    What was found is computed again only when the member has changed. A member that cannot be read, or has
    taken no step, has none.
    """
    for run in members:
        key = (run.attempt, run.step, run.status)
        if run.step > 0 and experiment.diagnoses.get(run.id, (None,))[0] != key:
            experiment.diagnoses[run.id] = (key, await _problem(run.id, queries))
    return [_described(run, experiment.diagnoses.get(run.id, (None, []))[1]) for run in members]


async def _problem(run_id: str, queries: RunQueries) -> list[dict[str, Any]]:
    options = encoding.decode(view_key(VIEW, {}).options)
    arguments = {"view": VIEW, "options": options, "run": run_id, "typed": False}
    try:
        text = await queries.compute(await queries.get(run_id), "view", None, arguments)
    except ApiError:
        return []
    problem: list[dict[str, Any]] = encoding.decode(text)["problem"]
    return problem


def _described(run: RunRecord, findings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "run": run.id,
        "step": run.step,
        "problem": findings[0]["name"] if findings else None,
        "layers": [finding["layer"] for finding in findings if finding["layer"] is not None],
    }
