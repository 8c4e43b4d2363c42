"""The stream of an experiment: every change of a member, in order, also after a reconnection."""

import base64
import json

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from faults import compact_messages
from tests.app.conftest import SMALL, TIMEOUT, Server


@pytest.fixture
def experiment(server):
    """An experiment of two members that do not train."""
    body = {"config": SMALL | {"steps": 40}, "vary": {"seed": {"count": 2}}, "start": False}
    created = server.call("POST", "/api/experiments", body)
    yield created
    server.client.delete("/api" + created["url"])


@pytest.fixture
def stream(server):
    """Opens the stream of an experiment."""

    def work(experiment, query=""):
        address = server.url.replace("http", "ws") + "/api" + experiment["url"] + "/stream" + query
        return connect(address, open_timeout=TIMEOUT)

    return work


def refusal(socket):
    """The error frame, and the code with which the connection is closed."""
    error = json.loads(socket.recv(TIMEOUT))["error"]
    with pytest.raises(ConnectionClosed) as closed:
        socket.recv(TIMEOUT)
    return error, closed.value.rcvd.code


def test_every_change_of_a_member_is_a_frame_in_order_also_across_reconnections(server, experiment, stream):
    runs = [member["run"] for member in server.call("GET", "/api" + experiment["url"])["members"]]
    with stream(experiment) as socket:
        beginning = Server.frames(socket, lambda frame: frame["seq"] == 2)
    assert [(frame["run"], frame["status"]) for frame in beginning] == [(run, "paused") for run in runs]
    with stream(experiment, "?after=2") as socket:
        server.call("POST", f"/api{experiment['url']}/start")
        ended = set()

        def is_last(frame):
            ended.update([frame["run"]] if frame["status"] == "finished" else [])
            return ended == set(runs)

        frames = Server.frames(socket, is_last)
    assert [frame["seq"] for frame in frames] == list(range(3, 3 + len(frames)))
    assert {(frame["experiment"], frame["kind"]) for frame in frames} == {(experiment["id"], "member")}
    for number, run in enumerate(runs):
        mine = [frame for frame in frames if frame["run"] == run]
        assert {frame["member"] for frame in mine} == {number}
        steps = [frame["step"] for frame in mine]
        assert steps == sorted(steps) and steps[-1] == 40
        assert (mine[-1]["status"], mine[-1]["latest"]) == ("finished", server.read(run)["latest"])
    read = server.call("GET", "/api" + experiment["url"])
    assert read["seq"] == frames[-1]["seq"]
    with stream(experiment, f"?after={frames[0]['seq']}") as socket:
        assert Server.frames(socket, lambda frame: frame["seq"] == read["seq"]) == frames[1:]


def test_an_unknown_position_is_answered_with_a_reset(server, experiment, stream):
    with stream(experiment, "?after=123456") as socket:
        frame = json.loads(socket.recv(TIMEOUT))
        assert (frame["kind"], frame["seq"]) == (
            "reset",
            server.call("GET", "/api" + experiment["url"])["seq"],
        )
        run = server.call("GET", "/api" + experiment["url"])["members"][0]["run"]
        server.do(run, "step", {"count": 1})
        stepped = Server.frames(socket, lambda frame: frame["step"] == 1)
        assert stepped[0]["seq"] == frame["seq"] + 1 and stepped[-1]["run"] == run


def test_a_deleted_member_is_reported_and_a_deleted_experiment_ends_the_stream(server, experiment, stream):
    run = server.call("GET", "/api" + experiment["url"])["members"][1]["run"]
    with stream(experiment) as socket:
        server.call("DELETE", f"/api/runs/{run}")
        assert Server.frames(socket, lambda frame: frame["status"] == "deleted")[-1]["run"] == run
        server.call("DELETE", "/api" + experiment["url"])
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(TIMEOUT)
        assert closed.value.rcvd.code == 4404


def test_unknown_experiments_options_and_messages_are_refused(experiment, stream):
    with stream({"url": "/experiments/none"}) as socket:
        error, code = refusal(socket)
        assert (error["code"], code) == ("no_such_experiment", 4404)
    for query, field in (("?after=x", "after"), ("?views=network", "views")):
        with stream(experiment, query) as socket:
            error, code = refusal(socket)
            assert (error["field"], code) == (field, 1008)
    fields = ["subscribe", "fps", "members"]
    for text, limit in (
        ("{}", fields), ('{"at": {"step": 1}}', [*fields, "received"]),
        (json.dumps(GRID | {"members": 3}), "list"),
    ):  # fmt: skip
        with stream(experiment, "?after=2") as socket:
            socket.send(text)
            error, code = refusal(socket)
            assert (error["limit"], code) == (limit, 1008)


GRID = {"subscribe": [{"view": "boundary_grid", "options": {"resolution": 8}}], "fps": 20}


def picture_of(frame):
    values = frame["values"]
    return np.frombuffer(base64.b64decode(values["bdata"]), f"<{values['dtype']}")


def test_pictures_of_all_members_are_sent_when_they_are_requested_and_again_when_they_change(
    server, experiment, stream
):
    runs = [member["run"] for member in server.call("GET", "/api" + experiment["url"])["members"]]
    with stream(experiment, "?after=2") as socket:
        socket.send(json.dumps(GRID))
        first = {}
        while set(first) != set(runs):
            frame = json.loads(socket.recv(TIMEOUT))
            first[frame["id"]] = frame
        assert {(frame["view"], frame["step"], frame["run"]) for frame in first.values()} == {
            ("boundary_grid", 0, run) for run in runs
        }
        server.do(runs[1], "step", {"count": 3})
        later = Server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
        while later["step"] < 3:
            later = Server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
    assert later["id"] == runs[1]
    view = f"/api/runs/{runs[1]}/views/decision_boundary?resolution=8"
    assert picture_of(later) == pytest.approx(np.ravel(server.call("GET", view)["values"]), rel=1e-6)


def test_only_pictures_of_the_requested_members_are_sent_and_those_requested_again_go_on(
    server, experiment, stream
):
    first, second = [member["run"] for member in server.call("GET", "/api" + experiment["url"])["members"]]
    with stream(experiment, "?after=2") as socket:

        def pictures_until(run, step):
            """The run and step of each picture, up to one of this step."""
            found = []
            while (run, step) not in found:
                frame = json.loads(socket.recv(TIMEOUT))
                found += [(frame["id"], frame["step"])] if frame["kind"] == "view" else []
            return found

        socket.send(json.dumps(GRID | {"members": [first, "none"]}))
        pictures_until(first, 0)
        server.do(second, "step", {"count": 3})
        server.do(first, "step", {"count": 3})
        assert {run for run, _ in pictures_until(first, 3)} == {first}
        socket.send(json.dumps(GRID | {"members": [first, second]}))
        assert pictures_until(second, 3) == [(second, 3)]  # that of the first one is not sent again
        socket.send(json.dumps(GRID | {"members": [second]}))
        server.do(first, "step", {"count": 3})
        server.do(second, "step", {"count": 3})
        assert {run for run, _ in pictures_until(second, 6)} == {second}


def test_a_compact_stream_has_the_same_frames(server, experiment, stream):
    runs = {member["run"] for member in server.call("GET", "/api" + experiment["url"])["members"]}
    with stream(experiment, "?encoding=compact") as socket:
        socket.send(json.dumps(GRID))
        pictures, members = {}, set()
        while set(pictures) != runs or members != runs:
            for frame in compact_messages.frames(socket.recv(TIMEOUT)):
                if frame["kind"] == "view":
                    pictures[frame["id"]] = frame["values"]
                else:
                    members.add(frame["run"])
    assert {picture.shape for picture in pictures.values()} == {(1, 8, 8)}


def test_acknowledgements_that_a_compact_stream_asks_for_count_as_no_requests(server, experiment, stream):
    run = server.call("GET", "/api" + experiment["url"])["members"][0]["run"]
    with stream(experiment, "?encoding=compact&after=2") as socket:
        socket.send(json.dumps(GRID | {"members": [run]}))
        for step in range(25):
            while not any(frame.get("step") == step for frame in compact_messages.frames(received(socket))):
                pass
            server.do(run, "step", {"count": 1})
        socket.send(json.dumps({"subscribe": []}))
        server.do(run, "step", {"count": 1})
        assert received(socket)


def received(socket):
    """The next message, after an acknowledgement if it asks for one."""
    message = socket.recv(TIMEOUT)
    if message[0]:
        socket.send('{"received": true}')
    return message


def test_messages_that_request_no_view_of_the_newest_step_are_refused(experiment, stream):
    two = [{"view": "boundary_grid", "id": "a"}, {"view": "network", "id": "b"}]
    for message, field in (("{", None), ({"subscribe": two}, "subscribe"), ({"at": {"step": 1}}, "at")):
        with stream(experiment, "?after=2") as socket:
            socket.send(message if isinstance(message, str) else json.dumps(message))
            error, code = refusal(socket)
            assert (error["field"], code) == (field, 1008)
    with stream(experiment, "?after=2") as socket:
        for _ in range(20):
            socket.send('{"subscribe": []}')
            socket.send('{"received": true}')  # nothing was sent that asks for it
        error, code = refusal(socket)
        assert (error["code"], code) == ("too_many_messages", 1008)
