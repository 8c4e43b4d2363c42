"""The budget of an experiment: what its members lose when their checkpoints exceed it.

129 checkpoints of the small run take about 300 kB, and 1 MiB is the smallest budget.
"""

import pytest

from tests.app.conftest import SMALL

BUDGET = 1024**2
FLAGS = ("--experiment-budget", "1MiB")


def create(server, count):
    """Returns the address of an experiment, and its members, which have not trained."""
    body = {"config": SMALL, "vary": {"seed": {"count": count}}, "start": False}
    address = "/api" + server.call("POST", "/api/experiments", body)["url"]
    return address, [member["run"] for member in server.call("GET", address)["members"]]


def step(server, run, count):
    server.do(run, "step", {"count": count})


def attempts(server, run):
    return server.call("GET", f"/api/runs/{run}/attempts")["attempts"]


def steps(server, run):
    return server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]


def stored_bytes(server, runs):
    return sum(attempt["bytes"] for run in runs for attempt in attempts(server, run))


def known(server, experiment):
    return server.call("GET", experiment)["checkpoints"]


def known_by_server(server):
    return server.call("GET", "/healthz")["checkpoints"]["bytes"]


@pytest.fixture
def small_budget(start_server, tmp_path):
    return start_server(tmp_path, *FLAGS)


def test_members_lose_attempts_then_the_least_needed_checkpoints_and_other_runs_nothing(small_budget):
    server = small_budget
    other = server.run(start=False, **SMALL)
    step(server, other, 128)
    experiment, runs = create(server, 4)
    step(server, runs[0], 100)
    server.do(runs[0], "reset")
    for run in runs[:3]:
        step(server, run, 128)
    assert known(server, experiment) == {"bytes": stored_bytes(server, runs), "budget": BUDGET}
    step(server, runs[3], 128)
    server.until(lambda: len(attempts(server, runs[0])) == 1)
    (event,) = server.call("GET", f"/api/runs/{runs[0]}/events")["events"]
    deleted = {"type": "attempts_deleted", "attempts": [0], "bookmarks": []}
    assert event["event"] == deleted | {"budget": BUDGET, "scope": "experiment"}
    server.until(lambda: known(server, experiment)["bytes"] == stored_bytes(server, runs) < BUDGET)
    assert all({0, 128} <= set(steps(server, run)) for run in runs)
    assert sum(len(steps(server, run)) for run in runs) < 4 * 129
    assert steps(server, other) == list(range(129))
    assert known_by_server(server) == stored_bytes(server, [*runs, other])


def test_what_members_take_is_known_after_a_restart_and_deletions_and_kept_runs_are_free(
    small_budget, start_server, tmp_path
):
    server = small_budget
    experiment, runs = create(server, 5)
    for run in runs[:2]:
        step(server, run, 30)
    server.stop()
    server = start_server(tmp_path, *FLAGS)
    assert known(server, experiment)["bytes"] == stored_bytes(server, runs) > 0
    server.call("DELETE", f"/api/runs/{runs[0]}")
    assert known(server, experiment)["bytes"] == stored_bytes(server, runs[1:]) > 0
    server.call("DELETE", f"{experiment}?keep=true")
    for run in runs[1:]:
        step(server, run, 128)
    assert stored_bytes(server, runs[1:]) == known_by_server(server) > BUDGET
