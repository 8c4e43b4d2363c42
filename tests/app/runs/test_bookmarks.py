"""Bookmarks: names and notes for steps of a run."""

from urllib.parse import quote

import pytest


@pytest.fixture
def run(server):
    """A run with 45 steps in its first attempt and 10 in the second."""
    run = server.run(start=False)
    server.do(run, "step", {"count": 45})
    server.do(run, "reset")
    server.do(run, "step", {"count": 10})
    return run


def path(run, name):
    return f"/api/runs/{run}/bookmarks/{quote(name)}"


def names(server, run):
    return [mark["name"] for mark in server.call("GET", f"/api/runs/{run}/bookmarks")["bookmarks"]]


def test_a_bookmark_is_put_read_replaced_and_deleted(server, run):
    created = server.client.put(path(run, "Before the drop"), json={"step": 7, "note": "look at unit 2"})
    assert created.status_code == 201
    bookmark = {"name": "Before the drop", "attempt": 1, "step": 7, "note": "look at unit 2"}
    assert created.json() == bookmark | {"automatic": False, "created": created.json()["created"]}
    assert server.call("GET", path(run, "Before the drop")) == created.json()
    replaced = server.client.put(path(run, "Before the drop"), json={"step": 40, "attempt": 0})
    assert (replaced.status_code, replaced.json()["step"], replaced.json()["note"]) == (200, 40, "")
    assert names(server, run)[0] == "Before the drop"
    assert server.client.delete(path(run, "Before the drop")).status_code == 204
    assert names(server, run) == ["best"]


def test_best_is_the_best_measured_point_of_the_current_attempt(server, run):
    attempt = server.call("GET", f"/api/runs/{run}/attempts")["attempts"][1]
    best = server.call("GET", path(run, "best"))
    assert (best["attempt"], best["step"], best["automatic"]) == (1, attempt["best"]["step"], True)
    for method, body in (("PUT", {"step": 3}), ("DELETE", None)):
        status, error = server.refused(method, path(run, "Best"), body)
        assert (status, error["code"], error["limit"]) == (409, "reserved_name", ["best"])


def test_bookmarks_are_kept_across_resets_and_restarts(start_server, tmp_path):
    server = start_server(tmp_path)
    run = server.run(start=False)
    server.do(run, "step", {"count": 10})
    mark = server.call("PUT", path(run, "mine"), {"step": 9, "note": "a note"})
    server.do(run, "reset")
    assert server.call("GET", path(run, "mine")) == mark
    listed = server.call("GET", f"/api/runs/{run}/bookmarks")
    server.stop()
    server = start_server(tmp_path)
    assert server.call("GET", f"/api/runs/{run}/bookmarks") == listed


def test_any_step_from_0_to_the_newest_of_the_attempt_can_have_a_bookmark(server, run):
    for attempt, newest in ((0, 45), (1, 10)):
        for step in (0, newest):
            server.call("PUT", path(run, f"{attempt} {step}"), {"step": step, "attempt": attempt})
        status, error = server.refused("PUT", path(run, "x"), {"step": newest + 1, "attempt": attempt})
        assert (status, error["field"], error["given"]) == (422, "step", newest + 1)
        assert error["limit"] == [0, newest] and f"from 0 to {newest}" in error["message"]


def test_a_step_before_the_beginning_of_a_fork_has_no_bookmark(server, run):
    fork = server.call("POST", f"/api/runs/{run}/fork", {"step": 6, "start": False})["id"]
    server.call("PUT", path(fork, "here"), {"step": 6})
    status, error = server.refused("PUT", path(fork, "x"), {"step": 5})
    assert (status, error["field"], error["limit"]) == (422, "step", [6, 6])


@pytest.mark.parametrize(
    ("body", "status", "field", "limit"),
    [
        ({"step": -1}, 422, "step", 0), ({"step": "7"}, 422, "step", None), ({}, 422, "step", None),
        ({"step": 1, "attempt": 2}, 404, "attempt", [0, 1]),
        ({"step": 1, "note": "x" * 1001}, 422, "note", 1000), ({"step": 1, "note": 5}, 422, "note", None),
        ({"step": 1, "color": "red"}, 422, "color", None),
    ],
)  # fmt: skip
def test_an_impossible_bookmark_is_refused_with_what_is_allowed(server, run, body, status, field, limit):
    answer, error = server.refused("PUT", path(run, "x"), body)
    assert (answer, error["field"]) == (status, field)
    assert limit is None or error["limit"] == limit
    assert names(server, run) == ["best"]


@pytest.mark.parametrize("name", ["x" * 61, " x", "x ", "-x", "a:b", "\n"])
def test_an_invalid_name_is_refused_with_the_rule(server, run, name):
    status, error = server.refused("PUT", path(run, name), {"step": 1})
    assert (status, error["field"], error["given"], error["limit"]) == (422, "name", name, 60)
    assert "1 to 60 letters" in error["message"]


def test_a_bookmark_that_does_not_exist_is_refused_with_those_that_do(server, run):
    server.call("PUT", path(run, "mine"), {"step": 1})
    for method in ("GET", "DELETE"):
        status, error = server.refused(method, path(run, "other"))
        assert (status, error["code"], error["field"]) == (404, "no_such_bookmark", "name")
        assert "mine" in error["limit"]


def test_bookmarks_of_an_attempt_beyond_the_budget_of_the_run_are_deleted_with_it(start_server, tmp_path):
    server = start_server(tmp_path, "--run-budget", "1MiB")
    run = server.run(start=False)
    for attempt in range(4):
        server.do(run, "step", {"count": 128})
        server.call("PUT", path(run, f"mark {attempt}"), {"step": 100})
        server.do(run, "reset")
    (event,) = server.call("GET", f"/api/runs/{run}/events?attempt=3")["events"]
    deleted = {"type": "attempts_deleted", "attempts": [0], "bookmarks": ["mark 0"], "budget": 1024**2}
    assert event["event"] == deleted | {"scope": "run"}
    kept = [f"mark {attempt}" for attempt in (1, 2, 3)]
    assert [name for name in names(server, run) if name != "best"] == kept


def test_the_number_of_bookmarks_of_a_run_is_limited(server, run):
    limits = server.call("GET", "/api/catalogue")["limits"]
    assert (limits["bookmarks"], limits["bookmark_name"], limits["bookmark_note"]) == (1000, 60, 1000)


def test_viewers_are_told_of_every_change_of_the_bookmarks(server, run):
    def is_told(frame):
        return frame["kind"] == "event" and frame["event"] == {"type": "bookmarks"}

    seq = server.read(run)["seq"]
    with server.stream(run, f"after={seq}") as socket:
        server.call("PUT", path(run, "mine"), {"step": 1})
        put = server.frames(socket, is_told)[-1]
        server.call("DELETE", path(run, "mine"))
        deleted = server.frames(socket, is_told)[-1]
    assert (put["attempt"], put["step"], deleted["seq"]) == (1, 10, put["seq"] + 1)


def test_a_bookmark_is_no_event_of_the_log(server, run):
    server.call("PUT", path(run, "mine"), {"step": 1})
    assert server.call("GET", f"/api/runs/{run}/events")["events"] == []
