"""Drawing of data points: they are added, moved and erased in the Output panel during training."""

import pytest


@pytest.fixture
def canvas(studio):
    """A studio with the data set circle and open drawing tools."""
    studio.open(config={"dataset": {"name": "circle", "samples": 40, "test_fraction": 0.5}})
    studio.page.click('[title^="Add, move"]')
    studio.page.wait_for_selector(".draw-bar .draw-tool")
    studio.wait_until("counters.draws.decision_boundary > 1")
    return studio


def position(studio, across, up):
    box = studio.page.locator(".boundary-points").bounding_box()
    return box["x"] + box["width"] * across, box["y"] + box["height"] * up


def points_when(studio, condition):
    """The points of the run on the server, after a condition is true and points were drawn."""
    studio.wait_until("state.run.config.dataset.content && " + condition)
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/points")


def test_a_stroke_adds_points_of_the_selected_class_during_training(canvas):
    canvas.page.click('[data-tool="add"][data-target="1"]')
    canvas.page.click("#train")
    canvas.wait_until("state.run.status === 'running' && state.run.step > 5")
    run = canvas.run_id
    canvas.page.mouse.move(*position(canvas, 0.2, 0.2))
    canvas.page.mouse.down()
    for step in range(1, 11):
        canvas.page.mouse.move(*position(canvas, 0.2 + 0.05 * step, 0.2))
    canvas.page.mouse.up()
    canvas.wait_until("state.points.train.inputs.length > 24 && state.run.config.dataset.samples > 44")
    canvas.wait_until("state.run.step > argument", canvas.state("state.run.step"))
    assert canvas.state("state.run.status") == "running"
    assert canvas.run_id == run
    points = points_when(canvas, "true")["train"]
    assert set(points["targets"][20:]) == {1}
    assert all(row[1] > 2 for row in points["inputs"][20:])


def test_moved_and_erased_points_are_restored_by_undo(canvas):
    before = canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points")
    canvas.page.click('[data-tool="add"][data-target="0"]')
    canvas.page.mouse.click(*position(canvas, 0.95, 0.06))
    assert len(points_when(canvas, "state.run.config.dataset.samples === 41")["train"]["inputs"]) == 21
    canvas.page.click('[data-tool="move"]')
    canvas.page.mouse.move(*position(canvas, 0.95, 0.06))
    canvas.page.mouse.down()
    canvas.page.mouse.move(*position(canvas, 0.92, 0.5))
    content = canvas.state("state.run.config.dataset.content")
    canvas.page.mouse.up()
    canvas.page.click('[data-tool="erase"]')
    canvas.page.mouse.click(*position(canvas, 0.92, 0.5))
    points_when(
        canvas, f"state.run.config.dataset.samples === 40 && state.run.config.dataset.content !== '{content}'"
    )
    for _ in range(3):
        previous = canvas.state("state.run.config.dataset.content")
        canvas.page.click('.draw-bar button:has-text("Undo")')
        canvas.wait_until("state.run.config.dataset.content !== argument", previous)
    assert canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points") == before


def test_quick_strokes_are_undone_one_by_one(canvas):
    held_routes = []

    def hold_the_first(route):
        if route.request.method != "PATCH" or held_routes:
            return route.continue_()
        return held_routes.append(route)

    canvas.page.route("**/api/runs/*/points", hold_the_first)
    for across in (0.9, 0.1):
        canvas.page.mouse.click(*position(canvas, across, 0.06))
    canvas.page.wait_for_function("() => window.__perceptarium.state.points.train.inputs.length === 22")
    canvas.until(lambda: held_routes)
    held_routes[0].continue_()
    for samples in (42, 41, 40):
        points_when(canvas, f"state.run.config.dataset.samples === {samples}")
        if samples > 40:
            canvas.page.click('.draw-bar button:has-text("Undo")')


def test_a_point_can_be_added_after_all_were_removed(canvas):
    canvas.page.click("text=Remove all")
    assert "No training points" in canvas.page.inner_text(".draw-note")
    canvas.page.mouse.click(*position(canvas, 0.5, 0.5))
    assert len(points_when(canvas, "state.run.config.dataset.samples === 1")["train"]["inputs"]) == 1


def test_points_can_be_drawn_with_the_keyboard(canvas):
    canvas.page.focus(".boundary-points")
    for key in (*["ArrowRight"] * 4, *["ArrowUp"] * 4, "Enter"):
        canvas.press(key)
    points = points_when(canvas, "state.run.config.dataset.samples === 41")["train"]["inputs"][-1]
    assert 0 < points[0] < 1.5 and 0 < points[1] < 1.5
    assert canvas.state("state.run.step") == 0


def test_drawn_points_are_kept_in_a_restart_and_shown_in_another_window(canvas, make_studio):
    canvas.page.mouse.click(*position(canvas, 0.9, 0.1))
    points = points_when(canvas, "state.run.config.dataset.samples === 41")
    run = canvas.run_id
    other = make_studio().open(f"/runs/{run}")
    assert other.state("state.points.train.inputs.length") == 21
    canvas.page.mouse.click(*position(canvas, 0.1, 0.1))
    other.wait_until("state.points.train.inputs.length === 22")
    canvas.wait_until("state.run.config.dataset.samples === 42")
    other.expected_messages.append("status of 404")  # its run is replaced, perhaps while it asks
    canvas.page.select_option('[data-field="optimizer.name"] select', label="SGD")
    canvas.wait_until("state.run.id !== argument", run)
    inputs = canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points")["train"]["inputs"]
    assert inputs[:21] == points["train"]["inputs"] and len(inputs) == 22


def test_undoing_a_change_of_the_data_set_restores_the_drawn_points(canvas):
    """The run in which they were drawn is deleted then."""
    canvas.page.click('[data-tool="add"][data-target="0"]')
    canvas.page.mouse.click(*position(canvas, 0.95, 0.06))
    points, run = points_when(canvas, "state.run.config.dataset.samples === 41"), canvas.run_id
    canvas.page.click(".thumbnail[data-name='moons']")
    canvas.wait_until("state.run.id !== argument && state.run.config.dataset.name === 'moons'", run)
    canvas.wait_until_applied()
    assert run not in [entry["id"] for entry in canvas.server.call("GET", "/api/runs")["runs"]]
    canvas.press("Control+z")
    canvas.wait_until("state.run.config.dataset.name === 'circle' && state.run.config.dataset.content")
    assert canvas.server.call("GET", f"/api/runs/{canvas.run_id}/points") == points
