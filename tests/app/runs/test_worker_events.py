"""Worker events: what a lost worker means for its runs."""

from types import SimpleNamespace

import pytest

from app.runs.worker_events import WorkerEventHandler
from app.workers.worker_handle import Loss


class Losses:
    """Keeps whether a loss was counted, and as a hang."""

    counted = None

    def add(self, has_hung):
        self.counted = "hang" if has_hung else "end"


def counted(loss):
    """Returns for each run of a lost worker how it counts the loss."""
    runs = {
        name: SimpleNamespace(id=name, status="running", losses=Losses()) for name in ("hanging", "beside")
    }
    restarted = []
    scheduler = SimpleNamespace(
        pool=None,
        restart_after_loss=lambda run: restarted.append(run.id),
        start_queued=lambda: None,
    )
    run_cache = SimpleNamespace(find=runs.get, store=None)
    handler = WorkerEventHandler(run_cache, None, scheduler, None, None)
    handler.on_worker_lost(list(runs), False, loss)
    assert restarted == list(runs)
    return [run.losses.counted for run in runs.values()]


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (Loss("hanging"), ["end", None]),
        (Loss("hanging", stuck=True), ["hang", None]),
        (Loss(None), ["end", "end"]),
        (Loss(None, stuck=True), ["end", "end"]),
        (Loss("deleted", stuck=True), [None, None]),
    ],
)
def test_of_the_runs_of_a_lost_worker_only_the_one_it_worked_on_counts_the_loss(loss, expected):
    assert counted(loss) == expected
