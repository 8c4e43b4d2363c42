"""The appearance of the panels of tabs: contrast, sizes, labels, and saved images."""

import csv
import io
from typing import Any

import pytest

PHONE = {"width": 390, "height": 844}
TABS = ["layer_health", "sample_trace", "loss_landscape", "activation_curves", "results"]
LINEAR = {"layers": [{"units": 4, "activation": "linear"}, {"units": 4, "activation": "linear"}]}


def open_tab(studio: Any, tab: str) -> Any:
    """A short training with content in the panel of this tab."""
    studio.open(config={"dataset": {"name": "circle"}, **LINEAR})
    studio.train_epoch()
    studio.page.click(f"#tab-{tab}")
    studio.wait_until("counters.draws[argument] && state.visiblePanels[argument]", tab)
    if tab == "loss_landscape":
        studio.page.select_option("select[aria-label='Kind of landscape']", "random")
    studio.wait_until("state[`view:${argument}`]", tab)
    studio.open_details()
    studio.wait_until_drawn()
    return studio


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tab", TABS)
def test_every_text_has_enough_contrast(make_studio: Any, tab: str, scheme: str) -> None:
    studio = open_tab(make_studio(color_scheme=scheme), tab)
    contrasts = studio.page.evaluate("__probe.textContrasts()")
    assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []


@pytest.mark.parametrize("tab", TABS)
def test_on_a_phone_controls_are_large_enough_and_nothing_overflows(make_studio: Any, tab: str) -> None:
    studio = open_tab(make_studio(PHONE, has_touch=True), tab)
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert studio.page.evaluate("__probe.smallControls(44)") == []
    cut_labels = (
        "(all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)"
    )
    assert studio.page.eval_on_selector_all(f"#panel-{tab} .chip", cut_labels) == []


@pytest.mark.parametrize("tab", TABS)
def test_controls_have_names_and_a_large_window_needs_no_scrolling(studio: Any, tab: str) -> None:
    open_tab(studio, tab)
    assert studio.page.evaluate("__probe.unlabelledControls()") == []
    for role, label, hidden, name in studio.page.evaluate("__probe.canvasLabels()"):
        assert hidden == "true" or (role == "img" and label), name
    assert studio.page.evaluate("document.documentElement.scrollHeight") <= 900
    box = studio.page.locator(f"#panel-{tab}").bounding_box()
    assert box["y"] + box["height"] <= 900
    assert box["x"] + box["width"] <= 1440


@pytest.mark.parametrize("tab", [*TABS, "linear_collapse", "activation_histograms"])
def test_data_and_image_of_a_panel_can_be_saved(studio: Any, tab: str) -> None:
    open_tab(studio, tab)
    assert len(studio.save(tab, "Save data (JSON)")) > 200
    heading, *rows = csv.reader(io.StringIO(studio.save(tab, "Save data (CSV)").decode()))
    assert len(set(heading)) == len(heading) > 1 and len(rows) > 1
    assert all(len(row) == len(heading) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("{", "[", '"'))]
    assert studio.drawn_fraction(studio.save_image(tab), tab, ":is(table, canvas, .matrix)") > 0.02


def test_a_saved_image_of_an_empty_panel_shows_the_reason(studio: Any) -> None:
    studio.open()
    studio.open_other_tab("Perceptron")
    studio.page.get_by_text("No mistakes are counted").wait_for(state="visible")
    studio.wait_until_drawn()
    image = studio.save_image("perceptron")
    assert studio.drawn_fraction(image, "perceptron", ".panel-note") > 0.02
    description = studio.page.locator(".perceptron-description").bounding_box()
    panel_box = studio.page.locator("#panel-perceptron").bounding_box()
    # No empty band below the text.
    assert len(image) <= 2 * (description["y"] + description["height"] - panel_box["y"]) + 40


@pytest.mark.parametrize("width", [390, 1280])
def test_no_choice_of_several_outputs_is_cut(studio: Any, width: int) -> None:
    studio.page.set_viewport_size({"width": width, "height": 720})
    studio.open(config={"dataset": {"name": "blobs"}})
    cut = studio.page.evaluate(
        """() => [...document.querySelectorAll("select")].filter((select) => {
          if (!select.offsetWidth) return false;
          const style = getComputedStyle(select);
          const context = document.createElement("canvas").getContext("2d");
          context.font = style.font;
          const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
          const text = select.selectedOptions[0].text;
          return context.measureText(text).width > select.clientWidth - padding + 1;
        }).map((select) => select.ariaLabel)"""
    )
    assert cut == []


INSIDE = """(selectors) => selectors.filter((selector) => {
  const [inner, outer] = selector.split(" in ").map((each) => [...document.querySelectorAll(each)].at(-1));
  const [a, b] = [inner, outer].map((element) => element.getBoundingClientRect());
  return a.height < 30 || a.bottom > b.bottom + 0.5 || a.top < b.top - 0.5;
})"""


def test_histograms_of_all_layers_are_complete_in_the_panel_below_the_network(studio: Any) -> None:
    studio.open(config={"layers": [{"units": 8}] * 2})
    for count in (2, 3, 5):
        studio.page.click("#tab-layer_health")
        studio.wait_until(f"state['view:layer_health']?.layers.length === {count + 1}")
        studio.wait_until_drawn()
        parts = ["box", "canvas"]
        assert studio.page.evaluate(INSIDE, [f".histograms-{part} in .health" for part in parts]) == []
        assert studio.page.locator(".histograms-box").evaluate("(box) => box.clientHeight") >= 96
        if count == 2:
            studio.page.click("#tab-activation_curves")
            studio.wait_until("state['view:activation_curves']?.layers.length === 3")
            studio.wait_until_drawn()
            assert studio.page.evaluate(INSIDE, [".activation-layer in .activation-layers"]) == []
        for more in range(count + 1, {2: 3, 3: 5, 5: 0}[count] + 1):
            studio.page.get_by_role("button", name="Add a hidden layer").click()
            studio.wait_until(f"state.run.config.layers.length === {more}")


def test_panels_below_the_network_are_high_enough_in_a_low_window(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open()
    assert studio.page.locator(".layers-canvas").evaluate("(canvas) => canvas.clientHeight") >= 110
    for tab, selector in (
        ("sample_trace", ".trace-content math"),
        ("activation_curves", ".activation-layer"),
    ):
        studio.page.click(f"#tab-{tab}")
        studio.page.wait_for_selector(selector)
        studio.wait_until_drawn()
        outer = {"sample_trace": ".trace-scroller", "activation_curves": ".activation-layers"}[tab]
        assert studio.page.evaluate(INSIDE, [f"{selector} in {outer}"]) == []


def test_table_and_histograms_of_health_are_complete_one_at_a_time_in_a_low_window(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open()
    studio.train_epoch()
    studio.page.click("#tab-layer_health")
    studio.page.wait_for_selector(".health .numbers tbody tr")
    studio.wait_until_drawn()
    shown = studio.page.get_by_label("Values shown over time")
    assert shown.input_value() == "table"
    assert studio.page.evaluate(INSIDE, [".health .table-scroller in .health"]) == []
    assert not studio.page.locator(".histograms-canvas").is_visible()
    shown.select_option("weights")
    studio.page.locator(".histograms-canvas").wait_for(state="visible")
    studio.wait_until_drawn()
    assert studio.page.evaluate(INSIDE, [".histograms-canvas in .health"]) == []
    assert studio.page.locator(".histograms-canvas").bounding_box()["height"] >= 90
    assert not studio.page.locator(".health .numbers").is_visible()
    assert studio.pixels(".histograms-canvas")[..., 3].any()
    studio.page.set_viewport_size({"width": 1440, "height": 900})
    studio.page.locator(".health .numbers").wait_for(state="visible")
    assert shown.input_value() == "weights"
    assert studio.page.evaluate(INSIDE, [".histograms-canvas in .health"]) == []


def test_the_curve_of_an_activation_and_its_sliders_are_usable_in_a_low_window(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open()
    studio.page.click("#tab-activation_curves")
    studio.page.wait_for_selector(".activation-layer canvas")
    studio.wait_until_drawn()
    assert studio.page.locator(".activation-curve").bounding_box()["height"] >= 80
    sliders = studio.page.locator(".activation-slider .slider:visible").all()
    widths = [slider.bounding_box()["width"] for slider in sliders]
    assert len(widths) >= 2 and min(widths) >= 36
    assert studio.page.evaluate(SCROLLING, ".activation-left") == []


@pytest.mark.parametrize("kind", ["weight", "weights", "random"])
def test_the_landscape_is_drawn_in_a_low_window(make_studio: Any, kind: str) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open()
    studio.page.click("#tab-loss_landscape")
    studio.page.select_option("select[aria-label='Kind of landscape']", kind)
    studio.wait_until("state['view:loss_landscape']?.landscape === argument", kind)
    studio.wait_until_drawn()
    assert studio.page.evaluate(INSIDE, [".landscape-map in .landscape-box"]) == []
    box = studio.page.locator(".landscape-map").bounding_box()
    assert box["height"] >= 90 and box["width"] >= 250
    assert studio.pixels(".landscape-map")[..., 3].mean() > 10
    controls = studio.page.locator(".landscape .choice-row").bounding_box()
    assert controls["x"] + controls["width"] <= box["x"] + 1
    assert studio.page.evaluate("document.documentElement.scrollHeight") == 720
    assert studio.page.evaluate("__probe.cutTexts()") == []


def test_the_confusion_matrix_of_two_classes_is_complete_in_a_low_window(make_studio: Any) -> None:
    studio = make_studio({"width": 1280, "height": 720}).open()
    studio.page.click("#tab-results")
    studio.page.wait_for_selector(".confusion")
    studio.wait_until_drawn()
    assert studio.page.evaluate(INSIDE, [".confusion in .results-content"]) == []


def test_on_a_phone_the_confusion_matrix_of_ten_classes_is_complete(make_studio: Any) -> None:
    config = {"dataset": {"name": "digits", "samples": 200}, "layers": [{"units": 4}]}
    studio = make_studio(PHONE).open(config=config)
    studio.page.click("#tab-results")
    studio.page.wait_for_selector(".confusion")
    studio.wait_until_drawn()
    assert studio.page.locator(".confusion tbody tr").count() == 10
    assert studio.page.evaluate(INSIDE, [".confusion in .results-content"]) == []
    studio.page.set_viewport_size({"width": 720, "height": 450})
    studio.wait_until("state.layoutSize.startsWith('720')")
    assert studio.page.evaluate("__probe.cutTexts()") == []
    studio.page.set_viewport_size(PHONE)
    studio.wait_until("state.layoutSize.startsWith('390')")
    studio.page.get_by_label("Result shown").select_option("calibration")
    studio.page.locator(".calibration canvas").wait_for(state="visible")
    studio.wait_until_drawn()
    assert studio.page.locator(".calibration canvas").bounding_box()["height"] >= 200


LOW = {"width": 1280, "height": 720}
DEEP: dict[str, Any] = {"dataset": {"name": "circle"}, "layers": [{"units": 8, "activation": "sigmoid"}] * 7}
TELESCOPE: dict[str, Any] = {"paradigm": "policy_gradient", "environment": {"name": "telescope"}}
SCROLLING = """(selector) => [...document.querySelectorAll(selector)].filter((element) =>
  element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1)
  .map((element) => `${element.className} ${element.scrollWidth}/${element.clientWidth}`
    + ` ${element.scrollHeight}/${element.clientHeight}`)"""


@pytest.mark.parametrize("size", [LOW, {"width": 1440, "height": 900}])
def test_controls_and_names_of_a_deep_network_are_complete(make_studio: Any, size: dict[str, int]) -> None:
    studio = make_studio(size).open(config=DEEP)
    studio.wait_until_drawn()
    assert studio.page.evaluate("__probe.overlappingControls()") == []
    assert studio.page.evaluate("__probe.cutTexts()") == []


@pytest.mark.parametrize("size", [LOW, {"width": 1440, "height": 900}])
def test_the_matrix_of_ten_classes_needs_no_scrolling_on_a_desktop(
    make_studio: Any, size: dict[str, int]
) -> None:
    config = {"dataset": {"name": "digits", "samples": 300}, "layers": [{"units": 4}]}
    studio = make_studio(size).open(config=config)
    studio.page.click("#tab-results")
    studio.page.locator(".confusion tbody tr").nth(9).wait_for()
    assert studio.page.evaluate(SCROLLING, ".results-content") == []


@pytest.mark.parametrize("size", [LOW, {"width": 1440, "height": 900}, PHONE])
def test_the_matrices_of_several_labels_need_no_scrolling(make_studio: Any, size: dict[str, int]) -> None:
    studio = make_studio(size).open(config={"dataset": {"name": "discs"}, "layers": [{"units": 4}]})
    studio.page.click("#tab-results")
    studio.page.locator(".confusion").nth(2).wait_for()
    assert studio.page.evaluate(SCROLLING, ".results-content") == []
    assert studio.page.evaluate("__probe.cutTexts()") == []


@pytest.mark.parametrize("data_set", ["breast_cancer", "digits"])
@pytest.mark.parametrize("size", [LOW, {"width": 1440, "height": 900}, PHONE])
def test_the_table_of_health_is_as_wide_as_its_place(
    make_studio: Any, size: dict[str, int], data_set: str
) -> None:
    layers = [{"units": 8, "activation": "relu"}]  # the column of dead units is shown
    studio = make_studio(size).open(config={"dataset": {"name": data_set, "samples": 300}, "layers": layers})
    studio.train_epoch()
    studio.page.click("#tab-layer_health")
    studio.wait_until("state['view:layer_health']")
    studio.wait_until_drawn()
    studio.page.locator(".health .numbers").wait_for()
    assert studio.page.evaluate(SCROLLING, ".health .table-scroller") == []


def test_the_names_of_many_policies_do_not_overlap_and_all_of_their_table_can_be_seen(
    make_studio: Any,
) -> None:
    studio = make_studio(LOW).open(config={**TELESCOPE, "layers": [{"units": 4}]})
    studio.page.click("#tab-comparison")
    studio.page.locator(".comparison tbody tr").nth(6).wait_for()
    studio.wait_until_drawn()
    box = studio.page.locator(".comparison-box").bounding_box()
    assert box["height"] >= 12 * 7
    content = studio.page.locator(".comparison")
    content.focus()
    fade = "(box) => getComputedStyle(box).getPropertyValue('--fade-below')"
    assert content.evaluate(fade) == "32px"  # there is more below
    studio.press("End")
    studio.page.wait_for_function(f"() => ({fade})(document.querySelector('.comparison')) === '0px'")
    last = studio.page.locator(".comparison tbody tr").last
    last.scroll_into_view_if_needed()
    panel_box, row = studio.page.locator("#panel-comparison").bounding_box(), last.bounding_box()
    assert row["y"] + row["height"] <= panel_box["y"] + panel_box["height"]


def test_all_columns_of_the_comparison_are_in_view_on_a_tablet(make_studio: Any) -> None:
    studio = make_studio({"width": 768, "height": 1024}).open(config={**TELESCOPE, "layers": [{"units": 4}]})
    studio.page.click("#tab-comparison")
    studio.page.locator(".comparison tbody tr").nth(6).wait_for()
    studio.wait_until_drawn()
    assert studio.page.evaluate(SCROLLING, ".comparison .table-scroller") == []


def test_the_plots_of_the_perceptron_are_readable_in_a_low_window(make_studio: Any) -> None:
    config = {
        "dataset": {"name": "separable"},
        "layers": [],
        "batch_size": 1,
        "optimizer": {"name": "perceptron", "learning_rate": 1.0},
    }
    studio = make_studio(LOW).open(config=config)
    studio.page.click("#tab-perceptron")
    studio.wait_until("state['view:perceptron']")
    studio.wait_until_drawn()
    heights = [box.bounding_box()["height"] for box in studio.page.locator(".perceptron-plots > *").all()]
    assert min(heights) >= 100
    assert studio.page.evaluate("document.documentElement.scrollHeight") <= 720
    tabs = studio.page.locator("[data-group=middle] .tab:visible").all()
    assert len(tabs) == 7 and len({tab.bounding_box()["y"] for tab in tabs}) == 1  # in one row
