"""How the studio behaves: keys, undo, live changes and restarts, the pointer, lost connections, links."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from app.web.texts import texts

TYPED = ".field[data-field='{}'] input.number"


def type_into(studio: Any, path: str, value: str) -> None:
    field = studio.page.locator(TYPED.format(path))
    field.fill(value)
    field.press("Enter")


def unit_at(studio: Any, layer: int, unit: int) -> dict[str, float]:
    """Where a unit of a 2-8-8-1 network is drawn, found by its colours: tiles are the only opaque squares."""
    drawing = studio.page.locator(".network-canvas").bounding_box()
    across, count = drawing["width"] / 4, 8
    step = (drawing["height"] - 30) / count
    step = min(step, 46 * 1.22 + 4)
    top = 14 + ((drawing["height"] - 30) - step * count) / 2
    return {"x": across * (layer + 1.5), "y": top + step * (unit + 0.5)}


def test_space_trains_and_pauses(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait("state.run.status === 'running' && state.run.step > 0")
    studio.press("Space")
    studio.wait("state.run.status === 'paused'")
    assert studio.run()["status"] == "paused"


def test_arrows_step_and_train_an_epoch(studio: Any) -> None:
    studio.open()
    studio.press("ArrowRight")
    studio.wait("state.run.step === 1")
    studio.press("Shift+ArrowRight")
    studio.wait("state.run.epoch === 1 && state.run.step > 1")
    assert studio.run()["epoch"] == 1


def test_a_step_while_training_pauses_first(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait("state.run.step > 20")
    studio.press("ArrowRight")
    studio.wait("state.run.status === 'paused'")
    assert studio.run()["status"] == "paused"


def test_r_returns_to_the_same_weights_and_n_draws_new_ones(studio: Any) -> None:
    studio.open()
    weights = f"/api/runs/{studio.run_id}/weights"
    first = studio.server.call("GET", weights)["layers"]
    studio.epoch()
    studio.press("r")
    studio.wait("state.run.step === 0 && state.history.columns.step.length === 0")
    assert studio.server.call("GET", weights)["layers"] == first
    before = studio.run_id
    studio.press("n")
    studio.wait("state.run.id !== argument", before)
    studio.settled()
    assert studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"] != first
    assert studio.run()["config"]["seed"] == 1


def test_keys_are_ignored_while_somebody_types(studio: Any) -> None:
    studio.open()
    field = studio.page.locator(TYPED.format("batch_size"))
    field.focus()
    identity = studio.run_id
    for key in ("Space", "r", "n", "d", "ArrowRight"):
        studio.press(key)
    field.fill("64")
    field.press("Enter")
    studio.settled()
    assert studio.run()["step"] == 0
    assert studio.run()["status"] == "paused"
    assert studio.run_id == identity


def test_help_lists_every_key_and_closes(studio: Any) -> None:
    studio.open()
    studio.press("?")
    dialog = studio.page.locator("#help-dialog")
    dialog.wait_for(state="visible")
    assert {"Space", "R", "N", "D", "F", "?"} <= set(dialog.locator("kbd").all_inner_texts())
    assert "Inspect a unit" in dialog.locator("dt").all_inner_texts()
    assert "[object" not in dialog.inner_text()
    studio.press("Escape")
    dialog.wait_for(state="hidden")
    studio.press("?")
    dialog.wait_for(state="visible")


def test_the_theme_switches_every_colour_and_is_remembered(make_studio: Any) -> None:
    studio = make_studio(color_scheme="light").open()
    ground = "getComputedStyle(document.body).backgroundColor"
    light = studio.page.evaluate(ground)
    picture = studio.picture(".layers-canvas")
    studio.press("d")
    studio.wait("state.theme === 'dark'")
    studio.drawn()
    assert studio.page.evaluate(ground) != light
    assert (studio.picture(".layers-canvas") != picture).any(axis=-1).mean() > 0.3
    studio.open()
    assert studio.state("state.theme") == "dark"


def test_f_enlarges_the_panel_under_the_pointer_and_escape_gives_it_back(studio: Any) -> None:
    studio.open()
    width = "document.querySelector('.boundary-map').clientWidth"
    before = studio.page.evaluate(width)
    studio.page.hover("#panel-decision_boundary .panel-title")
    studio.press("f")
    studio.page.wait_for_function(f"{width} > {before * 1.3}")
    studio.press("Escape")
    studio.page.wait_for_function(f"{width} === {before}")


def test_a_live_change_keeps_the_run_and_undo_takes_it_back(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait("state.run.step > 50")
    identity, step = studio.run_id, studio.run()["step"]
    type_into(studio, "optimizer.learning_rate", "0.005")
    studio.settled()
    assert studio.run_id == identity
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.005
    assert studio.run()["step"] >= step
    studio.page.locator("body").click(position={"x": 700, "y": 60})
    studio.press("Control+z")
    studio.settled()
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.02
    studio.press("Control+Shift+z")
    studio.settled()
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.005


def test_a_change_of_the_architecture_begins_a_new_run_says_so_and_trains_on(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait("state.run.step > 50")
    identity = studio.run_id
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait("state.run.id !== argument && state.run.status === 'running'", identity)
    assert len(studio.run()["config"]["layers"]) == 3
    assert "New run" in studio.page.locator("#notices").inner_text()
    studio.wait("state.run.step > 0 && state['view:network'].layers.length === 4")
    studio.press("Control+z")
    studio.settled()
    assert len(studio.run()["config"]["layers"]) == 2


def test_a_refused_value_is_explained_at_its_field_and_nothing_else_is_lost(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    studio.open()
    type_into(studio, "optimizer.learning_rate", "-3")
    error = studio.page.locator(".field[data-field='optimizer.learning_rate'] .field-error")
    error.wait_for(state="visible")
    assert error.inner_text()
    field = studio.page.locator(TYPED.format("optimizer.learning_rate"))
    assert field.input_value() == "-3"
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == error.get_attribute("id")
    type_into(studio, "batch_size", "64")
    studio.wait("state.run.config.batch_size === 64")
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.02
    assert error.is_visible()
    type_into(studio, "optimizer.learning_rate", "0.1")
    studio.settled()
    error.wait_for(state="hidden")
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.1


def test_too_many_units_are_refused_at_their_layer(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    studio.open()
    units = studio.page.get_by_label("Units in layer 1")
    units.fill("9999")
    units.press("Enter")
    studio.page.locator(".layer-control .field-error").first.wait_for(state="visible")
    assert "1024" in studio.page.locator(".layer-control .field-error").first.inner_text()


def test_a_unit_under_the_pointer_fills_the_large_picture_and_a_click_keeps_it(studio: Any) -> None:
    studio.open()
    output = studio.picture(".boundary-map")
    canvas, at = studio.page.locator(".network-canvas"), unit_at(studio, 0, 2)
    canvas.hover(position=at)
    studio.wait("state['view:unit']?.id === 'unit-0-2'")
    studio.drawn()
    assert studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Layer 1, unit 3"
    assert (studio.picture(".boundary-map") != output).any(axis=-1).mean() > 0.3
    values = studio.server.call(
        "GET", f"/api/runs/{studio.run_id}/views/decision_boundary?layer=0&unit=2&resolution=100"
    )["values"]
    shown = studio.state("[...state['view:unit'].values]")
    assert shown == pytest.approx([value for row in values[0] for value in row], abs=1e-5)
    canvas.click(position=at)
    studio.page.mouse.move(5, 5)
    studio.wait("state.hovered === null && state.pinned?.unit === 2")
    assert studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Layer 1, unit 3"
    studio.press("Escape")
    studio.drawn()
    assert studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Output"
    assert (studio.picture(".boundary-map") == output).all()


def test_the_page_reconnects_after_the_server_was_away_and_trains_on(
    make_studio: Any, own_server: Any
) -> None:
    studio = make_studio(at=own_server, new=True).open()
    studio.expected_messages += ["WebSocket connection", "ERR_CONNECTION_REFUSED", "Failed to load resource"]
    studio.press("Space")
    studio.wait("state.run.step > 100")
    own_server.stop()
    studio.wait("state.connection === 'lost'")
    studio.page.get_by_text("Connection lost").wait_for(state="visible")
    own_server.start()
    studio.wait("state.connection === 'open'")
    step = studio.state("state.run.step")
    studio.wait("state.run.step > argument + 100", step)
    studio.press("Space")
    studio.wait("state.run.status === 'paused'")
    history = own_server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.wait("state.history.columns.step.length >= argument", len(history["step"]))
    assert studio.state("state.history.columns.step") == history["step"]
    assert studio.state("state.history.columns.train_loss") == history["train_loss"]


def test_a_run_that_was_deleted_elsewhere_says_so_and_offers_a_new_one(studio: Any) -> None:
    studio.open()
    gone = studio.run_id
    studio.server.call("DELETE", f"/api/runs/{gone}")
    studio.page.get_by_text("no longer exists").wait_for(state="visible")
    studio.page.get_by_role("button", name="New run").click()
    studio.wait("state.run.id !== argument && state.connection === 'open'", gone)
    assert studio.run()["status"] == "paused"


def test_divergence_is_said_in_words_with_its_step(studio: Any) -> None:
    layers = [{"units": 8, "activation": "linear"}] * 3
    config = {
        "dataset": {"name": "plane"},
        "layers": layers,
        "optimizer": {"name": "sgd", "learning_rate": 50},
    }
    studio.open(config=config)
    studio.press("Space")
    studio.wait("state.run.status === 'diverged'")
    studio.page.get_by_text("Diverged at step").wait_for(state="visible")
    assert "NaN" not in studio.page.locator("body").inner_text()
    studio.page.locator("#notices").get_by_role("button", name="Reset").click()
    studio.wait("state.run.status === 'paused' && state.run.step === 0")


def test_the_last_finite_loss_is_not_shown_as_that_of_a_run_that_diverged(studio: Any) -> None:
    layers = [{"units": 8, "activation": "linear"}] * 3
    optimizer = {"name": "sgd", "learning_rate": 50}
    studio.open(config={"dataset": {"name": "plane"}, "layers": layers, "optimizer": optimizer})
    studio.press("Space")
    studio.wait("state.run.status === 'diverged' && state.plotly")
    studio.drawn()
    measured = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    pairs = zip(measured["step"], measured["train_loss"], strict=True)
    step, value = [(step, value) for step, value in pairs if value is not None][-1]
    loss = studio.page.locator("[data-counter='train-loss'] dd")
    assert loss.inner_text() == "–"
    assert loss.get_attribute("title").endswith(f"at step {step:,}")
    marks = "document.querySelector('.curves-plot').data?.filter(({ name }) => name === 'diverged')"
    studio.page.wait_for_function(f"{marks}?.length === 1")
    mark = studio.page.evaluate(f"{marks}.map(({{ x, y }}) => [...x, ...y])[0]")
    assert mark == [studio.state("state.run.step"), value]
    studio.page.locator("#notices").get_by_role("button", name="Reset").click()
    studio.wait("state.run.status === 'paused' && state.run.step === 0")
    studio.drawn()
    assert loss.inner_text() != "–" and loss.get_attribute("title") is None
    studio.page.wait_for_function(f"{marks}.length === 0")


def test_a_finished_run_says_why(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 2})
    studio.press("Space")
    studio.wait("state.run.status === 'finished'")
    sentence = texts().text("studio.reason.epochs_done", epochs="2")
    studio.page.locator("#notices").get_by_text(sentence).wait_for(state="visible")


def test_the_address_carries_the_whole_configuration(studio: Any, make_studio: Any) -> None:
    studio.open()
    type_into(studio, "l2", "0.01")
    studio.page.click(".thumbnail[data-name='moons']")
    studio.settled()
    studio.page.wait_for_function("location.hash.length > 20")
    coded = "JSON.parse(atob(location.hash.slice(1).replace(/-/g, '+').replace(/_/g, '/'))).dataset.name"
    studio.page.wait_for_function(f"{coded} === 'moons'")
    other = make_studio()
    other.page.goto(studio.page.url)
    other.wait("state.run && state['view:decision_boundary']")
    config, copy = studio.run()["config"], other.run()["config"]
    assert other.run_id != studio.run_id
    assert copy == config
    assert copy["l2"] == 0.01


def test_a_permalink_opens_the_same_run_and_follows_it(studio: Any, make_studio: Any) -> None:
    studio.open()
    for _ in range(3):
        studio.epoch()
    other = make_studio().open(f"/runs/{studio.run_id}")
    assert other.run_id == studio.run_id
    assert other.state("state.history.columns.step") == studio.state("state.history.columns.step")
    type_into(studio, "optimizer.learning_rate", "0.3")
    other.wait("state.draft.optimizer.learning_rate === 0.3")
    assert other.page.locator(TYPED.format("optimizer.learning_rate")).input_value() == "0.3"


def test_the_gallery_lists_trained_runs_opens_and_deletes_them(studio: Any) -> None:
    studio.open()
    studio.epoch()
    identity = studio.run_id

    def kept() -> list[str]:
        return [run["id"] for run in studio.server.call("GET", "/api/runs")["runs"]]

    studio.page.goto(f"{studio.server.url}/runs")
    card = studio.page.locator(f".run-card:has(a[href='/runs/{identity}'])")
    card.wait_for(state="visible")
    assert "Spiral, 8-8" in card.inner_text()
    delete = card.get_by_role("button")
    delete.click()
    assert delete.inner_text() == "Confirm deletion"
    studio.press("Tab")
    assert delete.inner_text() == "" and identity in kept()
    delete.dblclick()
    assert delete.inner_text() == "Confirm deletion"
    delete.click()
    card.wait_for(state="detached")
    assert identity not in kept()


def test_the_menu_saves_the_data_of_a_panel(studio: Any) -> None:
    studio.open()
    studio.epoch()
    for kind in ("JSON", "CSV"):
        studio.page.get_by_role("button", name="Learning: menu").click()
        with studio.page.expect_download() as download:
            studio.page.locator("#menu-panel-curves").get_by_role("button", name=kind).click()
        text = Path(download.value.path()).read_text()
        history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
        if kind == "JSON":
            assert json.loads(text)["columns"]["train_loss"] == history["train_loss"]
        else:
            rows = list(csv.DictReader(io.StringIO(text)))
            assert [float(row["train_loss"]) for row in rows] == history["train_loss"]


def test_the_weights_are_saved_as_a_table(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "circle"}, "layers": [{"units": 3}]})
    rows = list(csv.DictReader(io.StringIO(studio.saved("network", "Save data (CSV)").decode())))
    layers = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights?arrays=plain")["layers"]
    expected = []
    for index, layer in enumerate(layers):
        for source, line in enumerate([*layer["weights"], layer["biases"]]):
            name = str(source) if source < len(layer["weights"]) else "bias"
            expected += [(str(index), str(unit), name, value) for unit, value in enumerate(line)]
    assert [(row["layer"], row["unit"], row["source"]) for row in rows] == [each[:3] for each in expected]
    assert [float(row["value"]) for row in rows] == pytest.approx([each[3] for each in expected], rel=1e-6)


def test_records_lists_and_histograms_become_one_table(studio: Any) -> None:
    studio.open()
    table = studio.page.evaluate(
        """async () => {
          const { toCsv } = await __look.module("panels/shared/csv");
          const grid = Object.assign(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3] });
          return toCsv({ id: "x", step: 7, layers: [
            { name: 'say "a, b"', step: null, values: { counts: Int32Array.of(8, 9), low: 0, high: 1 } },
            { name: "c", bend: true, grid, same: [[1, 0, NaN], [0, 1, 0]] },
          ] });
        }"""
    )
    heading, *rows = csv.reader(io.StringIO(table))
    assert heading[:4] == ["step", "layers", "name", "layers.step"]
    told = [{name: cell for name, cell in zip(heading, row, strict=True) if cell} for row in rows]
    first = {"step": "7", "layers": "0", "name": 'say "a, b"'}
    assert told[:2] == [
        first | {"index": "0", "values.low": "0", "values.high": "0.5", "values.counts": "8"},
        first | {"index": "1", "values.low": "0.5", "values.high": "1", "values.counts": "9"},
    ]
    assert [(row["index 1"], row["index 2"], row["grid"], row["same"]) for row in told[2:]] == [
        *(("0", "0", "1", "1"), ("0", "1", "2", "0"), ("0", "2", "3", "NaN")),
        *(("1", "0", "4", "0"), ("1", "1", "5", "1"), ("1", "2", "6", "0")),
    ]


def test_the_menu_saves_a_picture_with_its_words_and_explains_it(studio: Any) -> None:
    studio.open()
    picture = studio.saved_picture("decision_boundary")
    for part in (".boundary-map", ".colour-ramp", ".colour-marks", ".point-key", ".panel-title"):
        assert studio.inked(picture, "decision_boundary", part) > 0.02, part
    ramp = studio.page.locator("#panel-decision_boundary .colour-ramp").bounding_box()
    whole = studio.page.locator("#panel-decision_boundary").bounding_box()
    row = picture[round(2 * (ramp["y"] - whole["y"])) + 8]
    ends = [row[round(2 * (ramp["x"] - whole["x"] + at))] for at in (6, ramp["width"] - 6)]
    assert ends[0][2] > ends[0][0] + 60 and ends[1][0] > ends[1][2] + 60  # from blue to orange
    studio.page.get_by_role("button", name="Output: menu").click()
    studio.page.locator("#menu-panel-decision_boundary").get_by_role("button", name="What is this?").click()
    assert "Every pixel is an input" in studio.page.locator("dialog[open]").inner_text()


def test_who_prefers_reduced_motion_gets_four_pictures_a_second(make_studio: Any) -> None:
    studio = make_studio(reduced_motion="reduce").open()
    studio.press("Space")
    studio.wait("state.run.step > 50")
    drawn, milliseconds = studio.page.evaluate("__look.draws('decision_boundary', 1500)")
    assert drawn <= 4 * milliseconds / 1000 + 2
    studio.wait(
        "counters.draws.decision_boundary > argument", studio.state("counters.draws.decision_boundary")
    )


def test_a_hidden_window_asks_for_no_pictures(studio: Any) -> None:
    studio.open()
    sent = studio.page.evaluate(
        """async () => {
          const { subscriptions } = await __look.module("studio/view-subscriptions");
          const { state } = window.__perceptarium;
          return [subscriptions(state, true), subscriptions(state, false)];
        }"""
    )
    assert sent[0] == []
    assert set(sent[1]) == {"decision_boundary", "network", "activation_histograms"}
