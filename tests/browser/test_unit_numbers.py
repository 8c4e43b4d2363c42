"""Tooltips with the numbers of a unit and of a weight, and pinned units side by side."""

from typing import Any

import numpy as np
import pytest

CONFIG = {"dataset": {"name": "circle"}, "layers": [{"units": 5}, {"units": 4}]}


def unit_at(studio: Any, column: int, unit: int, count: int, columns: int = 4) -> dict[str, float]:
    """Where a unit is drawn; column 0 are the inputs."""
    box = studio.page.locator(".network-canvas").bounding_box()
    room = box["height"] - 30
    step = min(room / count, 46 * 1.22 + 4)
    top = 14 + (room - step * count) / 2
    return {"x": box["width"] / columns * (column + 0.5), "y": top + step * (unit + 0.5)}


def opened(studio: Any, config: dict[str, Any] | None = None) -> Any:
    """A studio after one epoch, with the inspector loaded."""
    studio.open(config=config or CONFIG)
    studio.epoch()
    studio.page.locator(".network-canvas").hover(position={"x": 4, "y": 4})
    studio.wait("state.inspected && state.parameters && state['view:network'].step === state.run.step")
    return studio


def numbers(studio: Any, **options: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/unit_numbers?{query}")


def short(value: float) -> str:
    """Three significant digits, as the page writes them."""
    return f"{float(f'{value:.3g}'):g}".replace("e-0", "e-")


def tooltip(studio: Any, layer: int, unit: int) -> str:
    """The text of the tooltip as soon as it shows the numbers of this unit."""
    studio.wait(
        "state['view:numbers']?.layer === argument[0] && state['view:numbers'].unit === argument[1]"
        " && state['view:numbers'].step === state.run.step",
        [layer, unit],
    )
    studio.drawn()
    return str(studio.page.locator(".tooltip").inner_text())


def test_the_tooltip_of_a_unit_shows_bias_weights_output_and_gradients(studio: Any) -> None:
    opened(studio)
    studio.page.locator(".network-canvas").hover(position=unit_at(studio, 2, 1, 4))
    shown, view = tooltip(studio, 1, 1), numbers(studio, layer=1, unit=1)
    assert f"bias {short(view['bias'])}, gradient {short(view['bias_gradient'])}" in shown
    for index, (weight, gradient) in enumerate(zip(view["weights"], view["weight_gradients"], strict=True)):
        assert f"from unit {index + 1}: {short(weight)}, gradient {short(gradient)}" in shown
    assert f"Training point 0: output {short(view['point']['a'])}, z" in shown


def test_the_tooltip_of_a_weight_shows_its_contribution_and_gradient(studio: Any) -> None:
    opened(studio)
    start, end = unit_at(studio, 2, 1, 4), unit_at(studio, 3, 0, 1)
    studio.page.locator(".network-canvas").hover(
        position={"x": (start["x"] + end["x"]) / 2, "y": (start["y"] + end["y"]) / 2}
    )
    shown, view = tooltip(studio, 2, 0), numbers(studio, layer=2, unit=0)
    assert f"weight {short(view['weights'][1])}" in shown
    assert f"\ngradient {short(view['weight_gradients'][1])}\n" in shown
    assert f"weight × input {short(view['weights'][1] * view['point']['inputs'][1])}" in shown


def test_the_output_unit_shows_its_numbers_and_can_be_edited(studio: Any) -> None:
    opened(studio)
    studio.page.locator(".network-canvas").click(position=unit_at(studio, 3, 0, 1))
    studio.wait("state['view:numbers']?.layer === 2 && state['view:numbers'].step === state.run.step")
    studio.drawn()
    inspector, view = studio.page.locator("#inspector"), numbers(studio, layer=2, unit=0)
    assert short(view["point"]["a"]) in inspector.locator(".unit-outputs").inner_text()
    inspector.locator("[data-source='bias'] input.number").fill("1.25")
    studio.press("Enter")
    studio.wait("state['view:network'].layers[2].biases[0] === 1.25")
    studio.wait("state['view:numbers'].bias === 1.25")


def test_a_unit_pinned_with_the_keys_shows_its_numbers(studio: Any) -> None:
    opened(studio)
    studio.page.locator(".network-canvas").focus()
    studio.press("ArrowRight")
    layer = studio.state("state.pinned.layer")
    studio.press("ArrowRight")
    studio.wait("state.pinned.layer > argument", layer)
    layer, unit = studio.state("[state.pinned.layer, state.pinned.unit]")
    shown = tooltip(studio, layer, unit)
    assert f"bias {short(numbers(studio, layer=layer, unit=unit)['bias'])}" in shown


def test_pinned_units_are_shown_side_by_side_until_unpinned(studio: Any) -> None:
    opened(studio)
    canvas = studio.page.locator(".network-canvas")
    for column, unit, count in ((1, 0, 5), (2, 3, 4), (3, 0, 1)):
        canvas.click(position=unit_at(studio, column, unit, count), modifiers=["Shift"])
    studio.wait("state['view:beside-0-0'] && state['view:beside-1-3'] && counters.draws.pinned_units")
    studio.page.mouse.move(5, 5)
    studio.drawn()
    names = studio.page.locator(".pinned-units figcaption").all_inner_texts()
    assert [name.strip() for name in names] == ["Layer 1, unit 1", "Layer 2, unit 4", "Output unit"]
    values = studio.server.call(
        "GET", f"/api/runs/{studio.run_id}/views/decision_boundary?layer=1&unit=3&resolution=48"
    )["values"]
    shown = studio.state("[...state['view:beside-1-3'].values]")
    assert shown == pytest.approx(np.ravel(values).tolist(), abs=1e-5)
    before = studio.picture(".pinned-units figure:nth-child(2) canvas")
    assert len(np.unique(before.reshape(-1, 4), axis=0)) > 20
    studio.epoch()
    studio.wait("state['view:beside-1-3'].step === state.run.step")
    studio.drawn()
    assert (studio.picture(".pinned-units figure:nth-child(2) canvas") != before).any()
    studio.page.get_by_role("button", name="Unpin Layer 1, unit 1").click()
    studio.wait("state.sideBySide.length === 2")
    studio.page.mouse.move(5, 5)
    studio.press("Escape")
    studio.wait("state.sideBySide.length === 0")
    studio.page.locator(".pinned-units").wait_for(state="hidden")


def test_a_unit_of_the_first_layer_shows_its_weights_as_an_image(studio: Any) -> None:
    opened(studio, {"dataset": {"name": "digits", "samples": 300}, "layers": [{"units": 6}]})
    studio.page.locator(".network-canvas").click(position=unit_at(studio, 1, 2, 6, columns=3))
    studio.page.wait_for_selector("#inspector .weight-image", state="visible")
    studio.wait("state['view:numbers']?.unit === 2")
    studio.drawn()
    picture = studio.picture("#inspector .weight-image").astype(int)
    weights = np.array(numbers(studio, layer=0, unit=2)["weights"]).reshape(8, 8)
    cells = picture[7::14, 7::14]
    warm = cells[:8, :8, 0] - cells[:8, :8, 2]  # red minus blue: orange is positive, blue negative
    strong = np.abs(weights) > 0.2 * np.abs(weights).max()
    assert (np.sign(warm - 6)[strong] == np.sign(weights)[strong]).all()


def test_an_input_is_drawn_over_the_same_plane_as_the_units(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "iris"}, "layers": [{"units": 5}, {"units": 4}]})
    output = studio.picture(".boundary-map")
    at = unit_at(studio, 0, 2, 4)
    studio.page.locator(".network-canvas").hover(position=at)
    studio.wait("state.hovered?.layer === -1 && state.hovered.unit === 2")
    studio.drawn()
    assert (
        studio.page.locator("#panel-decision_boundary .panel-title").inner_text() == "Input petal length (cm)"
    )
    assert (studio.picture(".boundary-map") != output).any(axis=-1).mean() > 0.3
    x, y = round(at["x"]), round(at["y"])
    tile = studio.picture(".network-canvas")[y - 8 : y + 8, x - 8 : x + 8, :3]
    assert len(np.unique(tile.reshape(-1, 3), axis=0)) > 10  # a slope of colours, no empty square


def test_the_first_tap_opens_a_unit_and_the_second_closes_it(make_studio: Any) -> None:
    studio = make_studio({"width": 390, "height": 844}, has_touch=True)
    studio.open(config=CONFIG)
    canvas = studio.page.locator(".network-canvas")
    canvas.scroll_into_view_if_needed()
    studio.drawn()
    at = unit_at(studio, 1, 2, 5)
    canvas.tap(position=at)
    studio.page.wait_for_selector("#inspector:popover-open")
    assert studio.state("[state.pinned.layer, state.pinned.unit]") == [0, 2]
    canvas.tap(position=at)
    studio.wait("state.pinned === null")
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
    studio.page.evaluate("__look.read('.network-canvas')")
    studio.epoch()
    studio.drawn()
    shown = [each for each in studio.page.evaluate("__look.written") if "…" in each["text"]][-4:]
    assert [each["text"].split("…")[1] for each in shown] == ["7 (°C)", "8 (°C)", "10 (°C)", "11 (°C)"]
    assert all(each["text"].startswith("Te") for each in shown)
    assert min(each["left"] for each in shown) >= 6
