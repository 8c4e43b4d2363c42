"""Without pointer, picture or letters: skip links, the map by keys, texts, the table of curves, a switch."""

from typing import Any

import pytest

from app.web.texts import text

STACK = ".boundary-stack"
TOOLTIP = ".tooltip:not([hidden])"


def prediction(studio: Any, place: list[float]) -> float:
    answer = studio.server.call("POST", f"/api/runs/{studio.run_id}/predict", {"inputs": [place]})
    return float(answer["outputs"][0][0])


def read_tooltip(studio: Any, part: str) -> list[str]:
    """The lines of the tooltip once it contains a text."""
    studio.page.locator(TOOLTIP, has_text=part).wait_for(state="visible")
    return str(studio.page.locator(TOOLTIP).inner_text()).splitlines()


def value_and_place(lines: list[str]) -> tuple[float, list[float]]:
    answer, place = lines
    numbers = [float(part.split()[1]) for part in place.split(", ")]
    return float(answer.removeprefix("Network: ").split(",")[0]), numbers


def test_arrow_keys_walk_over_the_map_and_the_network_s_answer_is_said(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gate_xor"}, "layers": [{"units": 3}]})
    studio.train_epoch()
    studio.wait_until_drawn()
    step = studio.run()["step"]
    ranges = studio.state("[state['view:decision_boundary'].x, state['view:decision_boundary'].y]")
    expected = [
        (low + high) / 2 + (high - low) * keys / 40 for (low, high), keys in zip(ranges, (5, 1), strict=True)
    ]
    studio.page.focus(STACK)
    for key in ["ArrowUp", *["ArrowRight"] * 5]:
        studio.press(key)
    lines = read_tooltip(studio, f"x₁ {float(f'{expected[0]:.3g}'):g},")
    value, place = value_and_place(lines)
    assert place == pytest.approx(expected, rel=0.005)
    assert value == pytest.approx(prediction(studio, place), abs=0.01)
    assert studio.run()["step"] == step  # the arrow keys did not train
    assert studio.page.locator(".tooltip").get_attribute("role") == "status"


def test_an_empty_place_of_the_map_says_the_answer_and_the_class(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "circle"}, "layers": [{"units": 6}]})
    studio.train_epoch()
    studio.wait_until_drawn()
    box = studio.page.locator(".boundary-map").bounding_box()
    studio.page.mouse.move(box["x"] + 34, box["y"] + 12)
    lines = read_tooltip(studio, "Network: ")
    value, place = value_and_place(lines)
    expected = prediction(studio, place)
    assert value == pytest.approx(expected, abs=0.03)
    assert lines[0].endswith(f", {studio.state('state.points.classes')[int(value >= 0.5)]}")


def test_the_tooltip_of_a_point_has_the_network_s_answer_and_its_loss(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gate_xor"}, "layers": [{"units": 3}]})
    studio.train_epoch()
    studio.wait_until_drawn()
    trace = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/sample_trace?part=train&index=0")
    place = studio.page.evaluate(
        """() => {
          const canvas = document.querySelector(".boundary-points");
          const { x, y } = window.__perceptarium.state["view:decision_boundary"];
          const [a, b] = window.__perceptarium.state.points.train.inputs[0];
          const box = canvas.getBoundingClientRect();
          return [
            box.left + 30 + ((box.width - 40) * (a - x[0])) / (x[1] - x[0]),
            box.top + box.height - 26 - ((box.height - 34) * (b - y[0])) / (y[1] - y[0]),
          ];
        }"""
    )
    studio.page.mouse.move(*place)
    line = read_tooltip(studio, "loss")[-1]
    loss, step = trace["loss"]["value"], trace["step"]
    assert line.startswith("Network: ") and line.endswith(f"loss {float(f'{loss:.3g}'):g} (step {step})")


@pytest.mark.parametrize(
    ("panel", "part"), [("decision_boundary", "of the plane"), ("network", "Largest weight")]
)
def test_a_panel_has_a_text_of_what_its_drawing_shows(studio: Any, panel: str, part: str) -> None:
    studio.open(config={"layers": [{"units": 3}]})
    studio.train_epoch()  # the texts are loaded with the first step
    studio.page.locator(f"#said-panel-{panel}", has_text=part).wait_for(state="attached")
    described = studio.page.locator(f"#panel-{panel} canvas[aria-describedby=said-panel-{panel}]")
    described.first.wait_for(state="attached")
    studio.page.locator(f"#panel-{panel} .menu-button").focus()
    studio.page.wait_for_selector(f"#said-panel-{panel}[aria-live=polite]", state="attached")


def test_the_curves_are_a_table_with_every_point_of_the_history_that_is_drawn(studio: Any) -> None:
    studio.open(config={"layers": [{"units": 3}]})
    studio.train_epoch()
    studio.train_epoch()
    studio.wait_until_drawn()
    studio.page.click("#panel-curves .menu-button")
    studio.page.get_by_role("button", name=text("panel.curves.table.show")).click()
    table = studio.page.locator(".curves-table table")
    assert table.locator("thead th").all_inner_texts() == ["step", "train", "test", "Test accuracy"]
    columns = studio.state("state.history.columns")
    first = table.locator("tbody tr").last
    assert first.locator("th").inner_text() == str(columns["step"][0])
    *losses, accuracy = first.locator("td").all_inner_texts()
    expected = [columns["train_loss"][0], columns["test_loss"][0]]
    assert [float(cell) for cell in losses] == pytest.approx(expected, rel=0.005)
    measured = studio.state("state.history.metrics.test_accuracy[0]")
    assert float(accuracy) == pytest.approx(measured, rel=0.005)
    assert table.locator("tbody tr").count() == len(columns["step"])
    studio.page.click("#panel-curves .menu-button")
    studio.page.get_by_role("button", name=text("panel.curves.table.hide")).click()
    assert not table.is_visible()


def test_keys_of_one_character_can_be_switched_off_and_stay_so(studio: Any) -> None:
    studio.open(config={"layers": [{"units": 3}]})
    studio.train_epoch()
    run, step = studio.run_id, studio.run()["step"]
    studio.press("?")
    studio.page.get_by_label(text("studio.help.character_keys")).uncheck()
    studio.press("Escape")
    studio.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    for key in ("r", "n", "?"):
        studio.press(key)
    studio.press("ArrowRight")  # not a character: it still trains
    studio.wait_until("state.run.step === argument", step + 1)
    assert studio.run_id == run and studio.page.locator("dialog[open]").count() == 0
    studio.page.click("#help")
    box = studio.page.get_by_label(text("studio.help.character_keys"))
    assert not box.is_checked()
    box.check()
    studio.press("Escape")
    studio.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    studio.press("?")
    studio.page.wait_for_selector("dialog[open]")


@pytest.mark.parametrize("path", ["/", "/runs", "/lessons", "/lessons/swimming", "/docs"])
def test_the_first_tab_stop_skips_to_the_content(studio: Any, path: str) -> None:
    studio.page.goto(studio.server.url + path)
    studio.page.wait_for_load_state("networkidle")
    studio.press("Tab")
    link = studio.page.get_by_role("link", name=text("page.skip"))
    assert link.evaluate("(link) => link === document.activeElement")
    assert link.bounding_box()["y"] >= 0
    address = studio.page.url
    studio.press("Enter")
    assert studio.page.evaluate("document.activeElement.localName") == "main"
    assert studio.page.url.partition("#")[0] == address.partition("#")[0]


@pytest.mark.parametrize("size", [(720, 450), (640, 360)])
def test_at_200_percent_the_whole_map_is_visible_and_nothing_scrolls_sideways(
    studio: Any, size: tuple[int, int]
) -> None:
    studio.page.set_viewport_size({"width": size[0], "height": size[1]})
    studio.open()
    studio.wait_until_drawn()
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    studio.page.locator("#panel-decision_boundary").evaluate("(panel) => panel.scrollIntoView()")
    map_box = studio.page.locator(".boundary-map").bounding_box()
    train = studio.page.locator(".transport").bounding_box()
    assert map_box["y"] >= 0 and map_box["y"] + map_box["height"] <= train["y"]
    assert map_box["height"] > 0.4 * size[1]
