"""A and B: a step that is kept as A is compared with the shown step in every panel."""

import json
from typing import Any

import numpy as np
import pytest

from app.web.texts import texts

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
A = "state.reference"
MAPS = "state.reference?.frames.decision_boundary?.values"


def train(studio: Any, count: int) -> int:
    """Trains the run of the page by a number of steps; returns its newest step."""
    run = studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": count})
    studio.wait_until("state.run.step === argument", run["step"])
    return int(run["step"])


def keep(studio: Any) -> None:
    """Keeps the shown step as A with the button of the time line."""
    studio.page.click(".timeline-compare")
    studio.page.get_by_role("button", name="Keep as A").click()
    studio.wait_until(f"{A} && counters.draws['reference-card']")
    studio.press("Escape")


def compared(studio: Any, config: dict[str, Any] | None = None, first: int = 60, then: int = 240) -> Any:
    """The studio with a paused run, whose step `first` is A, and whose step `first + then` is B."""
    studio.open(config=config)
    train(studio, first)
    keep(studio)
    train(studio, then)
    studio.wait_until(MAPS)
    studio.wait_until_drawn()
    return studio


def view(studio: Any, name: str, step: int, run: str | None = None, attempt: int = 0) -> Any:
    return studio.server.call(
        "GET", f"/api/runs/{run or studio.run_id}/views/{name}?step={step}&attempt={attempt}"
    )


def saved(studio: Any, panel: str) -> Any:
    return json.loads(studio.save(panel, "Save data (JSON)"))


def line(studio: Any) -> str:
    return str(studio.page.inner_text(".reference-line"))


def test_the_maps_of_a_and_of_the_difference_are_those_of_both_steps(studio: Any) -> None:
    compared(studio)
    a, b = (np.array(view(studio, "decision_boundary", step)["values"]).ravel() for step in (60, 300))
    data = saved(studio, "decision_boundary")
    assert data["step"] == 300
    assert data["reference"]["step"] == 60
    np.testing.assert_allclose(data["columns"]["output_0"], b, atol=1e-6)
    np.testing.assert_allclose(data["columns"]["a_0"], a, atol=1e-6)
    np.testing.assert_allclose(data["columns"]["difference_0"], b - a, atol=1e-6)
    share = float(np.mean((a > 0.5) != (b > 0.5)))
    assert data["reference"]["share_decided_differently"] == pytest.approx(share, abs=1e-4)
    assert texts().text("reference.share.boundary", share=f"{round(100 * share)}%") in line(studio)
    assert studio.pixels(".area-d canvas").std() > 0


def check_predicted_difference(studio: Any, step_of_a: int, step_of_b: int) -> None:
    """Saved are the difference of the output that B predicts, and the share of other decisions."""
    a, b = (np.array(view(studio, "decision_boundary", step)["values"]) for step in (step_of_a, step_of_b))
    predicted = b.argmax(axis=0)[None]
    expected = (np.take_along_axis(b, predicted, 0) - np.take_along_axis(a, predicted, 0)).ravel()
    data = saved(studio, "decision_boundary")
    np.testing.assert_allclose(data["columns"]["difference_0"], expected, atol=1e-6)
    share = float(np.mean(a.argmax(axis=0) != b.argmax(axis=0)))
    assert data["reference"]["share_decided_differently"] == pytest.approx(share, abs=1e-4)


def test_the_difference_of_classes_is_that_of_the_class_that_b_predicts(studio: Any) -> None:
    compared(studio, {"dataset": {"name": "blobs"}, "layers": [{"units": 4}]})
    check_predicted_difference(studio, 60, 300)


def predictions(studio: Any, step: int, attempt: int = 0) -> dict[str, list[Any]]:
    """The predicted classes of the points of a step."""
    run = studio.run_id
    points = studio.server.call("GET", f"/api/runs/{run}/points?step={step}&attempt={attempt}")
    at = {"step": step, "attempt": attempt}
    return {
        part: studio.server.call(
            "POST", f"/api/runs/{run}/predict", {"inputs": points[part]["inputs"], **at}
        )["classes"]
        for part in ("train", "test")
        if points[part]["inputs"]
    }


def count_text(studio: Any, name: str, a: int, b: int) -> str:
    """The sentence about the points that differ between two steps, from the predictions of the server."""
    first, second = predictions(studio, a), predictions(studio, b)
    parts = [
        texts().text(
            "reference.points.of_all",
            count=sum(x != y for x, y in zip(first[part], second[part], strict=True)),
            total=len(first[part]),
            part=texts().text(f"reference.points.{part}"),
        )
        for part in ("train", "test")
    ]
    return texts().text(f"reference.points.{name}", text=", ".join(parts))


def wait_for_line(studio: Any, text: str) -> None:
    studio.page.wait_for_function(
        "(text) => document.querySelector('.reference-line').textContent.includes(text)", arg=text
    )


@pytest.mark.parametrize(("data_set", "sentence"), [("wine", "classes"), ("discs", "labels")])
def test_the_points_that_a_and_b_classify_differently_are_counted(
    studio: Any, data_set: str, sentence: str
) -> None:
    compared(studio, {"dataset": {"name": data_set}})
    wait_for_line(studio, count_text(studio, sentence, 60, 300))
    studio.press("Home")
    studio.wait_until("state.shown?.step === 0")
    wait_for_line(studio, count_text(studio, sentence, 60, 0))
    saved_counts = saved(studio, "decision_boundary")["reference"]["points_decided_differently"]
    assert saved_counts["train"]["total"] == len(predictions(studio, 0)["train"])


def test_the_points_are_counted_again_after_an_edit_at_the_same_step(studio: Any) -> None:
    compared(studio)
    wait_for_line(studio, count_text(studio, "classes", 60, 300))
    layer = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"][-1]
    edits = [
        {"layer": 1, "unit": k, "source": i, "value": -weight}
        for i, row in enumerate(layer["weights"])
        for k, weight in enumerate(row)
    ]
    studio.server.call("PATCH", f"/api/runs/{studio.run_id}/weights", {"weights": edits})
    wait_for_line(studio, count_text(studio, "classes", 60, 300))


def test_policies_are_compared_by_their_actions(studio: Any) -> None:
    compared(studio, {"paradigm": "policy_gradient", "environment": {"horizon": 20}}, 2, 4)
    first, second = predictions(studio, 2)["train"], predictions(studio, 6)["train"]
    count = sum(x != y for x, y in zip(first, second, strict=True))
    wait_for_line(studio, texts().text("reference.points.actions", count=count, total=f"{len(second):,}"))
    check_predicted_difference(studio, 2, 6)


def test_all_outputs_side_by_side_have_one_difference_each(studio: Any) -> None:
    compared(studio, {"dataset": {"name": "discs"}})
    studio.page.select_option(
        f"select[aria-label='{texts().text('panel.decision_boundary.mode.name')}']", "all_outputs"
    )
    studio.wait_until("state.displayModule && state.displayMode === 'all_outputs'")
    studio.wait_until_drawn()
    a, b = (np.array(view(studio, "decision_boundary", step)["values"]) for step in (60, 300))
    columns = saved(studio, "decision_boundary")["columns"]
    for k in range(len(b)):
        np.testing.assert_allclose(columns[f"a_{k}"], a[k].ravel(), atol=1e-6)
        np.testing.assert_allclose(columns[f"difference_{k}"], (b[k] - a[k]).ravel(), atol=1e-6)
    assert studio.pixels(".area-d canvas").std() > 0


def test_the_difference_of_labels_is_that_of_the_shown_label(studio: Any) -> None:
    compared(studio, {"dataset": {"name": "discs"}})
    studio.page.select_option(
        f"select[aria-label='{texts().text('panel.decision_boundary.mode.name')}']", "1"
    )
    studio.wait_until("state.shownLabel === 1")
    studio.wait_until_drawn()
    a, b = (np.array(view(studio, "decision_boundary", step)["values"])[1].ravel() for step in (60, 300))
    data = saved(studio, "decision_boundary")
    np.testing.assert_allclose(data["columns"]["difference_0"], b - a, atol=1e-6)
    share = float(np.mean((a > 0.5) != (b > 0.5)))
    assert data["reference"]["share_decided_differently"] == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize("dataset", ["plane", "sine"])
def test_the_difference_of_a_regression_says_how_large_it_is(studio: Any, dataset: str) -> None:
    compared(studio, {"dataset": {"name": dataset}, "layers": [{"units": 4}]})
    a, b = (np.array(view(studio, "decision_boundary", step)["values"]).ravel() for step in (60, 300))
    data = saved(studio, "decision_boundary")
    np.testing.assert_allclose(data["columns"]["difference_0"], b - a, atol=1e-5)
    largest = np.abs(b - a).max()
    shown = line(studio).removesuffix(".").split()[-3]  # "… and by 0.9996 at most": more digits just below 1
    decimals = len(shown.partition(".")[2])
    assert float(shown) == pytest.approx(largest, rel=0.005)  # three significant digits
    assert shown == f"{largest:.{decimals}f}"


def test_b_follows_the_training_while_a_stays(studio: Any) -> None:
    compared(studio)
    requests: list[str] = []
    studio.page.on("request", lambda request: requests.append(request.url))
    studio.page.click("#train")
    studio.wait_until("state.run.step > 500 && state['view:decision_boundary'].step > 400")
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused'")
    studio.wait_until_drawn()
    step = studio.state("state.run.step")
    assert [url for url in requests if "/views/" in url] == []  # A is fetched once
    assert saved(studio, "decision_boundary")["step"] == step
    assert studio.state(f"{A}.step") == 60
    assert f"{step:,}" in studio.page.inner_text(".area-name-b")


def test_an_earlier_step_can_be_b(studio: Any) -> None:
    compared(studio)
    studio.press("Home")
    studio.wait_until("state.shown?.step === 0")
    studio.wait_until_drawn()
    a, b = (np.array(view(studio, "decision_boundary", step)["values"]).ravel() for step in (60, 0))
    data = saved(studio, "decision_boundary")
    np.testing.assert_allclose(data["columns"]["difference_0"], b - a, atol=1e-6)
    studio.page.click(".reference-settings")
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    # The card is updated a moment after the maps.
    of_b = """(loss) => {
      const [row] = document.querySelectorAll(".reference-card .reference-numbers tbody tr");
      return Math.abs(row?.querySelectorAll("td")[1].innerText - loss) <= loss / 100;
    }"""
    studio.page.wait_for_function(of_b, arg=history["train_loss"][0])


def test_the_numbers_of_both_are_those_of_the_step_that_is_named(studio: Any) -> None:
    """A paused run is measured where it stands; a step between two points has the values of the first."""
    studio.open()
    train(studio, 1283)
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    between = next(step for step in range(400, 1283) if step not in history["step"])
    measured = max(step for step in history["step"] if step < between)
    keep(studio)
    studio.wait_until_drawn()
    losses = studio.page.locator(".reference-summary .reference-numbers tbody tr").first.locator("td")
    note = studio.page.locator(".reference-summary .reference-numbers caption")
    bar = float(studio.page.inner_text("[data-counter=train-loss] dd"))
    assert [float(losses.nth(i).inner_text()) for i in (0, 1)] == [pytest.approx(bar, rel=0.05)] * 2
    assert 1283 not in history["step"]
    assert note.is_hidden()
    studio.open(f"/runs/{studio.run_id}?step={between}&a={studio.run_id}.0.{between}")
    studio.wait_until(f"{A} && state.shown")
    studio.wait_until_drawn()
    text = " ".join(texts().text("reference.measured_at", letter=letter, step=measured) for letter in "AB")
    assert note.inner_text() == text
    loss = history["train_loss"][history["step"].index(measured)]
    assert [float(losses.nth(i).inner_text()) for i in (0, 1)] == [pytest.approx(loss, rel=0.05)] * 2


def test_the_histograms_of_both_are_saved(studio: Any) -> None:
    compared(studio)
    data = saved(studio, "activation_histograms")
    for layers, step in ((data["layers"], 300), (data["reference"]["layers"], 60)):
        expected = view(studio, "activation_histograms", step)["layers"]
        counts = [layer["activations"]["counts"] for layer in layers]
        assert [part["values"] for part in counts] == [layer["activations"]["counts"] for layer in expected]


def test_new_weights_keep_the_run_of_a_with_its_thin_curves(studio: Any) -> None:
    compared(studio)
    first = studio.run_id
    studio.page.click("#new-weights")
    studio.wait_until("state.run.id !== argument", first)
    assert studio.server.call("GET", f"/api/runs/{first}")["step"] == 300
    train(studio, 100)
    studio.wait_until("state.plotly")
    studio.wait_until_drawn()
    history = studio.server.call("GET", f"/api/runs/{first}/history")
    thin = "document.querySelector('.curves-plot').data?.filter((trace) => trace.name === 'A')"
    studio.page.wait_for_function(f"(last) => {thin}[0]?.x.at(-1) === last", arg=history["step"][-1])
    traces = studio.page.evaluate(f"{thin}.map(({{ x, y, line }}) => [x, y, line.width])")
    assert [trace[2] for trace in traces] == [1, 1]
    assert traces[0][0] == history["step"]
    np.testing.assert_allclose(traces[0][1], history["train_loss"], rtol=1e-6)


def test_a_reload_keeps_a_and_its_run(studio: Any) -> None:
    compared(studio)
    run = studio.run_id
    assert studio.page.url.partition("?")[2].partition("#")[0] == f"a={run}.0.60"
    studio.page.reload()
    studio.wait_until(f"{A} && state.run.id === argument && {MAPS}", run)
    assert studio.state(f"[{A}.run, {A}.attempt, {A}.step]") == [run, 0, 60]
    assert studio.server.call("GET", f"/api/runs/{run}")["step"] == 300


def test_only_the_settings_that_differ_are_listed(studio: Any) -> None:
    compared(studio)
    rate = studio.run()["config"]["optimizer"]["learning_rate"]
    studio.enter("optimizer.learning_rate", "0.05")
    studio.wait_until_applied()
    studio.wait_until_drawn()
    button = studio.page.locator(".reference-settings")
    assert button.inner_text() == texts().text("reference.settings_differ", count=1)
    button.click()
    rows = studio.page.locator(".reference-differences tbody tr")
    rows.first.wait_for()
    assert rows.count() == 1
    assert rows.first.locator("th, td").all_inner_texts() == ["Learning rate", f"{rate:g}", "0.05"]


def test_another_run_can_be_chosen_as_a(studio: Any) -> None:
    run = studio.server.call(
        "POST", "/api/runs", {"name": "Wide layer", "layers": [{"units": 20}], "start": False}
    )
    studio.server.call("POST", f"/api/runs/{run['id']}/step", {"unit": "step", "count": 50})
    studio.open()
    train(studio, 30)
    studio.page.click(".timeline-compare")
    choice = studio.page.get_by_label("Run", exact=True)
    choice.select_option(label=texts().text("reference.a.other_run", run="Wide layer", step=50))
    studio.page.get_by_role("button", name="Use as A").click()
    studio.wait_until(MAPS)
    studio.wait_until_drawn()
    assert studio.state(f"[{A}.run, {A}.step]") == [run["id"], 50]
    a = np.array(view(studio, "decision_boundary", 50, run["id"])["values"]).ravel()
    np.testing.assert_allclose(saved(studio, "decision_boundary")["columns"]["a_0"], a, atol=1e-6)


def test_a_sentence_says_why_other_data_have_no_difference(studio: Any) -> None:
    compared(studio)
    studio.page.locator(".thumbnail[title^='Circle'], .thumbnail[aria-label^='Circle']").first.click()
    studio.wait_until("state.run.config.dataset.name === 'circle'")
    studio.wait_until_drawn()
    assert line(studio) == texts().text("reference.obstacle.data", a="Spiral", b="Circle")
    assert studio.page.locator(".area-d canvas").is_hidden()
    assert studio.page.locator(".area-a canvas").is_visible()


def test_remove_shows_the_page_as_before(studio: Any) -> None:
    compared(studio)
    studio.page.click(".timeline-compare")
    studio.page.get_by_role("button", name="Remove A", exact=True).click()
    studio.wait_until(f"!{A}")
    studio.press("Escape")
    studio.wait_until_drawn()
    assert "a=" not in studio.page.url.partition("?")[2].partition("#")[0]
    assert studio.page.locator(".area-a").is_hidden()
    assert studio.page.locator(".boundary-map").bounding_box()["width"] > 300


def test_a_run_that_was_deleted_ends_the_comparison_with_a_sentence(studio: Any) -> None:
    compared(studio)
    run = studio.run_id
    studio.page.click("#new-weights")
    studio.wait_until("state.run.id !== argument", run)
    studio.server.call("DELETE", f"/api/runs/{run}")
    studio.expected_messages.append("404")
    studio.page.hover(".network-canvas", position=studio.unit_position(1, 0))
    studio.wait_until(f"!{A}")
    assert studio.page.inner_text("#notices .notice-text") == texts().text("reference.gone")
    assert "a=" not in studio.page.url.partition("?")[2].partition("#")[0]


@pytest.mark.parametrize("value", ["", "garbage", "1.2", "run.0.-1"])
def test_an_address_that_names_no_step_as_a_says_what_it_must_be(studio: Any, value: str) -> None:
    run = studio.server.call("POST", "/api/runs", {"start": False})["id"]
    studio.open(f"/runs/{run}?a={value}")
    studio.page.wait_for_selector("#notices:not([hidden])")
    assert studio.page.inner_text(".notice-text") == texts().text("reference.unreadable", value=value)
    studio.page.wait_for_url(f"**/runs/{run}")


@pytest.mark.parametrize(
    ("place", "status", "reason"),
    [
        ("none.0.3", "404", texts().text("studio.error.no_such_run")),
        ("{run}.4.3", "404", texts().text("studio.error.no_such_attempt", given=4)),
        ("{run}.0.9", "422", "must be from 0 to 0, the steps of that attempt"),
    ],
)
def test_an_address_with_a_step_that_does_not_exist_says_why_it_is_not_kept(
    studio: Any, place: str, status: str, reason: str
) -> None:
    run = studio.server.call("POST", "/api/runs", {"start": False})["id"]
    studio.expected_messages.append(status)
    studio.open(f"/runs/{run}?a={place.format(run=run)}")
    studio.page.wait_for_selector("#notices:not([hidden])")
    assert studio.page.inner_text(".notice-text") == texts().text("reference.not_fetched", reason=reason)
    studio.page.wait_for_url(f"**/runs/{run}")


def test_the_layer_numbers_of_a_stand_below_those_of_b(studio: Any) -> None:
    compared(studio)
    studio.page.click("#tab-layer_health")
    studio.wait_until(f"{A}.frames.layer_health?.layers && counters.draws.layer_health")
    studio.wait_until_drawn()
    expected = view(studio, "layer_health", 60)["layers"]
    shown = studio.page.locator("#panel-layer_health td:first-of-type .number-of-a").all_inner_texts()
    numbers = [float(text.removeprefix("A ")) for text in shown]
    assert numbers == pytest.approx([layer["gradient_norm"] for layer in expected], rel=5e-3)
    assert saved(studio, "layer_health")["reference"]["step"] == 60


def test_a_flag_at_the_step_of_a_does_not_hide_its_letter(studio: Any) -> None:
    compared(studio)
    record = "__probe.recordedTexts.filter(({ text }) => text === 'A').at(-1)"
    studio.page.evaluate("__probe.recordTexts('.timeline-canvas')")
    studio.press("Home")
    studio.page.wait_for_function(f"() => {record} !== undefined")
    before = studio.page.evaluate(f"{record}.left")
    studio.server.call("PUT", f"/api/runs/{studio.run_id}/bookmarks/mine", {"step": 60})
    studio.wait_until("state.timeline.bookmarks.length === 1")
    studio.page.wait_for_function(f"(before) => Math.abs({record}.left - before) >= 9", arg=before)


def test_the_maps_of_a_hovered_unit_are_compared(studio: Any) -> None:
    compared(studio)
    studio.page.hover(".network-canvas", position=studio.unit_position(1, 2))
    studio.wait_until(f"{A}.frames.unit?.values && state['view:unit']?.id === 'unit-0-2'")
    a, b = (
        np.array(view(studio, "decision_boundary", f"{step}&layer=0&unit=2")["values"]) for step in (60, 300)
    )
    largest = float(np.abs(b - a).max())
    studio.page.wait_for_function(
        "(text) => document.querySelector('.reference-line').textContent.includes(text)",
        arg=f"{float(f'{largest:.3g}'):g}",
    )


def test_a_reset_keeps_the_step_of_the_attempt_before(studio: Any) -> None:
    compared(studio)
    studio.press("r")
    studio.wait_until("state.run.attempt === 1 && state.run.step === 0")
    train(studio, 40)
    studio.wait_until_drawn()
    a = np.array(view(studio, "decision_boundary", 60, attempt=0)["values"]).ravel()
    b = np.array(view(studio, "decision_boundary", 40, attempt=1)["values"]).ravel()
    data = saved(studio, "decision_boundary")
    np.testing.assert_allclose(data["columns"]["difference_0"], b - a, atol=1e-6)
    assert texts().text("reference.a.attempt", attempt=1, step=60) in studio.page.inner_text(".area-name-a")


def test_the_settings_of_an_earlier_step_are_those_of_that_step(studio: Any) -> None:
    studio.open()
    train(studio, 60)
    before = studio.run()["config"]["optimizer"]["learning_rate"]
    studio.enter("optimizer.learning_rate", "0.05")
    studio.wait_until_applied()
    train(studio, 100)
    keep(studio)
    studio.wait_until("state.timeline.log.events.length > 0 && state.timeline.log.steps.at(-1) === 160")
    studio.press("Home")
    studio.wait_until("state.shown?.step === 0 && state.shownSettings")
    studio.page.click(".reference-settings")
    rows = studio.page.locator(".reference-differences tbody tr")
    rows.first.wait_for()
    assert rows.count() == 1
    assert rows.first.locator("th, td").all_inner_texts() == ["Learning rate", "0.05", f"{before:g}"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_comparison_fits_into_the_window(make_studio: Any, size: dict[str, int]) -> None:
    studio = compared(make_studio(size))
    studio.page.click(".timeline-compare")
    studio.page.locator(".reference-card").wait_for()
    assert studio.page.evaluate("__probe.cutTexts()") == []
    assert studio.page.evaluate("__probe.unlabelledControls()") == []
    assert [text for text, ratio in studio.page.evaluate("__probe.textContrasts()") if ratio < 4.5] == []
    if size is PHONE:
        assert studio.page.evaluate("__probe.smallControls(44)") == []
    widths = studio.page.evaluate(
        "['.area-a canvas', '.boundary-map'].map((name) => document.querySelector(name).clientWidth)"
    )
    assert abs(widths[0] - widths[1]) < 12
