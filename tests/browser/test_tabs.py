"""Tabs: loaded when first opened, used with the keyboard, remembered, and not drawn while hidden."""

from typing import Any

import pytest


def test_the_module_of_a_tab_is_fetched_when_the_tab_is_first_opened(studio: Any) -> None:
    urls: list[str] = []
    studio.page.on("request", lambda request: urls.append(request.url))
    studio.open()
    assert not any("panels/layer_health" in url for url in urls)
    studio.page.click("#tab-layer_health")
    studio.wait_until("state['view:layer_health']")
    assert any(url.endswith("panels/layer_health/index.js") for url in urls)
    fetched = len([url for url in urls if "panels/layer_health" in url])
    studio.page.click("#tab-activation_histograms")
    studio.page.click("#tab-layer_health")
    assert len([url for url in urls if "panels/layer_health" in url]) == fetched
    assert studio.page.locator("#panel-layer_health").is_visible()
    assert not studio.page.locator("#panel-activation_histograms").is_visible()


def test_a_hidden_panel_is_neither_subscribed_to_nor_drawn(studio: Any) -> None:
    studio.open()
    studio.page.click("#tab-layer_health")
    studio.wait_until("counters.draws.layer_health && state['view:layer_health']")
    studio.page.click("#tab-activation_histograms")
    studio.wait_until("state.visiblePanels.layer_health === false")
    studio.train_epoch()  # a view computed when the tab was left may still arrive
    studio.wait_until_drawn()
    before = studio.state("[state['view:layer_health'].step, counters.draws.layer_health]")
    hidden = studio.state("counters.draws.activation_histograms")
    studio.train_epoch()
    studio.wait_until("counters.draws.activation_histograms > argument", hidden)
    studio.wait_until_drawn()
    assert studio.state("[state['view:layer_health'].step, counters.draws.layer_health]") == before


@pytest.mark.parametrize("tab", ["curves", "layer_health"])
def test_a_tab_that_is_pressed_has_the_focus(studio: Any, tab: str) -> None:
    studio.open()
    studio.page.click(f"#tab-{tab}")
    studio.wait_until("counters.draws[argument]", tab)
    assert studio.page.evaluate("document.activeElement.id") == f"tab-{tab}"


def test_a_tab_that_is_pressed_while_the_panel_of_another_appears_opens(studio: Any) -> None:
    held: list[Any] = []
    studio.page.route("**/panels/sample_trace/index.js", lambda route: held.append(route))
    studio.open()
    studio.page.click("#tab-sample_trace")
    studio.until(lambda: held)
    box = studio.page.locator("#tab-layer_health").bounding_box()
    studio.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    studio.page.mouse.down()
    held[0].continue_()
    studio.page.wait_for_function("() => document.querySelector('#panel-sample_trace').dataset.built")
    studio.page.mouse.up()
    studio.wait_until("counters.draws.layer_health")
    assert studio.page.locator("#panel-layer_health").is_visible()
    assert studio.page.evaluate("document.activeElement.id") == "tab-layer_health"


def test_arrow_keys_move_between_tabs_and_do_not_train(studio: Any) -> None:
    studio.open()
    studio.page.focus("#tab-activation_histograms")
    studio.press("ArrowRight")
    studio.wait_until("counters.draws.layer_health")
    assert studio.page.evaluate("document.activeElement.id") == "tab-layer_health"
    assert studio.page.locator("#tab-layer_health").get_attribute("aria-selected") == "true"
    assert studio.page.locator("#tab-activation_histograms").get_attribute("tabindex") == "-1"
    assert studio.run()["step"] == 0
    studio.press("Home")
    assert studio.page.locator("#panel-activation_histograms").is_visible()


def test_the_open_tab_is_remembered(studio: Any) -> None:
    studio.open()
    studio.page.click("#tab-layer_health")
    studio.wait_until("counters.draws.layer_health")
    studio.page.reload()
    studio.wait_until("counters.draws.layer_health")
    assert studio.page.locator("#panel-layer_health").is_visible()


def test_an_enlarged_group_stays_enlarged_when_the_tab_changes(studio: Any) -> None:
    studio.open()
    studio.page.hover("#panel-activation_histograms .layers-canvas")
    studio.press("f")
    studio.page.locator("#panel-activation_histograms.enlarged").wait_for()
    studio.page.click("#tab-layer_health")
    studio.wait_until("counters.draws.layer_health")
    assert studio.page.locator("#panel-layer_health").bounding_box()["width"] > 1400
    studio.press("Escape")
    assert studio.page.locator(".panel.enlarged").count() == 0


IS_FULLY_VISIBLE = """(tab) => {
  const [box, list] = [tab, tab.closest(".tablist")].map((each) => each.getBoundingClientRect());
  return box.left >= list.left - 1 && box.right <= list.right + 1;
}"""


# Whether the row of tabs fades out at its left and at its right end.
FADES = """([left, right]) => {
  const style = getComputedStyle(document.querySelector("[data-group=middle] .tablist"));
  const fades = (side) => parseFloat(style.getPropertyValue(`--fade-${side}`)) > 40;
  return style.maskImage !== "none" && fades("left") === left && fades("right") === right;
}"""


@pytest.mark.parametrize("tab", ["perceptron", "activation_curves"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_the_open_tab_is_scrolled_into_view(make_studio: Any, size: dict[str, int], tab: str) -> None:
    studio = make_studio(size, has_touch=True).open()
    scrolls = size["width"] < 700  # in a wide window all tabs fit
    studio.page.wait_for_function(FADES, arg=[False, scrolls])
    studio.page.focus("#tab-activation_histograms")
    studio.press("ArrowRight")
    studio.page.locator(f"#tab-{tab}").evaluate("(each) => each.click()")
    studio.wait_until("counters.draws[argument]", tab)
    studio.wait_until_drawn()
    assert studio.page.locator(f"#tab-{tab}").evaluate(IS_FULLY_VISIBLE)
    if scrolls:
        studio.page.locator("[data-group=middle] .tablist").evaluate("(list) => list.scrollTo(9999, 0)")
        studio.page.wait_for_function(FADES, arg=[True, False])


NETWORK = "() => document.querySelector('#panel-network').getBoundingClientRect().height"


def test_the_network_keeps_its_height_in_every_tab_until_the_bar_below_it_is_moved(studio: Any) -> None:
    studio.open()
    height = studio.page.evaluate(NETWORK)
    for tab in ("layer_health", "sample_trace", "activation_curves"):
        studio.page.click(f"#tab-{tab}")
        studio.wait_until("counters.draws[argument]", tab)
        assert studio.page.evaluate(NETWORK) == height
    bar = studio.page.get_by_role("separator")
    drawing = studio.page.locator(".network-canvas").bounding_box()["height"]
    bar.focus()
    studio.page.wait_for_function("() => document.activeElement.ariaValueNow !== '40'")
    studio.press("ArrowUp")
    studio.wait_until_drawn()
    assert studio.page.evaluate(NETWORK) == height - 24
    assert studio.page.locator(".network-canvas").bounding_box()["height"] == drawing - 24
    box = bar.bounding_box()
    studio.page.mouse.move(box["x"] + 40, box["y"] + 5)
    studio.page.mouse.down()
    studio.page.mouse.move(box["x"] + 40, box["y"] + 65, steps=4)
    studio.page.mouse.up()
    assert studio.page.evaluate(NETWORK) == height + 36
    studio.open()
    assert studio.page.evaluate(NETWORK) == height + 36
    bar.focus()
    studio.page.wait_for_function("() => document.activeElement.ariaValueNow !== '40'")
    studio.press("Home")
    assert studio.page.locator("#panel-activation_curves").bounding_box()["height"] == 120
    assert int(bar.get_attribute("aria-valuenow")) < 20
    bar.dblclick()
    studio.page.wait_for_function("(height) => (" + NETWORK + ")() === height", arg=height)


def test_tabs_that_do_not_fit_the_run_are_in_a_menu_and_change_it_to_fit(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss"}, "layers": [{"units": 3}]})
    collapse = studio.page.locator("#tab-linear_collapse")
    assert not collapse.is_visible()
    studio.open_other_tab("Collapse")
    studio.page.get_by_role("button", name="Make all layers linear").click()
    studio.wait_until("state.run.config.layers[0].activation === 'linear'")
    studio.page.locator(".collapse-product .matrix").first.wait_for(state="visible")
    studio.page.click("#tab-activation_histograms")
    assert collapse.is_visible()


def test_f_enlarges_the_panel_under_the_pointer_after_a_tab_was_pressed(studio: Any) -> None:
    studio.open()
    studio.page.click("#tab-layer_health")
    studio.wait_until("counters.draws.layer_health")
    studio.page.hover("#panel-decision_boundary .boundary-stack")
    studio.press("f")
    assert studio.page.locator(".panel.enlarged").get_attribute("id") == "panel-decision_boundary"
    assert studio.page.locator("#panel-decision_boundary").is_visible()


def test_the_draw_tab_is_not_reopened_on_data_without_images(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "digits"}})
    studio.page.click("#tab-answer")
    studio.wait_until("counters.draws.answer")
    studio.open()
    assert studio.page.locator("#panel-activation_histograms").is_visible()
    assert studio.page.locator("#tab-activation_histograms").get_attribute("aria-selected") == "true"


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (768, 1024), (720, 450)])
def test_the_names_of_all_tabs_are_readable_beside_every_panel(
    make_studio: Any, size: tuple[int, int]
) -> None:
    studio = make_studio({"width": size[0], "height": size[1]}).open()
    tabs = studio.page.locator(".tablist [role=tab]:visible")
    for index in range(tabs.count()):
        tabs.nth(index).click()
        studio.wait_until(f"counters.draws['{tabs.nth(index).get_attribute('id').removeprefix('tab-')}']")
        studio.wait_until_drawn()
        cut = studio.page.evaluate("""() => {
            const shown = [...document.querySelectorAll("[role=tab]")].filter((tab) => tab.checkVisibility());
            return shown.filter((tab) => {
                const list = tab.closest(".tablist").getBoundingClientRect();
                const { left, right } = tab.getBoundingClientRect();
                return left < list.left - 9 || right > list.right + 1;
            }).map((tab) => tab.textContent);
        }""")
        assert cut == [], tabs.nth(index).inner_text()
