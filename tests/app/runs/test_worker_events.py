"""Worker events: what a lost worker means for its runs."""

from types import SimpleNamespace

import pytest

from app.errors import Invalid
from app.runs.history.recorded_states import refuse_step
from app.runs.run import Run
from app.runs.worker_events import WorkerEventHandler
from app.runs.worker_losses import WorkerLosses
from app.workers.messages import Snapshot
from app.workers.recorded import Position, Version
from app.workers.worker_handle import Loss
from engine.tasks.resolve import parse


class Losses:
    """Keeps whether a loss was counted, and as a hang."""

    counted = None
    is_repeated = False

    def add(self, has_hung):
        self.counted = "hang" if has_hung else "end"


def counted(loss, status="running"):
    """Returns for each run of a lost worker, which have this status, how it counts the loss."""
    batches = {"hanging": "batch", "beside": None}
    runs = {
        name: SimpleNamespace(id=name, status=status, losses=Losses(), batch=batch)
        for name, batch in batches.items()
    }
    restarted = []
    scheduler = SimpleNamespace(
        pool=None,
        restart_after_loss=lambda run: restarted.append(run.id),
        start_queued=lambda: None,
    )
    run_cache = SimpleNamespace(find=runs.get, store=None)
    view_scheduler = SimpleNamespace(on_worker_changed=lambda run: None)
    handler = WorkerEventHandler(run_cache, view_scheduler, scheduler, None, None)
    handler.on_worker_lost(list(runs), False, loss)
    assert restarted == (list(runs) if status == "running" else [])
    return [run.losses.counted for run in runs.values()]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (Loss("hanging"), ["end", None]),
        (Loss("hanging", stuck=True), ["hang", None]),
        (Loss(None), ["end", "end"]),
        (Loss(None, stuck=True), ["end", "end"]),
        (Loss("deleted", stuck=True), [None, None]),
        (Loss("batch", stuck=True), ["hang", None]),
    ],
)
def test_of_the_runs_of_a_lost_worker_only_the_one_it_worked_on_counts_the_loss(loss, expected):
    assert counted(loss) == expected


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (Loss("hanging", stuck=True), ["hang", None]),
        (Loss("hanging"), ["end", None]),
        (Loss(None), [None, None]),
    ],
)
def test_a_paused_run_counts_the_loss_of_a_worker_that_executed_its_command(loss, expected):
    assert counted(loss, status="paused") == expected


def test_members_train_alone_after_their_worker_ended_twice_while_it_trained_their_batch():
    losses, left = WorkerLosses(), []
    run = SimpleNamespace(
        id="member", status="running", losses=losses, batch="batch", position=Position(0, 5, 0),
        train_alone=lambda event, position: left.append((event["type"], position.step)),
    )  # fmt: skip
    scheduler = SimpleNamespace(pool=None, restart_after_loss=lambda run: None, start_queued=lambda: None)
    run_cache = SimpleNamespace(find=lambda name: run, store=None)
    handler = WorkerEventHandler(run_cache, None, scheduler, None, None)
    handler.on_worker_lost(["member"], False, Loss("batch"))
    assert left == []
    handler.on_worker_lost(["member"], False, Loss("batch"))
    assert left == [("lost", 5)]


def test_a_step_that_viewers_see_exists_before_its_worker_reports_it():
    store = SimpleNamespace(create_run=lambda row: None)
    run = Run.create(parse({}), store, None)
    view_scheduler = SimpleNamespace(on_weights=lambda run, snapshot: None)
    handler = WorkerEventHandler(
        SimpleNamespace(find=lambda name: run, store=store), view_scheduler, None, None, None
    )
    run.position = Position(0, 231, 11)
    handler.on_message(Snapshot(run.id, Version(0, 260, 0), b""))
    current = {"attempt": 0, "step": run.step}
    refuse_step(run, current, 260)
    with pytest.raises(Invalid) as refused:
        refuse_step(run, current, 261)
    assert refused.value.limit == [0, 260]
    with pytest.raises(Invalid):  # the next attempt has not come so far
        refuse_step(run, {"attempt": 1, "step": 0}, 260)
