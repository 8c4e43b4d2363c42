"""Views of past steps in the stream: viewers who wait at a step of a run, also while it trains."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

DEFAULT = ("network", "decision_boundary", "activation_histograms")


def go_to(socket, step, attempt=None):
    """Ask for the views of a step."""
    socket.send(json.dumps({"at": {"step": step} | ({} if attempt is None else {"attempt": attempt})}))


def is_view(step=None, attempt=None, view=None):
    """Whether a frame is a complete view, of this step."""

    def check(frame):
        return (
            frame["kind"] == "view"
            and "progress" not in frame
            and (step is None or frame["step"] == step)
            and (attempt is None or frame["attempt"] == attempt)
            and (view is None or frame["view"] == view)
        )

    return check


def layers(server, run, **options):
    """The network view of REST."""
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return server.call("GET", f"/api/runs/{run}/views/network?arrays=typed&{query}")["layers"]


@pytest.fixture
def run(server):
    """A paused run at step 300."""
    run = server.run(start=False)
    server.do(run, "step", {"count": 300})
    return run


def test_all_views_are_those_of_the_step_that_the_viewer_asked_for(server, run):
    with server.stream(run, "views=" + ",".join(DEFAULT)) as socket:
        server.frames(socket, is_view(300))
        go_to(socket, 123)
        missing = set(DEFAULT)
        frames = server.frames(
            socket, lambda frame: is_view(123)(frame) and (missing.discard(frame["view"]) or not missing)
        )
    shown = {frame["view"]: frame for frame in frames if is_view(123)(frame)}
    for name, frame in shown.items():
        answer = server.call("GET", f"/api/runs/{run}/views/{name}?arrays=typed&step=123")
        assert {key: frame[key] for key in answer} == answer
    assert (shown["network"]["attempt"], shown["network"]["epoch"]) == (0, server_epoch(server, run, 123))


def server_epoch(server, run, step):
    history = server.call("GET", f"/api/runs/{run}/checkpoints")
    return history["epochs"][history["steps"].index(step)]


def test_a_step_that_was_not_recorded_is_replayed(server, run):
    assert 299 not in server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]
    with server.stream(run, "views=network&at=299") as socket:
        frame = server.frames(socket, is_view())[-1]
    assert (frame["step"], frame["layers"]) == (299, layers(server, run, step=299))


def test_null_follows_the_newest_weights_again(server, run):
    with server.stream(run, "views=network&at=7") as socket:
        server.frames(socket, is_view(7))
        server.do(run, "step", {"count": 10})
        socket.send('{"at": null}')
        frames = server.frames(socket, is_view())
        assert frames[-1]["step"] == 310
        server.do(run, "step", {"count": 10})
        server.frames(socket, is_view(320))


def test_a_viewer_at_a_step_gets_every_logged_frame_and_no_views_of_newer_weights(server):
    run = server.run()
    server.trained(run, 100)
    with server.stream(run, "views=network&at=50") as socket:
        frames = server.frames(socket, is_view(50))
        frames += server.frames(socket, lambda frame: frame["kind"] == "progress" and frame["step"] > 1000)
        server.do(run, "pause")
        frames += server.frames(socket, lambda frame: frame["kind"] == "event")
    assert {frame["step"] for frame in frames if frame["kind"] == "view"} == {50}
    logged = [frame["seq"] for frame in frames if frame["kind"] in ("progress", "status", "event")]
    assert logged == list(range(logged[0], logged[0] + len(logged)))


def test_viewers_at_different_steps_and_one_that_follows_get_their_own_views(server):
    run = server.run()
    server.trained(run, 100)
    with (
        server.stream(run, "views=network&at=20") as one,
        server.stream(run, "views=network&at=80") as other,
        server.stream(run, "views=network") as following,
    ):
        shown = [server.frames(socket, is_view())[-1] for socket in (one, other)]
        first = server.frames(following, is_view())[-1]
        server.frames(following, lambda frame: is_view()(frame) and frame["step"] > first["step"])
    assert [frame["step"] for frame in shown] == [20, 80]
    assert [frame["layers"] for frame in shown] == [layers(server, run, step=step) for step in (20, 80)]


def test_a_second_viewer_at_the_same_step_gets_the_same_view(server, run):
    with server.stream(run, "views=network&at=77") as one, server.stream(run, "views=network&at=77") as other:
        first, second = (server.frames(socket, is_view(77))[-1] for socket in (one, other))
    assert first == second


def test_a_drag_over_many_steps_ends_with_the_views_of_the_last_one(server, run):
    with server.stream(run, "views=" + ",".join(DEFAULT)) as socket:
        server.frames(socket, is_view(300))
        for step in range(200, 250):
            go_to(socket, step)
        missing = set(DEFAULT)
        frames = server.frames(
            socket, lambda frame: is_view(249)(frame) and (missing.discard(frame["view"]) or not missing)
        )
        steps = [frame["step"] for frame in frames if is_view()(frame)]
        assert steps == sorted(steps, key=lambda step: (step != 300, step))
        go_to(socket, 3)
        assert server.frames(socket, is_view())[-1]["step"] == 3


def test_subscriptions_and_the_step_change_independently(server, run):
    with server.stream(run, "views=network&at=10") as socket:
        server.frames(socket, is_view(10, view="network"))
        socket.send(json.dumps({"subscribe": ["activation_histograms"]}))
        server.frames(socket, is_view(10, view="activation_histograms"))
        socket.send(json.dumps({"subscribe": ["network"], "at": {"step": 11}}))
        frames = server.frames(socket, is_view(11))
    assert frames[-1]["view"] == "network"


@pytest.mark.parametrize(
    ("at", "field", "given", "limit"),
    [
        ({"step": 301}, "at.step", 301, [0, 300]),
        ({"step": -1}, "at.step", -1, [0, 300]),
        ({"step": 1.5}, "at.step", 1.5, "integer"),
        ({"step": True}, "at.step", True, "integer"),
        ({}, "at.step", None, "integer"),
        ({"step": 5, "attempt": 2}, "at.attempt", 2, [0]),
        ({"step": 5, "attempt": -1}, "at.attempt", -1, [0]),
        ({"step": 5, "attempt": "0"}, "at.attempt", "0", "integer"),
        ({"step": 5, "epoch": 1}, "at.epoch", 1, None),
        (5, "at", 5, "object"),
    ],
)
def test_a_bad_step_or_attempt_is_answered_with_its_range_and_changes_nothing(
    server, run, at, field, given, limit
):
    with server.stream(run, "views=network&at=9") as socket:
        server.frames(socket, is_view(9))
        socket.send(json.dumps({"at": at, "subscribe": ["decision_boundary"]}))
        error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
        assert (error["field"], error["given"]) == (field, given)
        assert limit is None or error["limit"] == limit
        server.call("PATCH", f"/api/runs/{run}", {"l2": 0.01})
        socket.send(json.dumps({"fps": 20, "subscribe": ["network", "activation_histograms"]}))
        frames = server.frames(socket, is_view(view="activation_histograms"))
    assert {frame["step"] for frame in frames if frame["kind"] == "view"} == {9}
    assert "decision_boundary" not in {frame.get("view") for frame in frames}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("at=x", "at"),
        ("at=-1", "at"),
        ("at=301", "at"),
        ("at=5&attempt=4", "attempt"),
        ("attempt=0", "attempt"),
    ],
)
def test_a_bad_step_in_the_url_closes_the_stream_with_the_reason(server, run, query, field):
    with server.stream(run, f"views=network&{query}") as socket:
        assert json.loads(socket.recv(60))["error"]["field"] == field
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(60)
    assert closed.value.rcvd.code == 1008


def test_a_reset_leaves_a_viewer_at_its_step_of_the_attempt_before(server, run):
    before = layers(server, run, step=40)
    with server.stream(run, "views=network&at=40") as socket:
        server.frames(socket, is_view(40))
        server.do(run, "reset")
        server.frames(socket, lambda frame: frame["kind"] == "status" and frame["attempt"] == 1)
        go_to(socket, 0)
        assert server.frames(socket, is_view())[-1]["attempt"] == 1
        go_to(socket, 40, attempt=0)
        frame = server.frames(socket, is_view())[-1]
        assert (frame["attempt"], frame["step"], frame["layers"]) == (0, 40, before)
        go_to(socket, 40)
        error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
        assert (error["field"], error["limit"]) == ("at.step", [0, 0])


def test_an_edit_at_the_step_where_a_viewer_waits_is_shown(server, run):
    edit = {"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 7.0}]}
    with server.stream(run, "views=network&at=300") as socket:
        before = server.frames(socket, is_view(300))[-1]
        server.call("PATCH", f"/api/runs/{run}/weights", edit)
        after = server.frames(
            socket, lambda frame: is_view(300)(frame) and frame["layers"] != before["layers"]
        )
    assert after[-1]["layers"] == layers(server, run)


def test_a_viewer_at_a_deleted_attempt_is_told_so(start_server, tmp_path):
    server = start_server(tmp_path, "--run-budget", "1MiB")
    run = server.run(start=False, layers=[{"units": 64}, {"units": 64}])  # about 55 KiB per checkpoint
    server.do(run, "step", {"count": 1})
    server.do(run, "reset")
    with server.stream(run, "views=network&at=0&attempt=0") as socket:
        server.frames(socket, is_view(0, attempt=0))
        server.do(run, "step", {"count": 60})
        frames = server.frames(socket, lambda frame: frame["kind"] == "error")
        error = frames[-1]["error"]
        assert (error["code"], error["field"], error["given"]) == ("no_such_attempt", "at.attempt", 0)
        go_to(socket, 3)
        server.frames(socket, is_view(3, attempt=1))


def test_views_that_use_the_history_get_that_up_to_the_step(server, run):
    request = {"view": "loss_landscape", "options": {"kind": "path", "resolution": 11}}
    with server.stream(run, "at=100") as socket:
        socket.send(json.dumps({"subscribe": [request]}))
        frame = server.frames(socket, is_view(100))[-1]
        answer = server.call(
            "GET", f"/api/runs/{run}/views/loss_landscape?step=100&kind=path&resolution=11&arrays=typed"
        )
    assert frame["walked"] == answer["walked"]


def test_a_slow_replay_sends_its_progress_and_ends_when_the_viewer_leaves_the_step(server):
    # Large batches of a wide network: 31 steps from the recorded step before take longer than 0.3 s.
    slow = {
        "layers": [{"units": 350}, {"units": 350}],
        "dataset": {"name": "circle", "samples": 5000},
        "batch_size": 4000,
    }
    run = server.run(start=False, **slow)
    server.do(run, "step", {"count": 161})
    steps = server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]
    gap, step = max((after - before, after - 1) for before, after in zip(steps, steps[1:], strict=False))
    assert gap > 1
    with server.stream(run, f"views=network&at={step}") as socket:
        frames = server.frames(socket, lambda frame: frame["kind"] == "view")
        assert (frames[-1]["step"], frames[-1]["attempt"], frames[-1]["view"]) == (step, 0, "network")
        assert 0 <= frames[-1]["progress"] < 1 and "layers" not in frames[-1]
        go_to(socket, 0)
        assert (
            server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] != step)[-1]["step"]
            == 0
        )
