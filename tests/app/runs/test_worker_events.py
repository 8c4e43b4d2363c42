"""Worker events: what a lost worker means for its runs."""

from types import SimpleNamespace

import pytest

from app.runs.worker_events import WorkerEventHandler


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
