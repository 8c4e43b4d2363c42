"""Tooltips with the numbers of a unit and of a weight, and pinned units side by side."""

from typing import Any

import numpy as np
import pytest

CONFIG = {"dataset": {"name": "circle"}, "layers": [{"units": 5}, {"units": 4}]}


def open_studio(studio: Any, config: dict[str, Any] | None = None) -> Any:
    """A studio after one epoch, with the inspector loaded."""
    studio.open(config=config or CONFIG)
    studio.train_epoch()
    studio.page.locator(".network-canvas").hover(position={"x": 4, "y": 4})
    studio.wait_until("state.inspected && state.parameters && state['view:network'].step === state.run.step")
    return studio


def numbers(studio: Any, **options: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/unit_numbers?{query}")


def three_digits(value: float) -> str:
    """Three significant digits, as the page writes them."""
    return f"{float(f'{value:.3g}'):g}".replace("e-0", "e-")


def tooltip(studio: Any, layer: int, unit: int) -> str:
    """The text of the tooltip as soon as it shows the numbers of this unit."""
    studio.wait_until(
        "state['view:numbers']?.layer === argument[0] && state['view:numbers'].unit === argument[1]"
        " && state['view:numbers'].step === state.run.step",
        [layer, unit],
    )
    studio.wait_until_drawn()
    return str(studio.page.locator(".tooltip").inner_text())


def test_the_tooltip_of_a_unit_shows_bias_weights_output_and_gradients(studio: Any) -> None:
    open_studio(studio)
    studio.page.locator(".network-canvas").hover(position=studio.unit_position(2, 1))
    shown, view = tooltip(studio, 1, 1), numbers(studio, layer=1, unit=1)
    assert f"bias {three_digits(view['bias'])}, gradient {three_digits(view['bias_gradient'])}" in shown
    for index, (weight, gradient) in enumerate(zip(view["weights"], view["weight_gradients"], strict=True)):
        assert f"from unit {index + 1}: {three_digits(weight)}, gradient {three_digits(gradient)}" in shown
    assert f"Training point 0: output {three_digits(view['point']['a'])}, z" in shown


def test_the_tooltip_of_a_weight_shows_its_contribution_and_gradient(studio: Any) -> None:
    open_studio(studio)
    start, end = studio.unit_position(2, 1), studio.unit_position(3, 0)
    studio.page.locator(".network-canvas").hover(
        position={"x": (start["x"] + end["x"]) / 2, "y": (start["y"] + end["y"]) / 2}
    )
    shown, view = tooltip(studio, 2, 0), numbers(studio, layer=2, unit=0)
    assert f"weight {three_digits(view['weights'][1])}" in shown
    assert f"\ngradient {three_digits(view['weight_gradients'][1])}\n" in shown
    assert f"weight × input {three_digits(view['weights'][1] * view['point']['inputs'][1])}" in shown


def test_the_output_unit_shows_its_numbers_and_can_be_edited(studio: Any) -> None:
    open_studio(studio)
    studio.page.locator(".network-canvas").click(position=studio.unit_position(3, 0))
    studio.wait_until("state['view:numbers']?.layer === 2 && state['view:numbers'].step === state.run.step")
    studio.wait_until_drawn()
    inspector, view = studio.page.locator("#inspector"), numbers(studio, layer=2, unit=0)
    assert three_digits(view["point"]["a"]) in inspector.locator(".unit-outputs").inner_text()
    inspector.locator("[data-source='bias'] input.number").fill("1.25")
    studio.press("Enter")
    studio.wait_until("state['view:network'].layers[2].biases[0] === 1.25")
    studio.wait_until("state['view:numbers'].bias === 1.25")


def test_a_unit_pinned_with_the_keyboard_shows_its_numbers(studio: Any) -> None:
    open_studio(studio)
    studio.page.locator(".network-canvas").focus()
    studio.press("ArrowRight")
    layer = studio.state("state.pinned.layer")
    studio.press("ArrowRight")
    studio.wait_until("state.pinned.layer > argument", layer)
    layer, unit = studio.state("[state.pinned.layer, state.pinned.unit]")
    shown = tooltip(studio, layer, unit)
    assert f"bias {three_digits(numbers(studio, layer=layer, unit=unit)['bias'])}" in shown


def test_pinned_units_are_shown_side_by_side_until_unpinned(studio: Any) -> None:
    open_studio(studio)
    canvas = studio.page.locator(".network-canvas")
    for column, unit in ((1, 0), (2, 3), (3, 0)):
        canvas.click(position=studio.unit_position(column, unit), modifiers=["Shift"])
    studio.wait_until("state['view:beside-0-0'] && state['view:beside-1-3'] && counters.draws.pinned_units")
    studio.page.mouse.move(5, 5)
    studio.wait_until_drawn()
    names = studio.page.locator(".pinned-units figcaption").all_inner_texts()
    assert [name.strip() for name in names] == ["Layer 1, unit 1", "Layer 2, unit 4", "Output unit"]
    values = studio.server.call(
        "GET", f"/api/runs/{studio.run_id}/views/decision_boundary?layer=1&unit=3&resolution=48"
    )["values"]
    shown = studio.state("[...state['view:beside-1-3'].values]")
    assert shown == pytest.approx(np.ravel(values).tolist(), abs=1e-5)
    before = studio.pixels(".pinned-units figure:nth-child(2) canvas")
    assert len(np.unique(before.reshape(-1, 4), axis=0)) > 20
    studio.train_epoch()
    studio.wait_until("state['view:beside-1-3'].step === state.run.step")
    studio.wait_until_drawn()
    assert (studio.pixels(".pinned-units figure:nth-child(2) canvas") != before).any()
    studio.page.get_by_role("button", name="Unpin Layer 1, unit 1").click()
    studio.wait_until("state.sideBySide.length === 2")
    studio.page.mouse.move(5, 5)
    studio.press("Escape")
    studio.wait_until("state.sideBySide.length === 0")
    studio.page.locator(".pinned-units").wait_for(state="hidden")


def test_actions_whose_module_is_still_loaded_take_effect_in_their_order(studio: Any) -> None:
    open_studio(studio)
    order = studio.page.evaluate(
        """async () => {
          const { load } = await __probe.importModule("core/loading");
          const answers = [];
          const request = () => new Promise((resolve) => answers.push(resolve));
          const order = [];
          const calls = ["first", "second"].map((name) => load(request).then(() => order.push(name)));
          await Promise.resolve();
          answers.pop()(); // if both are on their way, the second one is answered first
          while (order.length < 2) {
            await new Promise(requestAnimationFrame);
            answers.pop()?.();
          }
          await Promise.all(calls);
          return order;
        }"""
    )
    assert order == ["first", "second"]


def test_a_unit_of_the_first_layer_shows_its_weights_as_an_image(studio: Any) -> None:
    open_studio(studio, {"dataset": {"name": "digits", "samples": 300}, "layers": [{"units": 6}]})
    studio.page.locator(".network-canvas").click(position=studio.unit_position(1, 2))
    studio.page.wait_for_selector("#inspector .weight-image", state="visible")
    studio.wait_until("state['view:numbers']?.unit === 2")
    studio.wait_until_drawn()
    image = studio.pixels("#inspector .weight-image").astype(int)
    weights = np.array(numbers(studio, layer=0, unit=2)["weights"]).reshape(8, 8)
    cells = image[7::14, 7::14]
    green_minus_red = cells[:8, :8, 1] - cells[:8, :8, 0]  # green is positive, purple negative
    is_large = np.abs(weights) > 0.2 * np.abs(weights).max()
    assert (np.sign(green_minus_red + 2)[is_large] == np.sign(weights)[is_large]).all()


def test_the_map_of_an_input_has_the_plane_of_the_units(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "iris"}, "layers": [{"units": 5}, {"units": 4}]})
    output = studio.pixels(".boundary-map")
    position = studio.unit_position(0, 2)
    studio.page.get_by_role("button", name="petal length (cm)", exact=True).hover()
    studio.wait_until("state.hovered?.layer === -1 && state.hovered.unit === 2")
    studio.wait_until_drawn()
    assert (
        studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Input petal length (cm)"
    )
    assert (studio.pixels(".boundary-map") != output).any(axis=-1).mean() > 0.3
    x, y = round(position["x"]), round(position["y"])
    tile = studio.pixels(".network-canvas")[y - 8 : y + 8, x - 8 : x + 8, :3]
    assert len(np.unique(tile.reshape(-1, 3), axis=0)) > 10  # a slope of colours, no empty square


def test_the_first_tap_opens_a_unit_and_the_second_closes_it(make_studio: Any) -> None:
    studio = make_studio({"width": 390, "height": 844}, has_touch=True)
    studio.open(config=CONFIG)
    canvas = studio.page.locator(".network-canvas")
    canvas.scroll_into_view_if_needed()
    studio.wait_until_drawn()
    position = studio.unit_position(1, 2)
    canvas.tap(position=position)
    studio.page.wait_for_selector("#inspector:popover-open")
    assert studio.state("[state.pinned.layer, state.pinned.unit]") == [0, 2]
    canvas.tap(position=position)
    studio.wait_until("state.pinned === null")
    studio.page.wait_for_selector("#inspector", state="hidden")


def test_long_input_names_with_a_common_prefix_stay_distinguishable(
    make_studio: Any, own_server: Any
) -> None:
    studio = make_studio(at=own_server, new=True)
    names = [f"Temperatur der Station {number} (°C)" for number in (7, 8, 10, 11)]
    rows = [",".join(str((row * step) % 17) for step in (3, 5, 7, 9, 4)) for row in range(60)]
    table = "\n".join([",".join([*names, "yield"]), *rows])
    address = f"{own_server.url}/api/datasets/stations"
    studio.page.request.put(address, data=table, headers={"Content-Type": "text/csv"})
    studio.open(config={"dataset": {"name": "stations"}, "layers": [{"units": 4}] * 3})
    studio.page.evaluate("__probe.recordTexts('.network-canvas')")
    studio.train_epoch()
    studio.wait_until_drawn()
    shown = [text for text in studio.page.evaluate("__probe.recordedTexts") if "…" in text["text"]][-4:]
    assert [text["text"].split("…")[1] for text in shown] == ["7 (°C)", "8 (°C)", "10 (°C)", "11 (°C)"]
    assert all(text["text"].startswith("Te") for text in shown)
    assert min(text["left"] for text in shown) >= 6
