"""The stream: the frames, views and errors that a viewer receives."""

import json
import socket as sockets
import time

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed


def is_ended(frame):
    return frame["kind"] == "status" and frame["status"] not in ("queued", "running", "paused")


def test_a_viewer_gets_every_point_of_a_run_once_and_in_order(server):
    run = server.run(epochs=200, start=False)
    with server.stream(run) as socket:
        server.do(run, "start")
        frames = server.frames(socket, is_ended)
    assert server.steps(frames) == server.call("GET", f"/api/runs/{run}/history")["step"]
    assert [frame["seq"] for frame in frames] == list(range(1, len(frames) + 1))


def test_frames_have_run_and_position(server):
    run = server.run(start=False)
    with server.stream(run) as socket:
        frame = json.loads(socket.recv(60))
    assert list(frame)[:6] == ["run", "seq", "attempt", "step", "epoch", "kind"]
    assert (frame["run"], frame["kind"], frame["status"]) == (run, "status", "paused")
    assert frame["config"]["layers"][0]["units"] == 4


def test_a_late_viewer_receives_everything_from_the_beginning(server):
    run = server.run(epochs=50)
    server.ended(run)
    with server.stream(run) as socket:
        frames = server.frames(socket, is_ended)
    assert server.steps(frames) == server.call("GET", f"/api/runs/{run}/history")["step"]


def test_a_viewer_that_reconnects_gets_every_frame_once(server):
    run = server.run(epochs=2000, start=False, speed=3000)
    frames, after = [], 0
    server.do(run, "start")
    while not frames or not is_ended(frames[-1]):
        with server.stream(run, f"after={after}") as socket:
            frames += server.frames(
                socket, lambda frame, after=after: frame["seq"] == after + 5 or is_ended(frame)
            )
        after = frames[-1]["seq"]
    assert [frame["seq"] for frame in frames] == list(range(1, len(frames) + 1))
    assert server.steps(frames) == server.call("GET", f"/api/runs/{run}/history")["step"]


def test_a_stream_after_the_seq_of_a_history_continues_it(server):
    run = server.run(epochs=600, speed=4000)
    server.trained(run, 50)
    history = server.call("GET", f"/api/runs/{run}/history")
    with server.stream(run, f"after={history['seq']}") as socket:
        later = server.steps(server.frames(socket, is_ended))
    assert history["step"] + later == server.call("GET", f"/api/runs/{run}/history")["step"]


def test_an_unknown_seq_is_answered_with_reset_and_the_current_status(server):
    run = server.run(start=False)
    with server.stream(run, "after=999999") as socket:
        frames = [json.loads(socket.recv(60)) for _ in range(2)]
    assert [frame["kind"] for frame in frames] == ["reset", "status"]


def test_views_of_a_paused_run_are_sent(server, read_typed):
    run = server.run(start=False)
    names = {"decision_boundary", "activation_histograms", "network"}
    with server.stream(run, "views=" + ",".join(names)) as socket:
        missing = set(names)
        frames = server.frames(socket, lambda frame: missing.discard(frame.get("view")) or not missing)
    views = {frame["view"]: frame for frame in frames if frame["kind"] == "view"}
    assert set(views) == names
    assert read_typed(views["decision_boundary"]["values"]).shape == (1, 100, 100)
    assert all(frame["id"] == name for name, frame in views.items())


def test_views_of_a_finished_run_are_sent(server):
    run = server.run(epochs=2)
    step = server.ended(run)["step"]
    with server.stream(run, "views=network") as socket:
        frames = server.frames(socket, lambda frame: frame["kind"] == "view")
    assert frames[-1]["step"] == step


def test_the_last_view_is_of_the_last_step(server):
    run = server.run(start=False)
    with server.stream(run, "views=network") as socket:
        server.do(run, "start")
        server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] > 100)
        step = server.do(run, "pause")["step"]
        last = server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] == step)[-1]
    assert last["layers"] == server.call("GET", f"/api/runs/{run}/views/network?arrays=typed")["layers"]


def test_a_streamed_view_equals_the_answer_of_rest(server, read_typed):
    run = server.run(start=False)
    server.do(run, "step", {"count": 50})
    with server.stream(run, "views=decision_boundary") as socket:
        streamed = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
    answer = server.call("GET", f"/api/runs/{run}/views/decision_boundary")
    assert np.allclose(read_typed(streamed["values"]), answer["values"], atol=1e-7)


def test_a_subscription_replaces_the_previous_one_and_has_its_own_id(server):
    run = server.run(start=False)
    request = {"view": "decision_boundary", "options": {"resolution": 10}, "id": "mine"}
    with server.stream(run, "views=network") as socket:
        server.frames(socket, lambda frame: frame["kind"] == "view")
        socket.send(json.dumps({"subscribe": [request], "fps": 10}))
        frame = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
        assert (frame["view"], frame["id"], frame["values"]["shape"]) == (
            "decision_boundary",
            "mine",
            "1,10,10",
        )
        server.do(run, "step")
        later = server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] == 1)
    assert {frame["view"] for frame in later if frame["kind"] == "view"} == {"decision_boundary"}


def test_viewers_have_separate_frame_rates(server):
    run = server.run()
    with (
        server.stream(run, "views=network&fps=2") as slow,
        server.stream(run, "views=network&fps=30") as fast,
    ):
        server.frames(slow, lambda frame: frame["kind"] == "view")
        began = time.monotonic()
        step = server.read(run)["step"]
        fast_views = []
        while len(fast_views) < 15:
            fast_views += [
                server.frames(fast, lambda frame: frame["kind"] == "view" and frame["step"] > step)[-1]
            ]
        slow_views = []
        last = fast_views[-1]["step"]
        while not slow_views or slow_views[-1]["step"] < last:
            slow_views += [server.frames(slow, lambda frame: frame["kind"] == "view")[-1]]
    assert len(slow_views) <= 2 * (time.monotonic() - began) + 3


def test_a_change_is_sent_with_the_step_at_which_it_took_effect(server):
    run = server.run(start=False)
    server.do(run, "step", {"count": 3})
    with server.stream(run) as socket:
        server.call("PATCH", f"/api/runs/{run}", {"l2": 0.5})
        frames = server.frames(
            socket, lambda frame: frame["kind"] == "status" and frame["config"]["l2"] == 0.5
        )
    event = next(frame for frame in frames if frame["kind"] == "event")
    assert event["step"] == 3
    assert event["event"] == {"type": "change", "changes": {"l2": 0.5}}


def test_the_event_of_a_change_has_the_seq_of_the_answer_and_the_resolved_configuration(server):
    run = server.run(start=False)
    with server.stream(run) as socket:
        answer = server.call("PATCH", f"/api/runs/{run}", {"l2": 0.5})
        event = server.frames(socket, lambda frame: frame["kind"] == "event")[-1]
    assert event["seq"] == answer["seq"]
    assert event["config"] == answer["config"]
    assert event["config"]["l2"] == 0.5


def test_progress_is_sent_while_nothing_is_measured(server):
    run = server.run(start=False, speed=20)
    server.do(run, "step", {"count": 2049})
    with server.stream(run) as socket:
        server.do(run, "start")
        frames = server.frames(socket, lambda frame: frame["step"] >= 2060)
    assert any(frame["kind"] == "progress" and not frame["points"]["step"] for frame in frames)


def test_an_invalid_message_is_answered_with_an_error_and_the_stream_continues(server):
    run = server.run(start=False)
    invalid = {
        "nonsense": None,
        "[]": None,
        '{"subscribe":7}': "subscribe",
        '{"fps":0}': "fps",
        '{"fps":"30"}': "fps",
        '{"subscribe":["nope"]}': "subscribe.0",
        '{"subscribe":[{"view":"nope"}]}': "subscribe.0.view",
        '{"subscribe":[{"view":"network","option":{}}]}': "subscribe.0.option",
        '{"sub":[]}': "sub",
        '{"subscribe":["network","network"]}': "subscribe.1.id",
        '{"subscribe":[{"view":"network","options":{"resolution":"a"}}]}': "subscribe.0.options.resolution",
        '{"subscribe":[{"view":"network","options":{"nope":1}}]}': "subscribe.0.options.nope",
    }
    with server.stream(run) as socket:
        for text, field in invalid.items():
            socket.send(text)
            error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
            assert error["field"] == field, text
        socket.send(b"\x00\x01")
        server.frames(socket, lambda frame: frame["kind"] == "error")
        socket.send('{"subscribe":["network"]}')
        server.frames(socket, lambda frame: frame["kind"] == "view")


def test_an_option_that_does_not_fit_the_network_is_reported_once(server):
    run = server.run()
    request = {"view": "decision_boundary", "options": {"layer": 0, "unit": 99}}
    with server.stream(run) as socket:
        socket.send(json.dumps({"subscribe": [request, "network"]}))
        server.frames(socket, lambda frame: frame["kind"] == "error")
        views = []
        later = server.frames(
            socket, lambda frame: views.append(frame.get("view")) or views.count("network") == 5
        )
    assert all(frame["kind"] != "error" for frame in later)


def test_an_option_that_does_not_fit_is_named_by_its_index_in_the_subscription(server):
    run = server.run(start=False)
    request = {"view": "decision_boundary", "options": {"layer": 0, "unit": 99}}
    with server.stream(run) as first, server.stream(run) as second:
        for socket, subscribe, field in (
            (first, [request], "subscribe.0.options.unit"),
            (second, ["network", request], "subscribe.1.options.unit"),
        ):
            socket.send(json.dumps({"subscribe": subscribe}))
            error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
            assert (error["field"], error["given"]) == (field, 99)


def test_a_view_that_failed_is_sent_once_it_can_be_computed(server):
    run = server.run(start=False)
    request = {"view": "loss_landscape", "options": {"kind": "path", "resolution": 11}}
    with server.stream(run) as socket:
        socket.send(json.dumps({"subscribe": [request]}))
        error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
        assert error["field"] == "subscribe.0.options.kind"
        for _ in range(4):
            server.do(run, "step", {"count": 3})
        later = server.frames(socket, lambda frame: frame["kind"] == "view" and "progress" not in frame)
    assert later[-1]["landscape"] == "path" and later[-1]["step"] > 0
    assert all(frame["kind"] != "error" for frame in later)


def test_a_view_that_does_not_apply_is_named_by_its_index_in_the_subscription(server):
    run = server.run(start=False)
    with server.stream(run) as socket:
        socket.send(json.dumps({"subscribe": ["network", "reconstruction"]}))
        error = server.frames(socket, lambda frame: frame["kind"] == "error")[-1]["error"]
    assert (error["field"], error["given"]) == ("subscribe.1.view", "reconstruction")


@pytest.mark.parametrize(
    ("query", "field"),
    [("after=x", "after"), ("after=-1", "after"), ("fps=no", "fps"), ("views=nope", "views"), ("x=1", "x")],
)
def test_an_invalid_option_in_the_url_closes_the_stream_with_the_reason(server, query, field):
    run = server.run(start=False)
    with server.stream(run, query) as socket:
        assert json.loads(socket.recv(60))["error"]["field"] == field
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(60)
    assert closed.value.rcvd.code == 1008


def test_the_stream_of_an_unknown_run_closes_with_4404(server):
    with server.stream("nope") as socket:
        assert json.loads(socket.recv(60))["error"]["code"] == "no_such_run"
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(60)
    assert closed.value.rcvd.code == 4404


def test_the_stream_of_a_deleted_run_closes_with_4404(server):
    run = server.run()
    with server.stream(run, "views=network") as socket, pytest.raises(ConnectionClosed) as closed:
        server.call("DELETE", f"/api/runs/{run}")
        server.frames(socket, lambda frame: False)
    assert closed.value.rcvd.code == 4404


def test_a_viewer_that_does_not_read_does_not_delay_another(server):
    run = server.run()
    quiet = sockets.socket()
    quiet.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    host, port = server.url.removeprefix("http://").split(":")
    quiet.connect((host, int(port)))
    views = "views=decision_boundary"
    with (
        server.stream(run, views, sock=quiet, close_timeout=0.1, ping_interval=None),
        server.stream(run, views) as reading,
    ):
        kinds = []
        server.frames(reading, lambda frame: kinds.append(frame["kind"]) or kinds.count("view") == 60)


PARADIGMS = {
    "supervised": ("binary", {}),
    "autoencoder": (
        "reconstruction",
        {"paradigm": "autoencoder", "dataset": {"name": "wine"}, "layers": [{"units": 3}]},
    ),
    "policy_gradient": (
        "control",
        {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "layers": [{"units": 4}]},
    ),
}


def test_every_view_applies_to_a_task_whose_views_are_streamed(server):
    catalogue = server.call("GET", "/api/catalogue")
    assert {paradigm["name"] for paradigm in catalogue["paradigms"]} == set(PARADIGMS)
    tasks = {task for task, _ in PARADIGMS.values()}
    assert all(tasks & set(view["applies_to"]) for view in catalogue["views"])


@pytest.mark.parametrize("paradigm", PARADIGMS)
def test_every_streamed_view_equals_the_answer_of_rest(server, paradigm):
    task, config = PARADIGMS[paradigm]
    run = server.call("POST", "/api/runs", (config or server.small) | {"start": False})["id"]
    views = server.call("GET", "/api/catalogue")["views"]
    names = [view["name"] for view in views if task in view["applies_to"]]
    for _ in range(20):
        server.do(run, "step", {"count": 3})
    with server.stream(run, "views=" + ",".join(names)) as socket:
        missing = set(names)
        frames = server.frames(
            socket,
            lambda frame: ("progress" not in frame and missing.discard(frame.get("view"))) or not missing,
        )
    streamed = {frame["view"]: frame for frame in frames if frame["kind"] == "view"}
    for name in names:
        answer = server.call("GET", f"/api/runs/{run}/views/{name}?arrays=typed")
        same = set(answer) - {"run", "seq", "kind", "id"}
        assert {key: streamed[name][key] for key in same} == {key: answer[key] for key in same}, name


def test_views_of_the_trajectory_get_the_recorded_history(server):
    run = server.run(start=False)
    for _ in range(4):
        server.do(run, "step", {"count": 3})
    landscape = server.call("GET", f"/api/runs/{run}/views/loss_landscape?kind=path&resolution=11")
    assert len(landscape["walked"]["x"]) >= 4
    earlier = server.call("GET", f"/api/runs/{run}/views/loss_landscape?kind=path&resolution=11&step=6")
    assert len(earlier["walked"]["x"]) == 3
    trace = server.call("GET", f"/api/runs/{run}/views/sample_trace")
    assert trace["update"]["optimizer"] == "adam"
    with server.stream(run, "views=sample_trace") as socket:
        streamed = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
    assert streamed["update"] == trace["update"]
