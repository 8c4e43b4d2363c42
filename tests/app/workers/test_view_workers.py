"""View workers: their number follows the load, each has its runs, and what makes one hang is refused."""

import asyncio
from types import SimpleNamespace

import pytest

from app.errors import Unavailable
from app.workers.heartbeat import Heartbeat
from app.workers.lost_tasks import MAX_LOSSES, REFUSED_SECONDS, LostTasks, query_task, view_task
from app.workers.messages import CancelViews, ComputeViews, Query, Version, ViewKey
from app.workers.view_workers import CHANGE_SECONDS, RECENT_SECONDS, ViewWorkers
from app.workers.worker_handle import WorkerHandle, WorkerLost

BOUNDARY, NETWORK = ViewKey("decision_boundary", "{}"), ViewKey("network", "{}")


class Simulation:
    """View workers without processes, in simulated time."""

    def __init__(self, limit=3):
        self.now, self.closing, self.started, self.refused = 0.0, False, [], []
        self.views = ViewWorkers(self, limit, self.refused.append, lambda: self.now)
        self.views.start()

    def start(self, main):
        sent = []
        self.started.append(WorkerHandle(SimpleNamespace(main=main, ready=True, send=sent.append, sent=sent)))
        return self.started[-1]

    def stop(self, handle):
        handle.stopping = True

    def compute(self, run, *keys):
        """Asks for views; returns the number of the worker that got the message, or None."""
        for handle in self.started:
            handle.child.sent.clear()
        self.views.compute(ComputeViews(run, Version(0, 0, 0), {}, None, keys or (BOUNDARY,)))
        return next((number for number, handle in enumerate(self.started) if handle.child.sent), None)

    def pass_seconds(self, seconds, runs, busy):
        """Every second, each run is drawn, and each worker reports how busy it is."""
        for _ in range(int(seconds)):
            self.now += 1
            for run in runs:
                self.compute(run)
            for handle in self.views.workers:
                handle.on_heartbeat(Heartbeat(busy))
            self.views.adjust()


def test_a_run_stays_with_its_worker_as_long_as_it_is_drawn():
    simulation = Simulation()
    runs = [f"run {number}" for number in range(8)]
    simulation.pass_seconds(30, runs, 0.99)
    first = {run: simulation.compute(run) for run in runs}
    assert {run: simulation.compute(run) for run in runs} == first
    assert len(simulation.views.workers) == len(set(first.values())) == 3


def test_there_are_as_many_workers_as_the_load_needs():
    simulation = Simulation()
    runs = [f"run {number}" for number in range(8)]
    simulation.pass_seconds(30, runs, 0.6)
    assert len(simulation.views.workers) == 1
    simulation.pass_seconds(2 * CHANGE_SECONDS, runs, 0.95)
    assert len(simulation.views.workers) >= 2
    simulation.pass_seconds(60, runs, 0.1)
    assert len(simulation.views.workers) == 1
    assert all(handle.stopping for handle in simulation.started[1:])
    assert {simulation.compute(run) for run in runs} == {0}


def test_one_run_alone_needs_no_second_worker():
    simulation = Simulation()
    simulation.pass_seconds(60, ["run"], 1.0)
    assert len(simulation.views.workers) == 1


def test_runs_that_are_not_drawn_any_more_are_not_counted():
    simulation = Simulation()
    simulation.pass_seconds(5, [f"old {number}" for number in range(9)], 1.0)
    simulation.pass_seconds(RECENT_SECONDS + 3 * CHANGE_SECONDS, ["run"], 1.0)
    assert len(simulation.views.workers) == 1


def test_views_are_cancelled_where_they_are_computed():
    simulation = Simulation()
    runs = [f"run {number}" for number in range(4)]
    simulation.pass_seconds(20, runs, 1.0)
    number = simulation.compute("run 0")
    simulation.views.compute(CancelViews("run 0", frozenset({BOUNDARY})))
    assert isinstance(simulation.started[number].child.sent[-1], CancelViews)


def test_a_view_that_makes_its_process_hang_twice_is_refused_and_the_others_are_not(run_async):
    simulation = Simulation()

    async def use():
        for _ in range(MAX_LOSSES):
            assert simulation.compute("run", NETWORK) == 0
            simulation.views.on_lost(view_task("network", "run"))
        assert simulation.compute("run", NETWORK) is None
        await asyncio.sleep(0)
        assert [(result.run, result.key) for result in simulation.refused] == [("run", NETWORK)]
        assert simulation.refused[0].problem["code"] == "view_worker_lost"
        assert simulation.compute("run", BOUNDARY, NETWORK) == 0
        assert simulation.started[0].child.sent[0].keys == (BOUNDARY,)
        assert simulation.compute("other", NETWORK) == 0
        with pytest.raises(Unavailable, match="2 times"):
            await simulation.views.ask(query_of_view)
        simulation.now += REFUSED_SECONDS
        assert simulation.compute("run", NETWORK) == 0

    run_async(use())


def query_of_view(number):
    return Query(number, "view", {}, None, {"view": "network", "run": "run"}, run="run")


def test_a_query_is_asked_again_after_its_process_ended_unless_it_was_the_cause_twice(run_async):
    simulation = Simulation()

    async def losses(task):
        """Returns how often a query is sent if its process ends each time, because of `task`."""
        asked = asyncio.ensure_future(
            simulation.views.ask(lambda number: Query(number, "weights", {}, None, {}, run="run"))
        )
        sent = 0
        while not asked.done():
            await asyncio.sleep(0)
            for number in list(simulation.started[0].requests):
                sent += 1
                simulation.views.on_lost(task)
                simulation.started[0].fail(number, WorkerLost(task))
                await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await asked
        return sent

    assert run_async(losses(None)) > MAX_LOSSES
    assert run_async(losses("query weights run")) == MAX_LOSSES


def test_tasks_are_named_by_their_run_or_as_their_own():
    assert query_task(query_of_view(1)) == view_task("network", "run")
    assert query_task(Query(1, "weights", {}, None, {}, run="run")) == "query weights run"
    assert query_task(Query(7, "points", {}, None, {})) == "query points 7"
    lost = LostTasks(lambda: 0.0)
    lost.add(None)
    assert lost.problem("None") is None
