"""Drawn data on the page: points are put, moved and erased in the Output panel while the network learns."""

import pytest


@pytest.fixture
def canvas(studio):
    """A studio on the circle with the tools for drawing open; the box of the picture."""
    studio.open(config={"dataset": {"name": "circle", "samples": 40, "test_fraction": 0.5}})
    studio.page.click('[title^="Add, move"]')
    studio.page.wait_for_selector(".draw-bar .draw-tool")
    studio.wait("counters.draws.decision_boundary > 1")
    return studio


def place(studio, across, up):
    box = studio.page.locator(".boundary-points").bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] * up


def drawn(studio, condition):
    """The points at the server, once they are as many as wanted."""
    studio.wait("state.run.config.dataset.content && " + condition)
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/points")


def test_a_stroke_puts_points_of_the_chosen_class_while_the_run_goes_on(canvas):
    canvas.page.click('[data-tool="add"][data-target="1"]')
    canvas.page.click("#train")
    canvas.wait("state.run.status === 'running' && state.run.step > 5")
    run = canvas.run_id
    canvas.page.mouse.move(*place(canvas, 0.2, 0.2))
    canvas.page.mouse.down()
    for step in range(1, 11):
        canvas.page.mouse.move(*place(canvas, 0.2 + 0.05 * step, 0.2))
    canvas.page.mouse.up()
    canvas.wait("state.points.train.inputs.length > 24 && state.run.config.dataset.samples > 44")
    canvas.wait("state.run.step > argument", canvas.state("state.run.step"))
    assert canvas.state("state.run.status") == "running"
    assert canvas.run_id == run
    found = drawn(canvas, "true")["train"]
    assert set(found["targets"][20:]) == {1}
    assert all(row[1] > 2 for row in found["inputs"][20:])


def test_points_are_moved_and_erased_and_that_is_taken_back(canvas):
    before = canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points")
    canvas.page.click('[data-tool="add"][data-target="0"]')
    canvas.page.mouse.click(*place(canvas, 0.95, 0.06))
    assert len(drawn(canvas, "state.run.config.dataset.samples === 41")["train"]["inputs"]) == 21
    canvas.page.click('[data-tool="move"]')
    canvas.page.mouse.move(*place(canvas, 0.95, 0.06))
    canvas.page.mouse.down()
    canvas.page.mouse.move(*place(canvas, 0.92, 0.5))
    content = canvas.state("state.run.config.dataset.content")
    canvas.page.mouse.up()
    canvas.page.click('[data-tool="erase"]')
    canvas.page.mouse.click(*place(canvas, 0.92, 0.5))
    drawn(
        canvas, f"state.run.config.dataset.samples === 40 && state.run.config.dataset.content !== '{content}'"
    )
    for _ in range(3):
        previous = canvas.state("state.run.config.dataset.content")
        canvas.page.click('.draw-bar button:has-text("Undo")')
        canvas.wait("state.run.config.dataset.content !== argument", previous)
    assert canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points") == before


def test_quick_strokes_are_taken_back_one_by_one(canvas):
    held = []

    def hold_the_first(route):
        if route.request.method != "PATCH" or held:
            return route.continue_()
        return held.append(route)

    canvas.page.route("**/api/runs/*/points", hold_the_first)
    for across in (0.9, 0.1):
        canvas.page.mouse.click(*place(canvas, across, 0.06))
    canvas.page.wait_for_function("window.__perceptarium.state.points.train.inputs.length === 22")
    held[0].continue_()
    for samples in (42, 41, 40):
        drawn(canvas, f"state.run.config.dataset.samples === {samples}")
        if samples > 40:
            canvas.page.click('.draw-bar button:has-text("Undo")')


def test_an_empty_plane_waits_for_its_first_point(canvas):
    canvas.page.click("text=Remove all")
    assert "No training points" in canvas.page.inner_text(".draw-note")
    canvas.page.mouse.click(*place(canvas, 0.5, 0.5))
    assert len(drawn(canvas, "state.run.config.dataset.samples === 1")["train"]["inputs"]) == 1


def test_points_can_be_drawn_with_the_keyboard(canvas):
    canvas.page.focus(".boundary-points")
    for key in (*["ArrowRight"] * 4, *["ArrowUp"] * 4, "Enter"):
        canvas.press(key)
    found = drawn(canvas, "state.run.config.dataset.samples === 41")["train"]["inputs"][-1]
    assert 0 < found[0] < 1.5 and 0 < found[1] < 1.5
    assert canvas.state("state.run.step") == 0


def test_a_restart_and_another_window_have_the_drawn_points(canvas, make_studio):
    canvas.page.mouse.click(*place(canvas, 0.9, 0.1))
    points = drawn(canvas, "state.run.config.dataset.samples === 41")
    run = canvas.run_id
    other = make_studio().open(f"/runs/{run}")
    assert other.state("state.points.train.inputs.length") == 21
    canvas.page.mouse.click(*place(canvas, 0.1, 0.1))
    other.wait("state.points.train.inputs.length === 22")
    canvas.wait("state.run.config.dataset.samples === 42")
    other.expected_messages.append("status of 404")  # its run is replaced, perhaps while it asks
    canvas.page.select_option('[data-field="optimizer.name"] select', label="SGD")
    canvas.wait("state.run.id !== argument", run)
    now = canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points")["train"]["inputs"]
    assert now[:21] == points["train"]["inputs"] and len(now) == 22


def test_drawn_points_come_back_when_the_change_that_left_them_is_undone(canvas):
    """The run they were drawn in is gone by then; what was drawn in it must not be."""
    canvas.page.click('[data-tool="add"][data-target="0"]')
    canvas.page.mouse.click(*place(canvas, 0.95, 0.06))
    points, run = drawn(canvas, "state.run.config.dataset.samples === 41"), canvas.run_id
    canvas.page.click(".thumbnail[data-name='moons']")
    canvas.wait("state.run.id !== argument && state.run.config.dataset.name === 'moons'", run)
    canvas.settled()
    assert run not in [each["id"] for each in canvas.server.call("GET", "/api/runs")["runs"]]
    canvas.press("Control+z")
    canvas.wait("state.run.config.dataset.name === 'circle' && state.run.config.dataset.content")
    assert canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points") == points
