"""The budget of the server: which attempts and checkpoints are deleted when those of all runs exceed it.

129 checkpoints of the small run take about 300 kB, and 1 MiB is the smallest budget.
"""

import pytest

FLAGS = ("--server-budget", "1MiB")


def recorded_run(server, *counts, **config):
    """Returns a run with an attempt of so many steps for each count."""
    run = server.run(start=False, **config)
    for attempt, count in enumerate(counts):
        if attempt:
            server.do(run, "reset")
        server.do(run, "step", {"count": count})
    return run


def attempts(server, run):
    return [each["attempt"] for each in server.call("GET", f"/api/runs/{run}/attempts")["attempts"]]


def steps(server, run):
    return server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]


def bookmarks(server, run):
    return server.call("GET", f"/api/runs/{run}/bookmarks")["bookmarks"]


def stored_bytes(server):
    """The bytes of the checkpoints that the attempts of all runs have."""
    runs = [run["id"] for run in server.call("GET", "/api/runs")["runs"]]
    listed = [server.call("GET", f"/api/runs/{run}/attempts")["attempts"] for run in runs]
    return sum(attempt["bytes"] for each in listed for attempt in each)


def known_bytes(server):
    """The bytes that the server says all checkpoints take."""
    return server.call("GET", "/healthz")["checkpoints"]["bytes"]


@pytest.fixture
def restarted(start_server, tmp_path):
    """Starts a server on the same folder, after the one before has ended."""
    servers = []

    def start():
        if servers:
            servers.pop().stop()
        servers.append(start_server(tmp_path, *FLAGS))
        return servers[0]

    return start


def test_the_budgets_and_the_bytes_of_all_checkpoints_are_shown(start_server, tmp_path):
    server = start_server(tmp_path, "--server-budget", "3GiB", PERCEPTARIUM_RUN_BUDGET="5MiB")
    assert server.call("GET", "/healthz")["checkpoints"] == {
        "bytes": 0, "beginning_bytes": 0, "budget": 3 * 1024**3, "run_budget": 5 * 1024**2,
        "experiment_budget": 512 * 1024**2,
    }  # fmt: skip
    run = recorded_run(server, 20)
    assert known_bytes(server) == stored_bytes(server) > 0
    assert server.call("GET", f"/api/runs/{run}/checkpoints")["budget"] == 5 * 1024**2


def test_earlier_attempts_of_runs_without_a_name_go_first_also_of_runs_that_are_only_stored(restarted):
    server = restarted()
    named = recorded_run(server, 64, 64, name="kept")
    older, newer = recorded_run(server, 128, 60), recorded_run(server, 60, 60)
    for name, attempt in (("early", 0), ("late", 1)):
        body = {"step": 60, "attempt": attempt}
        server.call("PUT", f"/api/runs/{older}/bookmarks/{name}", body)
    server = restarted()
    before = steps(server, named)
    last = recorded_run(server, 110)  # together 260 kB above what remains: one attempt is enough
    server.until(lambda: attempts(server, older) == [1])
    (event,) = server.call("GET", f"/api/runs/{older}/events")["events"]
    deleted = {"type": "attempts_deleted", "attempts": [0], "bookmarks": ["early"]}
    assert event["event"] == deleted | {"budget": 1024**2, "scope": "server"}
    assert [mark["name"] for mark in bookmarks(server, older)] == ["best", "late"]
    assert attempts(server, named) == attempts(server, newer) == [0, 1]
    assert (steps(server, named), steps(server, last)) == (before, list(range(111)))
    assert known_bytes(server) == stored_bytes(server) < 1024**2


def test_then_the_least_needed_checkpoints_of_runs_without_a_name_go(restarted):
    server = restarted()
    named, stored = recorded_run(server, 128, name="kept"), recorded_run(server, 64)
    server.call("PATCH", f"/api/runs/{stored}", {"l2": 0.01})
    server.do(stored, "step", {"count": 63})
    weights = server.call("GET", f"/api/runs/{stored}/weights?step=100")["layers"]
    server = restarted()
    new = [recorded_run(server, 128) for _ in range(3)]
    server.until(lambda: len(steps(server, stored)) < 128)
    server.until(lambda: known_bytes(server) == stored_bytes(server) < 1024**2)
    assert steps(server, named) == list(range(129))
    assert {0, 64, 127} <= set(steps(server, stored))
    assert all({0, 128} <= set(steps(server, run)) for run in new)
    assert server.call("GET", f"/api/runs/{stored}/weights?step=100")["layers"] == weights


def test_the_bytes_are_right_after_runs_are_reset_deleted_and_replaced(restarted):
    server = restarted()
    runs = [recorded_run(server, 20, 30), recorded_run(server, 10)]
    known = known_bytes(server)
    assert known == stored_bytes(server)
    server.client.delete(f"/api/runs/{runs[0]}")
    assert known_bytes(server) == stored_bytes(server) < known
    server.run(start=False, replaces=runs[1])
    server.until(lambda: known_bytes(server) == stored_bytes(server))
    assert known_bytes(restarted()) == known_bytes(server := restarted()) == stored_bytes(server)


def test_a_bookmarked_step_keeps_the_checkpoint_from_which_it_is_computed(restarted):
    server = restarted()
    marked = recorded_run(server, 200)
    server.call("PUT", f"/api/runs/{marked}/bookmarks/here", {"step": 133})
    server = restarted()
    others = [recorded_run(server, 128) for _ in range(8)]
    server.until(lambda: known_bytes(server) == stored_bytes(server) < 1024**2)
    kept = steps(server, marked)
    assert 132 in kept and len(kept) < 80
    assert all(0 in steps(server, run) for run in others)


def test_a_named_run_loses_checkpoints_if_no_other_run_has_any(restarted):
    server = restarted()
    runs = [recorded_run(server, 128, name=f"run {number}") for number in range(4)]
    server.until(lambda: known_bytes(server) == stored_bytes(server) < 1024**2)
    assert all({0, 128} <= set(steps(server, run)) for run in runs)


def test_the_beginning_of_a_fork_counts_in_the_budgets_of_its_run_and_of_the_server(start_server, tmp_path):
    server = start_server(tmp_path, "--server-budget", "1MiB", "--run-budget", "1MiB")
    config = {"layers": [{"units": 120}, {"units": 120}], "optimizer": {"name": "sgd"}}
    parent = recorded_run(server, 3, **config)
    fork = server.call("POST", f"/api/runs/{parent}/fork", {"start": False})["id"]
    checkpoints = server.call("GET", f"/api/runs/{fork}/checkpoints")
    size = checkpoints["beginning_bytes"]
    assert size == checkpoints["bytes"] > 50_000  # of one checkpoint with the same state
    assert server.call("GET", f"/api/runs/{parent}/checkpoints")["beginning_bytes"] == 0
    assert server.call("GET", "/healthz")["checkpoints"]["beginning_bytes"] == size
    server.until(lambda: known_bytes(server) == stored_bytes(server) + size)
    server.client.delete(f"/api/runs/{parent}")
    server.do(fork, "step", {"count": 2 * 1024**2 // size})
    kept = server.call("GET", f"/api/runs/{fork}/checkpoints")
    assert 1024**2 - 2 * size < kept["bytes"] + size <= 1024**2
    server.stop()
    server = start_server(tmp_path)
    assert known_bytes(server) == stored_bytes(server) + size
    server.client.delete(f"/api/runs/{fork}")
    assert known_bytes(server) == stored_bytes(server) == 0
    assert server.call("GET", "/healthz")["checkpoints"]["beginning_bytes"] == 0
