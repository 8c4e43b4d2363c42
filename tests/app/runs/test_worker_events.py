"""Worker events: what a lost worker means for its runs."""

from types import SimpleNamespace

import pytest

from app.runs.run import Run
from app.runs.worker_events import WorkerEventHandler
from app.workers.recorded import Position


def restarted(task):
    """Returns for each run of a lost worker whether it may be the cause of the loss."""
    runs = {name: SimpleNamespace(id=name, status="running") for name in ("hanging", "beside")}
    causes = {}
    scheduler = SimpleNamespace(
        pool=None,
        restart_after_loss=lambda run, may_be_cause: causes.update({run.id: may_be_cause}),
        start_queued=lambda: None,
    )
    run_cache = SimpleNamespace(find=runs.get, store=None)
    handler = WorkerEventHandler(run_cache, None, scheduler, None, None)
    handler.on_worker_lost(list(runs), False, task)
    return causes


@pytest.mark.parametrize(
    ("task", "causes"),
    [
        ("hanging", {"hanging": True, "beside": False}),
        (None, {"hanging": True, "beside": True}),
        ("deleted", {"hanging": False, "beside": False}),
    ],
)
def test_of_the_runs_of_a_lost_worker_only_the_one_it_worked_on_counts_the_loss(task, causes):
    assert restarted(task) == causes


@pytest.mark.parametrize(
    ("position", "losses"), [((0, 39, 3), 2), ((0, 40, 4), 2), ((0, 41, 4), 0), ((1, 0, 0), 0)]
)
def test_only_a_checkpoint_further_than_all_before_ends_the_count_of_losses(position, losses):
    run = SimpleNamespace(furthest=Position(0, 40, 4), worker_losses=2)
    Run.reach(run, Position(*position))
    assert run.worker_losses == losses
