"""Views in the stream: subscriptions, frame rates, and equality with the answers of REST."""

import json
import time

import numpy as np
import pytest


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
        last = server.frames(socket, lambda frame: frame["kind"] == "view" and frame["step"] > 100)[-1]
        step = server.do(run, "pause")["step"]
        if last["step"] != step:
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
    assert len(earlier["walked"]["x"]) == 7
    trace = server.call("GET", f"/api/runs/{run}/views/sample_trace")
    assert trace["update"]["optimizer"] == "adam"
    with server.stream(run, "views=sample_trace") as socket:
        streamed = server.frames(socket, lambda frame: frame["kind"] == "view")[-1]
    assert streamed["update"] == trace["update"]
