"""While nothing can be stored, runs pause with the reason, reading goes on, changes are refused."""

from types import SimpleNamespace

import pytest

from app.errors import Unavailable
from app.run_states import NOT_STORED, reason
from app.runs import store_pause
from app.runs.background_tasks import BackgroundTasks
from app.runs.command_queue import CommandQueue
from app.runs.store_pause import StorePause
from app.storage.store_problem import SENTENCES, problem


def test_runs_pause_while_nothing_can_be_stored_and_go_on_without_a_restart(start_server, tmp_path):
    server = start_server(tmp_path)
    stays, run, waiting = server.run(speed=500), server.run(speed=500), server.run(start=False)
    server.do(waiting, "step", {"count": 5})
    server.trained(run, 100)
    with server.stream(run) as socket:
        (tmp_path / "runs.sqlite3").rename(tmp_path / "moved")
        frames = server.frames(socket, lambda frame: frame["kind"] == "status" and frame["reason"])
    assert (frames[-1]["status"], frames[-1]["reason_code"]) == ("paused", "store_missing")
    answer = server.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["store"] == "the file of the store was renamed or deleted"
    step = frames[-1]["step"]
    for path in ("", "/history", f"/weights?step={step // 2}", "/events", "/checkpoints", "/views/network"):
        assert server.client.get(f"/api/runs/{run}{path}").is_success, path
    assert [entry["id"] for entry in server.call("GET", "/api/runs")["runs"]] == [waiting, run, stays]
    assert server.call("GET", "/api/runs?status=running")["runs"] == []
    for method, path, body in (
        ("POST", "/api/runs", server.small),
        ("POST", f"/api/runs/{waiting}/start", None),
        ("PATCH", f"/api/runs/{run}", {"l2": 0.1}),
        ("PUT", f"/api/runs/{run}/bookmarks/a", {"step": 5}),
        ("DELETE", f"/api/runs/{waiting}", None),
    ):
        status, error = server.refused(method, path, body)
        assert (status, error["code"]) == (503, "store_missing"), path
    server.until(lambda: server.read(stays)["reason_code"] == "store_missing")
    paused = server.do(stays, "pause")
    assert (paused["status"], paused["reason_code"]) == ("paused", None)
    (tmp_path / "moved").rename(tmp_path / "runs.sqlite3")
    server.trained(run, step + 50)
    assert server.read(run)["reason_code"] is None
    kept = server.read(stays)
    assert (kept["status"], kept["step"]) == ("paused", paused["step"])
    history = server.call("GET", f"/api/runs/{run}/history")["step"]
    assert history == sorted(set(history))


class Scheduler(BackgroundTasks):
    """Records what is done with a run; `error` is raised when it is started."""

    def __init__(self, error=None):
        super().__init__()
        self.error, self.done = error, []
        self.background = self.begin

    async def start(self, run):
        self.done.append("started")
        if self.error is not None:
            raise self.error
        run.status, run.reason_code = "running", None

    def dequeue(self, run):
        self.done.append("dequeued")

    def publish(self, run):
        self.done.append(run.status_reason.code)
        run.reason_code = run.status_reason.code


def watch(run, problems, scheduler, run_async, monkeypatch):
    """Looks at the store once for each of these problems, and returns what was done with the run."""
    monkeypatch.setattr(store_pause, "INTERVAL", 0.0)

    class Looked(Exception):
        """Ends the test."""

    left = list(problems)

    def in_memory():
        if not left:
            raise Looked
        store.problem = left.pop(0)
        return {run.id: run}

    store = SimpleNamespace(problem=None)
    run_cache = SimpleNamespace(store=store, in_memory=in_memory)

    async def look():
        with pytest.raises(Looked):
            await StorePause(run_cache, scheduler).watch()

    run_async(look())
    return scheduler.done


def a_run(**values):
    return SimpleNamespace(
        **{"id": "run", "status": "paused", "reason_code": None, "deleted": False, "queue": CommandQueue()}
        | values
    )


FULL = problem("disk_full")


def test_a_run_that_waited_for_a_worker_waits_again_once_everything_can_be_stored(run_async, monkeypatch):
    run = a_run(status="queued")
    done = watch(run, [FULL] * 20 + [None] * 20, Scheduler(), run_async, monkeypatch)
    assert done == ["dequeued", "disk_full", "started"]


@pytest.mark.parametrize("code", [None, "unwatched", "diagnosed", "not_loaded"])
def test_a_run_that_was_paused_for_another_reason_is_not_started(code, run_async, monkeypatch):
    assert watch(a_run(reason_code=code), [FULL, None, None], Scheduler(), run_async, monkeypatch) == []


def test_a_run_that_cannot_go_on_is_paused_with_that_reason_and_not_started_again(run_async, monkeypatch):
    scheduler = Scheduler(Unavailable("not_read", "The store cannot be read."))
    run = a_run(reason_code="disk_full")
    done = watch(run, [None] * 20, scheduler, run_async, monkeypatch)
    assert done == ["started", "not_loaded"]
    assert run.status_reason == reason("not_loaded", message="The store cannot be read.")


def test_every_problem_of_the_store_is_a_reason_after_which_a_run_goes_on():
    assert set(SENTENCES) == NOT_STORED
