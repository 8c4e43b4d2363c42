"""The stream: the frames that a viewer receives, and the end of a stream."""

import json
import socket as sockets

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
