"""The Health panel: numbers of its view, diagnoses, remedies, and pausing on a diagnosis."""

from itertools import pairwise
from math import log10
from typing import Any

import pytest

from app.web.texts import texts

QUANTITY = f"select[aria-label='{texts().text('panel.layer_health.quantity.choice')}']"
CONFIG = {
    "dataset": {"name": "circle"},
    "layers": [{"units": 6}, {"units": 6}],
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}
MIXED = {**CONFIG, "layers": [{"units": 6, "activation": "relu"}, {"units": 6}]}
LINEAR = {**CONFIG, "layers": [{"units": 4, "activation": "linear"}, {"units": 4, "activation": "linear"}]}


def open_health(studio: Any, config: dict[str, Any] | None = None) -> Any:
    studio.open(config=config)
    studio.page.click("#tab-layer_health")
    studio.wait_until("counters.draws.layer_health && state['view:layer_health']")
    studio.wait_until_drawn()
    return studio


def test_the_table_shows_the_numbers_of_the_view(studio: Any) -> None:
    open_health(studio, MIXED).train_epoch()
    studio.wait_until("state['view:layer_health'].step === state.run.step")
    studio.wait_until_drawn()
    view = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/layer_health")
    rows = studio.page.locator("#panel-layer_health tbody tr")
    assert rows.count() == len(view["layers"]) == 3
    for index, layer in enumerate(view["layers"]):
        cells = rows.nth(index).locator("[data-number]")
        exact = [cells.nth(i).get_attribute("title") for i in range(5)]
        names = ("gradient_norm", "update_ratio", "dead", "saturated", "effective_rank")
        for text, name in zip(exact, names, strict=True):
            if name == "dead" and layer["activation"] != "relu":
                assert text == "Defined for ReLU only"
            elif layer[name] is None:
                assert text == "not known"
            else:
                assert float(text) == pytest.approx(layer[name], rel=1e-4, abs=1e-7), name


def test_the_table_has_a_column_of_dead_units_only_where_units_can_die(studio: Any) -> None:
    studio.open(config={"layers": [{"units": 4}]})
    studio.page.click("#tab-layer_health")
    heading = studio.page.locator(".health thead th", has_text="Dead")
    studio.page.locator(".health thead th", has_text="Flat").wait_for()
    assert not heading.is_visible()
    studio.page.locator("[data-field='layers.0.activation']").select_option("relu")
    heading.wait_for(state="visible")


def test_only_relu_layers_are_described_as_dead_in_the_space_there_is(studio: Any) -> None:
    studio.open(config=MIXED)
    studio.wait_until("counters.draws.activation_histograms && state['view:activation_histograms']")
    studio.wait_until_drawn()
    label = studio.page.locator(".layers-canvas").get_attribute("aria-label")
    assert ["dead" in part for part in label.split(";")] == [True, False, False]
    texts = studio.page.evaluate(
        """async () => {
          const { statusText } = await __probe.importModule("panels/activation_histograms/index");
          const layer = { dead: 1, saturated: 0.25, nonfinite: 0 };
          const text = (more, width) => statusText({ ...layer, ...more }, (label) => label.length <= width);
          const widths = [30, 22, 12, 8, 4];
          const names = ["relu", "tanh", "step", "linear"];
          return names.map((activation) => widths.map((width) => text({ activation }, width)));
        }"""
    )
    alone = ["saturated 25%", "saturated 25%", "sat. 25%", "sat. 25%", ""]
    assert texts == [
        ["dead 100% · inactive 25%", "dead 100% · inact. 25%", "dead 100%", "", ""],
        *[alone] * 3,
    ]


def test_outputs_near_the_ends_of_their_range_are_no_alarm_and_not_called_saturated(studio: Any) -> None:
    studio.open()
    texts = studio.page.evaluate(
        """async () => {
          const { flatTexts, isSaturable } = await __probe.importModule("panels/shared/flat-values");
          const names = ["sigmoid", "softmax", "tanh", "relu"];
          const layers = names.map((activation) => ({ activation, saturated: 0.996 }));
          return layers.flatMap((layer) => [true, false].map((isOutput) => [
            flatTexts(layer, isOutput)[0], isSaturable(layer, isOutput)]));
        }"""
    )
    assert texts == [
        [">99% near 0 or 1", False], ["saturated >99%", True],
        [">99% near 0 or 1", False], ["saturated >99%", True],
        [">99% near -1 or 1", False], ["saturated >99%", True],
        ["inactive >99%", False], ["inactive >99%", False],
    ]  # fmt: skip


def test_a_share_is_never_rounded_to_nothing_or_to_everything(studio: Any) -> None:
    studio.open()
    shown = studio.page.evaluate(
        """async () => {
          const { percent, percentage } = await __probe.importModule("core/formats");
          return [[0, 0.004, 0.5, 0.994, 0.996, 1].map(percent), [0, 0.4, 99.6, 99.97, 100].map(percentage)];
        }"""
    )
    assert shown == [["0%", "<1%", "50%", ">99%", ">99%", "100%"], ["0", "0.4", "99.6", ">99.9", "100"]]


def test_recorded_layers_are_thinned_out_and_discarded_for_another_run(studio: Any) -> None:
    studio.open()
    lengths = studio.page.evaluate(
        """async () => {
          const { recordedFrames } = await __probe.importModule("panels/shared/recorded-frames");
          const identityOf = ({ run }) => run;
          const recorded = recordedFrames({ entryOf: ({ step }) => ({ step }), identityOf, max: 20 });
          const frame = (step, run = "a") => ({ run, step });
          for (let step = 0; step < 500; step++) recorded.add(frame(step));
          const long = [recorded.entries.length, recorded.entries[0].step, recorded.entries.at(-1).step];
          recorded.add(frame(499));
          const again = recorded.entries.at(-1).step;
          recorded.add(frame(3, "b"));
          return [...long, again, recorded.entries.length];
        }"""
    )
    assert lengths[0] <= 20
    assert lengths[1:] == [0, 499, 499, 1]


def test_steps_recorded_before_the_panel_was_opened_are_shown(studio: Any) -> None:
    studio.open(config=CONFIG)
    for _ in range(3):
        studio.train_epoch()
    studio.page.click("#tab-layer_health")
    studio.wait_until("state['earlier:layer_health']?.length >= 3 && counters.draws.layer_health")
    studio.wait_until_drawn()
    run = studio.run_id
    steps = studio.server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]
    earlier = studio.state("state['earlier:layer_health'].map(({ step }) => step)")
    assert earlier == sorted(earlier) and earlier[0] == 0 and set(earlier) < set(steps)
    first = studio.server.call("GET", f"/api/runs/{run}/views/layer_health?step={earlier[1]}")["layers"][0]
    assert studio.state("state['earlier:layer_health'][1].layers[0].gradient_norm") == pytest.approx(
        first["gradient_norm"]
    )
    description = studio.page.locator(".histograms-canvas").get_attribute("aria-label")
    assert f"at {len(earlier) + 1} steps" in description


def test_histograms_over_time_are_drawn_and_change_with_the_quantity(studio: Any) -> None:
    open_health(studio).train_epoch()
    studio.wait_until("state['view:layer_health'].step === state.run.step")
    studio.wait_until_drawn()
    first = studio.pixels(".histograms-canvas")
    assert (first[..., 3] > 0).mean() > 0.05
    studio.page.select_option(QUANTITY, "weights")
    studio.wait_until_drawn()
    assert (studio.pixels(".histograms-canvas") != first).any()
    assert "Weights of each layer" in studio.page.locator(".histograms-canvas").get_attribute("aria-label")


def test_a_diagnosis_shows_its_rule_and_its_button_changes_the_run(studio: Any) -> None:
    open_health(studio, LINEAR)
    card = studio.page.locator(".card", has_text=texts().text("catalogue.diagnoses.no_nonlinearity.title"))
    assert texts().text("catalogue.diagnoses.no_nonlinearity.help") in card.text_content()
    assert texts().text("diagnosis.no_nonlinearity.finding", count=2) in card.inner_text()
    assert texts().text("diagnosis.remedy.use_activation", activation="Tanh") in card.inner_text()
    card.get_by_role("button", name="Show setting").click()
    studio.page.wait_for_function("() => document.activeElement.dataset.field === 'layers.0.activation'")
    before = studio.run_id
    card.locator(".apply-suggestion").click()
    studio.wait_until("state.run.id !== argument", before)
    assert [layer["activation"] for layer in studio.run()["config"]["layers"]] == ["tanh", "tanh"]
    studio.wait_until("state['view:layer_health'].run === state.run.id")
    studio.wait_until_drawn()
    assert (
        studio.page.locator(
            ".card", has_text=texts().text("catalogue.diagnoses.no_nonlinearity.title")
        ).count()
        == 0
    )


def test_layers_with_the_same_problem_share_a_card_whose_button_changes_all_of_them(studio: Any) -> None:
    dying = {**CONFIG, "layers": [{"units": 4, "activation": "relu"}] * 3, "initializer": {"bias": -50}}
    open_health(studio, dying)
    cards = studio.page.locator(".card", has_text=texts().text("catalogue.diagnoses.dying_relu.title"))
    assert cards.count() == 1
    assert "layers 1, 2, 3" in cards.locator("h3").inner_text()
    assert cards.inner_text().count("100% of the units have no output above 0") == 1
    before = studio.run_id
    cards.locator(".apply-suggestion").click()
    studio.wait_until("state.run.id !== argument", before)
    assert [layer["activation"] for layer in studio.run()["config"]["layers"]] == ["leaky_relu"] * 3


def test_a_healthy_training_shows_that_no_problems_were_found(studio: Any) -> None:
    config = {"dataset": {"name": "gauss"}, "layers": [{"units": 4}], "optimizer": {"learning_rate": 0.01}}
    open_health(studio, config).train_epoch()
    studio.wait_until("state['view:layer_health'].step === state.run.step")
    studio.wait_until_drawn()
    assert studio.state("state['view:layer_health'].diagnoses.length") == 0
    assert "No problems found" in studio.page.locator(".diagnoses").inner_text()


def test_a_training_can_be_set_to_pause_on_a_diagnosis(studio: Any) -> None:
    open_health(studio, CONFIG)
    studio.page.click(".pause-when summary")
    studio.page.click(".pause-when [data-name=plateau]")
    studio.wait_until("state.run.pause_when.includes('plateau')")
    assert studio.run()["pause_when"] == ["plateau"]
    chip = studio.page.locator(".pause-when [data-name=plateau]")
    studio.wait_until_drawn()
    assert chip.get_attribute("aria-pressed") == "true"
    chip.click()
    studio.wait_until("state.run.pause_when.length === 0")
    assert studio.run()["pause_when"] == []


def test_a_training_pauses_when_the_selected_diagnosis_is_found(studio: Any) -> None:
    dying = {
        "dataset": {"name": "circle"},
        "layers": [{"units": 8, "activation": "relu"}, {"units": 8, "activation": "relu"}],
        "optimizer": {"name": "sgd", "learning_rate": 8},
    }
    open_health(studio, dying)
    studio.page.click(".pause-when summary")
    studio.page.click(".pause-when [data-name=dying_relu]")
    studio.wait_until("state.run.pause_when.includes('dying_relu')")
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused' && state.run.reason?.includes('dying relu')")
    studio.page.locator("#notices").get_by_text("Dying ReLU").wait_for(state="visible")
    studio.wait_until_drawn()
    assert studio.page.locator(".card", has_text="ying ReLU").count() == 1
    studio.wait_until("!state.run.pause_when.includes('dying_relu')")


def test_the_row_under_the_pointer_sets_the_step_cursor(studio: Any) -> None:
    open_health(studio, CONFIG)
    studio.train_epoch()
    studio.wait_until("state['view:layer_health'].step === state.run.step")
    studio.wait_until_drawn()
    ridges = studio.page.locator(".histograms-canvas")
    bottom = ridges.bounding_box()["height"] - 19
    ridges.hover(position={"x": 60, "y": bottom})
    studio.wait_until("state.stepCursor?.source === 'health' && state.stepCursor.step === state.run.step")
    ridges.hover(position={"x": 60, "y": bottom - 14})
    studio.wait_until("state.stepCursor?.step < state.run.step")


def test_every_layer_of_a_deep_network_is_in_the_table_and_over_time(studio: Any) -> None:
    open_health(studio, {**CONFIG, "layers": [{"units": 3}] * 10})
    studio.page.evaluate("__probe.recordTexts('.histograms-canvas')")
    studio.page.select_option(QUANTITY, "weights")
    studio.wait_until_drawn()
    texts = {text["text"] for text in studio.page.evaluate("__probe.recordedTexts")}
    assert {*(f"layer {index}" for index in range(1, 11)), "output"} <= texts
    for row in studio.page.locator(".health .numbers tbody tr").all():
        box, column = row.bounding_box(), studio.page.locator(".health").bounding_box()
        assert box and column and box["y"] + box["height"] <= column["y"] + column["height"]
    line = studio.page.locator("#panel-layer_health .panel-line").inner_text()
    points = studio.state("state['view:layer_health'].samples")
    assert line.endswith(f"training part, {points} points")


def test_a_bar_compares_the_gradients_of_all_layers_on_a_logarithmic_scale(studio: Any) -> None:
    layers = [{"units": 4, "activation": "sigmoid"}] * 6
    open_health(studio, {**CONFIG, "layers": layers})
    bars = studio.page.locator("#panel-layer_health .with-bar").evaluate_all(
        "(cells) => cells.map((cell) => Number(cell.style.getPropertyValue('--bar')))"
    )
    view = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/layer_health")
    norms = [layer["gradient_norm"] for layer in view["layers"]]
    assert bars == pytest.approx([max(0, 1 + log10(norm / max(norms)) / 6) for norm in norms], abs=2e-3)
    assert bars[0] < 0.7 and max(bars) == 1  # the gradient vanishes towards the input


def test_numbers_of_neighbouring_layers_do_not_touch(studio: Any) -> None:
    open_health(studio, {**CONFIG, "layers": [{"units": 3}] * 14})
    studio.page.evaluate("__probe.recordTexts('.histograms-canvas')")
    for quantity in ("weights", "weight_gradients"):
        studio.page.evaluate("__probe.recordedTexts = []")
        studio.page.select_option(QUANTITY, quantity)
        studio.wait_until_drawn()
        rows: dict[float, list[Any]] = {}
        for text in studio.page.evaluate("__probe.recordedTexts"):
            rows.setdefault(text["y"], []).append(text)
        assert len(rows) == 4  # names, means, ends, the step
        for row in rows.values():
            ordered = sorted(row, key=lambda text: text["left"])
            assert all(b["left"] - a["right"] >= 4 for a, b in pairwise(ordered)), ordered
