"""Editing in the network graph: weights and units are changed, frozen, disabled, duplicated and removed."""

import itertools
from typing import Any

import numpy as np
import pytest

CONFIG = {"dataset": {"name": "circle"}, "layers": [{"units": 5}, {"units": 4}]}


def open_studio(studio: Any) -> Any:
    studio.open(config=CONFIG)
    studio.page.locator(".network-canvas").hover(position=studio.unit_position(3, 0))
    studio.wait_until("state.inspected && state.parameters")
    return studio


def inspect(studio: Any, column: int, unit: int, count: int) -> Any:
    studio.page.locator(".network-canvas").click(position=studio.unit_position(column, unit))
    studio.page.wait_for_selector("#inspector", state="visible")
    studio.wait_until_drawn()
    return studio.page.locator("#inspector")


def weights(studio: Any) -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"]


def press(studio: Any, name: str) -> None:
    studio.page.locator("#inspector").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("height", [900, 720])
def test_the_window_of_a_unit_leaves_the_tabs_free(make_studio: Any, height: int) -> None:
    studio = make_studio({"width": 1440, "height": height}).open()
    box = studio.page.locator(".network-canvas").bounding_box()
    position = {"x": box["width"] * 0.375, "y": box["height"] / 2}
    while True:  # the units have gaps between them
        studio.page.locator(".network-canvas").hover(position=position)
        if studio.state("state.hovered?.layer >= 0"):
            break
        position["y"] += 5
    studio.page.locator(".network-canvas").click(position=position)
    studio.page.wait_for_selector("#inspector", state="visible")
    covered = studio.page.evaluate(
        """() => {
          const box = (element) => element.getBoundingClientRect();
          const a = box(document.getElementById("inspector"));
          return [...document.querySelectorAll("[role=tab]")].map(box).some((b) => b.width
            && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
        }"""
    )
    assert not covered
    assert (
        studio.page.evaluate("document.getElementById('inspector').getBoundingClientRect().bottom") <= height
    )


def test_a_typed_weight_of_a_unit_changes_the_boundary(studio: Any) -> None:
    open_studio(studio)
    inspector = inspect(studio, 1, 2, 5)
    layer = weights(studio)[0]
    values = [float(field.input_value()) for field in inspector.locator("input.number").all()]
    assert values == pytest.approx(
        [layer["biases"][2], layer["weights"][0][2], layer["weights"][1][2]], rel=1e-4
    )
    before = studio.pixels(".boundary-map")
    inspector.locator("[data-source='1'] input.number").fill("-2.5")
    studio.press("Enter")
    studio.wait_until("state['view:network'].layers[0].weights[5 + 2] === -2.5")
    studio.wait_until_drawn()
    assert weights(studio)[0]["weights"][1][2] == -2.5
    assert (studio.pixels(".boundary-map") != before).any(axis=-1).mean() > 0.05


def test_a_weight_can_be_dragged(studio: Any) -> None:
    open_studio(studio)
    inspect(studio, 1, 0, 5).locator("[data-source=bias] input.slider").fill("1.5")
    studio.wait_until("state['view:network'].layers[0].biases[0] === 1.5")
    assert weights(studio)[0]["biases"][0] == 1.5


def middle(studio: Any, start: tuple[int, int], end: tuple[int, int]) -> dict[str, float]:
    """The middle of a line between two units, as (column, unit), in the drawing."""
    first, last = studio.unit_position(*start), studio.unit_position(*end)
    return {"x": (first["x"] + last["x"]) / 2, "y": (first["y"] + last["y"]) / 2}


def test_a_line_is_named_and_a_click_opens_the_chain_rule_of_its_weight(studio: Any) -> None:
    open_studio(studio)
    canvas = studio.page.locator(".network-canvas")
    plain = studio.pixels(".network-canvas")
    line = middle(studio, (2, 1), (3, 0))
    canvas.hover(position=line)
    shown = studio.page.locator(".tooltip").inner_text()
    value = float(format(weights(studio)[2]["weights"][1][0], ".3g"))
    assert "Layer 2, unit 2 → Output unit" in shown and f"{value:g}".replace("-", "−") in shown.replace(
        "-", "−"
    )
    studio.wait_until_drawn()
    assert (studio.pixels(".network-canvas") != plain).any()
    canvas.click(position=line)
    traced = "state.openTabs.middle === 'sample_trace' && state['view:sample_trace']?.chain.weight"
    studio.wait_until(f"({traced})?.source === 1")
    assert studio.state("state['view:sample_trace'].chain.weight.layer") == 2
    content = studio.page.locator(".trace-content[data-step=chain]")
    content.wait_for()
    studio.page.locator(".stepper button").last.click()  # goes on, although the frame is of the same weight
    studio.page.locator(".trace-content[data-step=numeric]").wait_for()
    bias = studio.page.evaluate(
        "__probe.graphLayout().then((layout) => { const { x, y } = layout.unitCentre(1, 2);"
        " const half = layout.columns[1].tile / 2; return { x: x - half - 1, y: y + half + 1 }; })"
    )
    canvas.hover(position=bias)
    assert studio.page.locator(".tooltip").inner_text().startswith("Bias of Layer 1, unit 3")
    canvas.click(position=bias)
    studio.wait_until(f"({traced})?.layer === 0 && state['view:sample_trace'].chain.weight.unit === 2")
    content.wait_for()
    assert studio.state("state.tracedSample.source") == -1


def test_a_dragged_line_changes_its_weight_live_and_is_undone_as_one_step(studio: Any) -> None:
    open_studio(studio)
    first = weights(studio)[2]["weights"][1][0]
    box = studio.page.locator(".network-canvas").bounding_box()
    line = middle(studio, (2, 1), (3, 0))
    x, y = box["x"] + line["x"], box["y"] + line["y"]
    mouse = studio.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y - 60, steps=6)
    studio.wait_until("state['view:network'].layers[2].weights[1] > argument + 0.3", first)  # before the end
    shown = studio.page.locator(".tooltip").inner_text()
    assert "Layer 2, unit 2 → Output unit" in shown
    mouse.move(x + 60, y - 60, steps=3)
    mouse.up()
    studio.wait_until("state['view:network'].layers[2].weights[1] > argument + 1", first)
    value = weights(studio)[2]["weights"][1][0]
    assert value == pytest.approx(first + 1.2, abs=0.02)
    assert studio.state("state.openTabs.middle") != "sample_trace"  # it was no click
    studio.press("Control+z")
    studio.wait_until("state['view:network'].layers[2].weights[1] === Math.fround(argument)", first)
    studio.press("Control+Shift+z")
    studio.wait_until("state['view:network'].layers[2].weights[1] === Math.fround(argument)", value)


class Finger:
    """A finger on the page, whose movements the browser may take for scrolling as those of a real one."""

    def __init__(self, studio: Any) -> None:
        self.page = studio.page
        self.session = self.page.context.new_cdp_session(self.page)

    def _dispatch(self, kind: str, *points: dict[str, float]) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    def down(self, x: float, y: float) -> None:
        self.x, self.y = x, y
        self._dispatch("touchStart", {"x": x, "y": y})

    def move(self, x: float, y: float) -> None:
        for part in range(1, 7):
            place = {"x": self.x + (x - self.x) * part / 6, "y": self.y + (y - self.y) * part / 6}
            self._dispatch("touchMove", place)
        self.x, self.y = x, y

    def up(self) -> None:
        self._dispatch("touchEnd")


def beside_line(studio: Any) -> dict[str, float]:
    """A place on the screen, 12 pixels above the middle of the line of the output unit."""
    canvas = studio.page.locator(".network-canvas")
    canvas.evaluate("(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })")
    studio.wait_until("state.inspected && state.parameters")
    studio.wait_until_drawn()
    box, line = canvas.bounding_box(), middle(studio, (2, 0), (3, 0))
    return {"x": box["x"] + line["x"], "y": box["y"] + line["y"] - 12}


def open_for_touch(make_studio: Any, size: dict[str, int]) -> Any:
    studio = make_studio(size, has_touch=True)
    return studio.open(config={"dataset": {"name": "circle"}, "layers": [{"units": 3}, {"units": 2}]})


OUTPUT_WEIGHT = "state['view:network'].layers[2].weights[0]"


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 1440, "height": 900}])
def test_a_finger_drags_a_line_as_one_step_of_undo(make_studio: Any, size: dict[str, int]) -> None:
    studio = open_for_touch(make_studio, size)
    line, finger = beside_line(studio), Finger(studio)
    first = studio.state(OUTPUT_WEIGHT)
    scrolled = studio.page.evaluate("scrollY")
    finger.down(**line)
    finger.move(line["x"] + 60, line["y"])
    studio.wait_until(f"{OUTPUT_WEIGHT} > argument + 0.3", first)  # before the end
    finger.move(line["x"] + 60, line["y"] - 40)
    finger.up()
    studio.wait_until(f"{OUTPUT_WEIGHT} > argument + 0.8", first)
    assert studio.page.evaluate("scrollY") == scrolled
    assert studio.state("state.openTabs.middle") != "sample_trace"  # it was no tap
    studio.press("Control+z")
    studio.wait_until(f"{OUTPUT_WEIGHT} === argument", first)


def test_the_first_drag_of_a_finger_moves_the_bar_below_the_network(make_studio: Any) -> None:
    studio = open_for_touch(make_studio, {"width": 1440, "height": 900})
    # Loaded without a pointer at the bar: its value is no longer that of the page as it was sent.
    studio.page.wait_for_function("() => document.getElementById('split').ariaValueNow !== '40'")
    box, finger = studio.page.get_by_role("separator").bounding_box(), Finger(studio)
    finger.down(box["x"] + 40, box["y"] + 5)
    finger.move(box["x"] + 40, box["y"] + 65)
    finger.up()
    moved = "(top) => document.getElementById('split').getBoundingClientRect().top === top"
    studio.page.wait_for_function(moved, arg=box["y"] + 60)


def test_a_finger_that_taps_a_line_traces_it_and_one_that_swipes_upwards_scrolls(make_studio: Any) -> None:
    studio = open_for_touch(make_studio, {"width": 390, "height": 844})
    studio.page.touchscreen.tap(**beside_line(studio))
    studio.wait_until("state.openTabs.middle === 'sample_trace' && state.tracedSample.layer === 2")
    line, finger = beside_line(studio), Finger(studio)
    first, scrolled = studio.state(OUTPUT_WEIGHT), studio.page.evaluate("scrollY")
    finger.down(**line)
    finger.move(line["x"], line["y"] - 120)
    finger.up()
    studio.page.wait_for_function("(before) => scrollY > before + 50", arg=scrolled)
    assert studio.state(OUTPUT_WEIGHT) == first


def test_a_frozen_weight_is_marked_and_keeps_its_value_in_training(studio: Any) -> None:
    open_studio(studio)
    before_freezing = studio.pixels(".network-canvas")
    inspector = inspect(studio, 1, 1, 5)
    inspector.locator("[data-source='0'] .icon-button").click()
    studio.wait_until("state.parameters.layers[0].frozen?.[0][1]")
    before = weights(studio)[0]
    studio.press("Escape")
    studio.page.mouse.move(5, 5)
    studio.wait_until_drawn()
    assert (studio.pixels(".network-canvas") != before_freezing).any()
    studio.train_epoch()
    after = weights(studio)[0]
    assert after["weights"][0][1] == before["weights"][0][1]
    assert after["weights"][1][1] != before["weights"][1][1]


def test_a_unit_is_disabled_and_enabled_again(studio: Any) -> None:
    open_studio(studio)
    inspect(studio, 1, 3, 5)
    press(studio, "Disable")
    studio.wait_until("state.parameters.layers[0].off?.includes(3)")
    studio.wait_until_drawn()
    button = studio.page.locator("#inspector").get_by_role("button", name="Disable")
    assert button.get_attribute("aria-pressed") == "true"
    assert weights(studio)[0]["off"] == [3]
    press(studio, "Disable")
    studio.wait_until("!state.parameters.layers[0].off")
    assert "off" not in weights(studio)[0]


def test_a_duplicated_or_removed_unit_changes_the_form(studio: Any) -> None:
    open_studio(studio).train_epoch()
    before, run = weights(studio), studio.run_id
    inspect(studio, 1, 2, 5)
    press(studio, "Duplicate")
    studio.wait_until("state.run.config.layers[0].units === 6 && state.draft.layers[0].units === 6")
    studio.wait_until("state['view:network'].layers[0].biases.length === 6")
    studio.wait_until_applied()
    assert studio.run_id == run
    assert len(weights(studio)[0]["biases"]) == 6
    assert studio.page.get_by_label("Units in layer 1").input_value() == "6"
    inspect(studio, 1, 3, 6)
    press(studio, "Remove")
    studio.wait_until("state.run.config.layers[0].units === 5 && state.draft.layers[0].units === 5")
    assert weights(studio)[0]["biases"] == pytest.approx(before[0]["biases"])
    studio.train_epoch()
    assert studio.run_id == run


def test_the_inspector_opens_and_closes_with_keys(studio: Any) -> None:
    studio.open(config=CONFIG)
    studio.page.focus(".network-canvas")
    studio.wait_until("state.inspected && state.parameters")
    studio.press("ArrowRight")
    studio.press("ArrowRight")
    assert studio.state("state.pinned.layer") == 1
    studio.press("Enter")
    studio.page.wait_for_selector("#inspector", state="visible")
    assert studio.page.evaluate("document.activeElement.closest('#inspector') !== null")
    studio.press("Escape")
    studio.page.wait_for_selector("#inspector", state="hidden")


def test_weights_of_pixels_are_shown_as_images(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "digits"}, "layers": [{"units": 5}, {"units": 4}]})
    studio.wait_until("state.inspected && state.parameters")
    studio.wait_until_drawn()
    weight = weights(studio)[0]["weights"]
    image = studio.pixels(".network-canvas")
    position = studio.unit_position(1, 0)
    half = studio.page.evaluate("__probe.graphLayout().then(({ columns }) => columns[1].tile / 2)")
    for row, column in ((1, 1), (2, 5), (6, 3)):
        y = int(position["y"] - half + (row + 0.5) * 2 * half / 8)
        x = int(position["x"] - half + (column + 0.5) * 2 * half / 8)
        red, green, _, _ = (int(part) for part in image[y, x])
        value = weight[row * 8 + column][0]
        if abs(value) > 0.05:
            assert (green > red) == (value > 0), (row, column, value)
    inspect(studio, 1, 1, 5)
    press(studio, "All weights of the layer")
    studio.page.wait_for_selector(".weight-pictures .pixels", state="visible")
    assert studio.page.locator(".weight-pictures .pixels").count() == 5
    image = studio.pixels(".weight-pictures .pixels")
    for row, column in ((1, 1), (2, 5), (6, 3)):
        y, x = (
            int((position + 0.5) * side / 8)
            for position, side in zip((row, column), image.shape, strict=False)
        )
        red, green, _, _ = (int(part) for part in image[y, x])
        value = weight[row * 8 + column][0]
        if abs(value) > 0.05:
            assert (green > red) == (value > 0), (row, column, value)
    studio.page.locator(".heat-dialog").get_by_label("Layer shown").select_option("1")
    assert "5 inputs by 4 units" in studio.page.locator(".heat-map").get_attribute("aria-label")


def test_every_layer_of_a_deep_network_has_a_map_of_its_weights(studio: Any) -> None:
    layers = [{"units": 8, "activation": "relu"}] * 100
    studio.open(config={"dataset": {"name": "circle"}, "layers": layers})
    studio.page.get_by_role("button", name="Weights", exact=True).click()
    studio.page.locator(".heat-dialog").get_by_label("Layer shown").select_option("70")
    shown = studio.page.locator(".heat-map")
    layer = weights(studio)[70]
    largest = max(abs(value) for row in [*layer["weights"], layer["biases"]] for value in row)
    label = shown.get_attribute("aria-label")
    assert "layer 71: 8 inputs by 8 units" in label and f"{float(f'{largest:.3g}'):g}" in label
    cell = shown.locator("tbody tr").nth(2).locator("td").nth(3)
    assert float(cell.inner_text()) == float(format(layer["weights"][2][3], ".2g"))
    assert shown.locator("tbody th").all_inner_texts() == [*(f"unit {i}" for i in range(1, 9)), "bias"]
    cell.hover()
    status = studio.page.locator(".heat-dialog [role=status]").inner_text()
    assert status == f"Weight from 3 to unit 4: {float(format(layer['weights'][2][3], '.3g')):g}"


def test_an_arrow_key_on_a_slider_starts_from_the_current_value(studio: Any) -> None:
    open_studio(studio)
    studio.server.call(
        "PATCH",
        f"/api/runs/{studio.run_id}/weights",
        {"weights": [{"layer": 1, "unit": 0, "source": "bias", "value": 0.5}]},
    )
    studio.wait_until("state['view:network'].layers[1].biases[0] === 0.5")
    studio.page.locator(".network-canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        studio.press(key)
    slider = studio.page.locator("#inspector [data-source=bias] input.slider")
    slider.wait_for()
    slider.focus()
    studio.press("ArrowLeft")
    studio.wait_until("Math.abs(state['view:network'].layers[1].biases[0] - 0.49) < 1e-6")
    assert weights(studio)[1]["biases"][0] == pytest.approx(0.49)


def test_one_choice_gives_all_hidden_layers_an_activation_and_is_undone_at_once(studio: Any) -> None:
    studio.open(config=CONFIG)
    select = studio.page.get_by_label("Activation of all hidden layers")
    assert select.input_value() == "tanh"
    select.select_option("relu")
    studio.wait_until("state.run.config.layers.every(({ activation }) => activation === 'relu')")
    studio.wait_until_applied()
    assert [layer["activation"] for layer in studio.run()["config"]["layers"]] == ["relu", "relu"]
    studio.press("Control+z")
    studio.wait_until("state.run.config.layers.every(({ activation }) => activation === 'tanh')")
    studio.page.select_option("select[data-field='layers.0.activation']", "sigmoid")
    studio.wait_until("state.run.config.layers[0].activation === 'sigmoid'")
    studio.wait_until_drawn()
    assert select.evaluate("({ selectedOptions }) => selectedOptions[0].text") == "mixed"


def test_features_are_nodes_that_a_click_or_a_key_adds_and_removes(studio: Any) -> None:
    studio.open(config={**CONFIG, "features": ["x2"]})
    nodes = studio.page.get_by_role("group", name="Features").get_by_role("button")
    names = [node.get_attribute("aria-label") for node in nodes.all()]
    assert names == ["x₁", "x₂", "x₁²", "x₂²", "x₁·x₂", "sin(x₁)", "sin(x₂)"]
    last, square = nodes.nth(1), nodes.nth(2)
    assert last.get_attribute("aria-pressed") == "true" and last.get_attribute("aria-disabled") == "true"
    assert square.get_attribute("aria-pressed") == "false"
    last.press("Enter")  # a network needs an input
    box, canvas = square.bounding_box(), studio.page.locator(".network-canvas").bounding_box()
    x, y = round(studio.unit_position(0, 0)["x"]), round(box["y"] + box["height"] / 2 - canvas["y"])

    def tile(half: int) -> np.ndarray:
        pixels = studio.pixels(".network-canvas")[y - half : y + half, x - half : x + half, :3]
        return np.asarray(pixels.reshape(-1, 3), int)

    pale = tile(8)
    assert len(np.unique(pale, axis=0)) > 5  # a map
    square.click()
    studio.wait_until("state.run.config.features?.join() === 'x2,x1^2'")
    studio.wait_until("state['view:network'].inputs.names.length === 2")
    studio.wait_until_drawn()
    assert square.get_attribute("aria-pressed") == "true" and last.get_attribute("aria-disabled") is None
    assert np.ptp(tile(16), axis=1).max() > 1.5 * np.ptp(pale, axis=1).max()
    studio.page.mouse.move(5, 5)
    square.hover()
    studio.wait_until("state.hovered?.layer === -1 && state.hovered.unit === 1")
    square.press("Enter")
    studio.wait_until("state.run.config.features?.join() === 'x2'")


def test_the_features_of_many_inputs_stand_in_a_list(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "breast_cancer"}, "layers": [{"units": 4}]})
    assert studio.page.get_by_role("group", name="Features").get_by_role("button").count() == 0
    studio.page.get_by_role("button", name="Choose", exact=True).click()
    listed = studio.page.get_by_role("dialog", name="Features")
    listed.wait_for()
    chips = listed.locator("[aria-pressed]")
    assert chips.count() == 30 and listed.get_by_text("30 of 30 used").is_visible()
    listed.get_by_role("button", name="mean radius").click()
    studio.wait_until(
        "state.run.config.features?.length === 29 && state.run.config.features[0] === 'mean texture'"
    )
    studio.wait_until_drawn()
    assert (
        chips.first.get_attribute("aria-pressed") == "false" and listed.get_by_text("29 of 30").is_visible()
    )
    chips.last.scroll_into_view_if_needed()
    box, last = listed.bounding_box(), chips.last.bounding_box()
    assert last["y"] + last["height"] <= box["y"] + box["height"] <= 900
    listed.get_by_role("button", name="Use all").click()
    studio.wait_until("state.run.config.features.length === 30")
    studio.press("Escape")
    listed.wait_for(state="detached")


def test_a_layer_is_inserted_between_two_columns_and_units_are_added_above_theirs(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open(config=CONFIG)
    insert = studio.page.get_by_role("button", name="Insert a hidden layer here")
    assert insert.count() == 3
    insert.nth(0).press("Enter")
    sizes = "state.run.config.layers.map(({ units }) => units).join()"
    studio.wait_until(f"{sizes} === '5,5,4'")
    studio.page.get_by_role("button", name="Add a unit to layer 2").click()
    studio.wait_until(f"{sizes} === '5,6,4'")
    insert.nth(3).click()
    studio.wait_until(f"{sizes} === '5,6,4,4'")
    studio.page.get_by_role("button", name="Remove a unit from layer 4").click()
    studio.wait_until(f"{sizes} === '5,6,4,3'")
    studio.wait_until_drawn()
    assert studio.page.evaluate("__probe.smallControls(24, '.panel-network')") == []
    assert studio.page.evaluate("__probe.overlappingControls()") == []
    assert studio.page.evaluate("__probe.cutTexts()") == []


def test_units_are_large_enough_in_a_small_window_and_grow_with_it(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open(config={"layers": [{"units": 8}] * 4})

    def tiles() -> list[int]:
        studio.wait_until_drawn()
        layout = studio.page.evaluate(
            "__probe.graphLayout().then(({ columns }) => columns.map(({ tile }) => tile))"
        )
        return [int(tile) for tile in layout]

    small = tiles()
    assert min(small) >= 32 and len(set(small)) == 1  # inputs and outputs are as large as the units
    for count in (3, 2):
        studio.page.get_by_role("button", name="Remove the last hidden layer").click()
        studio.wait_until(f"state.run.config.layers.length === {count}")
    assert min(tiles()) >= 32  # the controls of two layers are higher
    studio.page.set_viewport_size({"width": 1920, "height": 1080})
    studio.wait_until("state.layoutSize.startsWith('1920')")
    assert min(tiles()) >= 40


@pytest.mark.parametrize(("size", "layers"), [((390, 844), 2), ((1280, 720), 9)])
def test_the_window_of_a_narrow_layer_has_its_units_and_its_activation(
    make_studio: Any, size: tuple[int, int], layers: int
) -> None:
    studio = make_studio({"width": size[0], "height": size[1]}).open(
        config={"layers": [{"units": 5}] * layers}
    )
    studio.page.locator(".layer-compact").first.click()
    window = studio.page.locator("#layer-details-0")
    window.get_by_role("button", name="Remove a unit").click()
    studio.wait_until("state.run.config.layers[0].units === 4")
    window.get_by_label("Activation").select_option("relu")
    studio.wait_until("state.run.config.layers[0].activation === 'relu'")


WIDE = {"paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "layers": [{"units": 24}]}


def test_the_units_of_a_wide_layer_stand_in_lanes_in_which_each_can_be_pointed_at(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open(config=WIDE)
    studio.wait_until_drawn()
    tile, shown, lanes = studio.page.evaluate(
        "__probe.graphLayout().then(({ columns: [, { tile, shown, lanes }] }) => [tile, shown, lanes])"
    )
    assert shown == 24 and lanes > 1 and tile >= 18  # one below the other they would have 8 pixels
    centres = [studio.unit_position(1, unit) for unit in range(24)]
    assert len({(round(centre["x"]), round(centre["y"])) for centre in centres}) == 24
    for first, second in itertools.combinations(centres, 2):
        assert max(abs(first["x"] - second["x"]), abs(first["y"] - second["y"])) > tile
    canvas = studio.page.locator(".network-canvas")
    for unit in (0, 11, 23):
        canvas.hover(position=centres[unit])
        studio.wait_until("state.hovered?.layer === 0 && state.hovered.unit === argument", unit)


def test_lines_into_the_first_lane_and_out_of_the_last_can_be_pointed_at(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open(config=WIDE)
    studio.page.locator(".network-canvas").hover(position=studio.unit_position(1, 0))
    studio.wait_until("state.inspected && state.parameters")
    studio.wait_until_drawn()
    half = studio.page.evaluate("__probe.graphLayout().then(({ columns }) => columns[1].tile / 2)")
    first, last = studio.unit_position(1, 0), studio.unit_position(1, 23)
    canvas = studio.page.locator(".network-canvas")
    canvas.hover(position={"x": first["x"] - half - 6, "y": first["y"]})
    studio.wait_until("state.hoveredEdge?.layer === 0 && state.hoveredEdge.unit === 0")
    canvas.hover(position={"x": last["x"] + half + 6, "y": last["y"]})
    studio.wait_until("state.hoveredEdge?.layer === 1 && state.hoveredEdge.source === 23")
