"""Commands of the studio: shortcuts, changes of the configuration, undo, and hovered units."""

from typing import Any

import pytest

from app.web.texts import texts


def test_space_trains_and_pauses(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.status === 'running' && state.run.step > 0")
    studio.press("Space")
    studio.wait_until("state.run.status === 'paused'")
    assert studio.run()["status"] == "paused"


def test_the_request_to_train_is_sent_before_the_page_shows_that_it_trains(studio: Any) -> None:
    studio.open()
    studio.page.evaluate(
        """() => {
          const send = fetch;
          window.fetch = (address, options) => {
            if (address.endsWith("/start")) window.statusWhenSent = __perceptarium.state.run.status;
            return send(address, options);
          };
        }"""
    )
    studio.press("Space")
    studio.wait_until("state.run.step > 0")
    assert studio.page.evaluate("statusWhenSent") == "paused"


def test_start_and_pause_draw_neither_the_form_nor_the_controls_of_the_layers_again(studio: Any) -> None:
    studio.open()
    studio.wait_until_drawn()
    drawn = "(({ form, 'layer-controls': controls }) => [form, controls])(counters.draws)"
    before = studio.state(drawn)
    studio.press("Space")
    studio.wait_until("state.run.status === 'running' && state.run.step > 0 && state.run.warnings")
    studio.press("Space")
    studio.wait_until("state.run.status === 'paused'")
    studio.wait_until_drawn()
    assert studio.state(drawn) == before


def test_a_drawing_sets_no_attribute_of_the_controls_to_its_present_value(studio: Any) -> None:
    studio.open()
    studio.wait_until_drawn()
    studio.page.evaluate(
        """() => {
          window.equal = [];
          const attributeFilter = ["hidden", "disabled", "title", "class", "aria-label"];
          new MutationObserver((records) => records.forEach(({ target, attributeName, oldValue }, i) => {
            const isSame = (one) => one.target === target && one.attributeName === attributeName;
            const next = records.slice(i + 1).find(isSame);
            const value = next ? next.oldValue : target.getAttribute(attributeName);
            if (value !== oldValue || target.closest(".js-plotly-plot")) return;
            equal.push(`${target.outerHTML.slice(0, 80)}: ${attributeName}`);
         })).observe(document, { subtree: true, attributes: true, attributeFilter, attributeOldValue: true });
        }"""
    )
    studio.press("ArrowRight")
    studio.wait_until("state['view:decision_boundary']?.step === 1")
    studio.press("ArrowRight")
    studio.wait_until("state['view:decision_boundary']?.step === 2")
    studio.wait_until_drawn()
    assert studio.page.evaluate("equal") == []


def test_the_pictures_of_the_data_sets_are_requested_one_after_the_other(studio: Any) -> None:
    open_requests: set[Any] = set()
    most: list[int] = []

    def begin(request: Any) -> None:
        if "/api/datasets/" in request.url:
            open_requests.add(request)
            most.append(len(open_requests))

    studio.page.on("request", begin)
    studio.page.on("requestfinished", lambda request: open_requests.discard(request))
    studio.open()
    studio.page.wait_for_selector(".thumbnail")
    expected = studio.page.locator(".thumbnail").count()
    studio.until(lambda: len(most) == expected and not open_requests)
    assert set(most) == {1}  # browsers open six connections: a command waits for none of these


def test_arrow_keys_train_one_step_or_one_epoch(studio: Any) -> None:
    studio.open()
    studio.press("ArrowRight")
    studio.wait_until("state.run.step === 1")
    studio.press("Shift+ArrowRight")
    studio.wait_until("state.run.epoch === 1 && state.run.step > 1")
    assert studio.run()["epoch"] == 1


def test_a_step_while_training_pauses_first(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 20")
    studio.press("ArrowRight")
    studio.wait_until("state.run.status === 'paused'")
    assert studio.run()["status"] == "paused"


def test_r_resets_to_the_initial_weights_and_n_draws_new_ones(studio: Any) -> None:
    studio.open()
    weights = f"/api/runs/{studio.run_id}/weights"
    first = studio.server.call("GET", weights)["layers"]
    studio.train_epoch()
    studio.press("r")
    studio.wait_until("state.run.step === 0 && state.history.columns.step.length === 0")
    assert studio.server.call("GET", weights)["layers"] == first
    before = studio.run_id
    studio.press("n")
    studio.wait_until("state.run.id !== argument", before)
    studio.wait_until_applied()
    assert studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"] != first
    assert studio.run()["config"]["seed"] == 1


def test_shortcuts_are_ignored_in_a_text_field(studio: Any) -> None:
    studio.open()
    field = studio.number_field("batch_size")
    field.focus()
    identity = studio.run_id
    for key in ("Space", "r", "n", "d", "ArrowRight"):
        studio.press(key)
    field.fill("64")
    field.press("Enter")
    studio.wait_until_applied()
    assert studio.run()["step"] == 0
    assert studio.run()["status"] == "paused"
    assert studio.run_id == identity


def test_the_help_lists_every_shortcut_and_can_be_closed(studio: Any) -> None:
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


def test_the_theme_changes_all_colours_and_is_remembered(make_studio: Any) -> None:
    studio = make_studio(color_scheme="light").open()
    ground = "getComputedStyle(document.body).backgroundColor"
    light = studio.page.evaluate(ground)
    histograms = studio.pixels(".layers-canvas")
    studio.press("d")
    studio.wait_until("state.theme === 'dark'")
    studio.wait_until_drawn()
    assert studio.page.evaluate(ground) != light
    assert (studio.pixels(".layers-canvas") != histograms).any(axis=-1).mean() > 0.3
    studio.open()
    assert studio.state("state.theme") == "dark"


def test_f_enlarges_the_panel_under_the_pointer_and_escape_restores_it(studio: Any) -> None:
    studio.open()
    width = "document.querySelector('.boundary-map').clientWidth"
    before = studio.page.evaluate(width)
    studio.page.hover("#panel-decision_boundary .panel-title")
    studio.press("f")
    studio.page.wait_for_function(f"() => {width} > {before * 1.3}")
    studio.press("Escape")
    studio.page.wait_for_function(f"() => {width} === {before}")


def test_a_live_change_keeps_the_run_and_can_be_undone(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 50")
    identity, step = studio.run_id, studio.run()["step"]
    studio.enter("optimizer.learning_rate", "0.005")
    studio.wait_until_applied()
    assert studio.run_id == identity
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.005
    assert studio.run()["step"] >= step
    studio.page.locator("body").click(position={"x": 700, "y": 60})
    studio.press("Control+z")
    studio.wait_until_applied()
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.02
    studio.press("Control+Shift+z")
    studio.wait_until_applied()
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.005


def test_a_change_of_the_architecture_creates_a_run_that_continues_training(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 50")
    identity = studio.run_id
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait_until("state.run.id !== argument && state.run.status === 'running'", identity)
    assert len(studio.run()["config"]["layers"]) == 3
    changes = texts().text("branch.setting.layers", shape="8-8-8")
    sentence = texts().text("studio.notice.new_run_training", changes=changes)
    assert sentence in studio.page.locator("#notices").inner_text()
    studio.wait_until("state.run.step > 0 && state['view:network'].layers.length === 4")
    studio.press("Control+z")
    studio.wait_until_applied()
    assert len(studio.run()["config"]["layers"]) == 2


def test_a_rejected_value_is_explained_at_its_field_and_other_changes_apply(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    studio.open()
    studio.enter("optimizer.learning_rate", "-3")
    error = studio.page.locator(".field[data-field='optimizer.learning_rate'] .field-error")
    error.wait_for(state="visible")
    assert error.inner_text()
    field = studio.number_field("optimizer.learning_rate")
    assert field.input_value() == "-3"
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == error.get_attribute("id")
    studio.enter("batch_size", "64")
    studio.wait_until("state.run.config.batch_size === 64")
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.02
    assert error.is_visible()
    studio.enter("optimizer.learning_rate", "0.1")
    studio.wait_until_applied()
    error.wait_for(state="hidden")
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.1


def test_too_many_units_are_rejected_at_their_layer(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    studio.open()
    units = studio.page.get_by_label("Units in layer 1")
    units.fill("9999")
    units.press("Enter")
    studio.page.locator(".layer-control .field-error").first.wait_for(state="visible")
    assert "1024" in studio.page.locator(".layer-control .field-error").first.inner_text()


def test_the_map_of_a_hovered_unit_is_enlarged_and_a_click_pins_it(studio: Any) -> None:
    studio.open()
    output = studio.pixels(".boundary-map")
    canvas, at = studio.page.locator(".network-canvas"), studio.unit_position(1, 2)
    canvas.hover(position=at)
    studio.wait_until("state['view:unit']?.id === 'unit-0-2'")
    studio.wait_until_drawn()
    assert studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Layer 1, unit 3"
    assert (studio.pixels(".boundary-map") != output).any(axis=-1).mean() > 0.3
    values = studio.server.call(
        "GET", f"/api/runs/{studio.run_id}/views/decision_boundary?layer=0&unit=2&resolution=100"
    )["values"]
    shown = studio.state("[...state['view:unit'].values]")
    assert shown == pytest.approx([value for row in values[0] for value in row], abs=1e-5)
    canvas.click(position=at)
    studio.page.mouse.move(5, 5)
    studio.wait_until("state.hovered === null && state.pinned?.unit === 2")
    assert studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Layer 1, unit 3"
    studio.press("Escape")
    studio.wait_until_drawn()
    assert studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Output"
    assert (studio.pixels(".boundary-map") == output).all()
