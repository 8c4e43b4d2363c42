"""The appearance of the studio: contrast, labels, sizes, and the layout in windows of several sizes."""

import itertools
from typing import Any

import pytest

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast_with_its_background(make_studio: Any, scheme: str) -> None:
    studio = make_studio(color_scheme=scheme).open()
    studio.train_epoch()
    studio.open_details()
    contrasts = studio.page.evaluate("__probe.textContrasts()")
    assert len(contrasts) > 80
    assert [(text, ratio) for text, ratio in contrasts if ratio < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_colours_of_canvases_have_enough_contrast(make_studio: Any, scheme: str) -> None:
    studio = make_studio(color_scheme=scheme).open()
    names = ["text", "muted", "warning", "accent", "panel"]
    colours = studio.page.evaluate("(names) => __probe.themeColours(names)", names)
    for name in names[:-1]:
        ratio = studio.page.evaluate(
            "(colours) => __probe.contrast(...colours)", [colours[name], [colours["panel"]]]
        )
        assert ratio >= 4.5, name


def test_a_desktop_window_shows_all_panels_without_scrolling(studio: Any) -> None:
    studio.open()
    size = studio.page.evaluate(
        "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    )
    assert size[0] <= 900
    assert size[1] <= 1440
    for panel in ("decision_boundary", "network", "activation_histograms", "curves"):
        box = studio.page.locator(f"#panel-{panel}").bounding_box()
        assert box["width"] > 300
        assert box["y"] + box["height"] <= 900
    output_map = studio.page.locator(".boundary-map").bounding_box()
    assert output_map["width"] == output_map["height"] > 380


@pytest.mark.parametrize("size", [(1280, 720), (1280, 800), (1366, 768), (1024, 768)])
def test_presentation_mode_shows_output_and_curve_side_by_side(studio: Any, size: tuple[int, int]) -> None:
    studio.page.set_viewport_size({"width": size[0], "height": size[1]})
    studio.open("/?present", config={"layers": [{"units": 8, "activation": "leaky_relu"}] * 3})
    assert studio.page.evaluate("document.documentElement.scrollWidth") == size[0]
    map_box = studio.page.locator(".boundary-map").bounding_box()
    curves = studio.page.locator(".curves-box").bounding_box()
    assert map_box["width"] >= 350
    advice = studio.page.locator("#advice").bounding_box()
    assert advice["height"] >= 30 and advice["y"] + advice["height"] <= map_box["y"]
    assert curves["height"] >= 400 and curves["width"] >= 450
    assert map_box["x"] + map_box["width"] < curves["x"]
    assert max(map_box["y"] + map_box["height"], curves["y"] + curves["height"]) <= size[1]
    assert studio.page.evaluate("__probe.overlappingControls()") == []
    assert studio.page.evaluate("__probe.coveredControls()") == []


def test_type_and_controls_grow_with_a_large_window(make_studio: Any) -> None:
    sizes = """() => [".panel-title", "#train", ".thumbnail", ".field .number"].map((selector) => {
        const element = document.querySelector(selector);
        return [parseFloat(getComputedStyle(element).fontSize), element.getBoundingClientRect().height];
    })"""
    font = "__probe.importModule('panels/shared/axes').then(({ FONT }) => parseFloat(FONT))"
    measured = []
    for size in (DESKTOP, {"width": 1920, "height": 1080}):
        studio = make_studio(size).open()
        measured.append([*sum(studio.page.evaluate(sizes), []), studio.page.evaluate(font)])
        assert studio.page.evaluate("document.documentElement.scrollHeight") == size["height"]
        assert studio.page.locator(".form-body").evaluate("(body) => body.scrollHeight <= body.clientHeight")
    for small, large in zip(*measured, strict=True):
        assert large > 1.12 * small
    # The icons of the bar have their labels, in one row.
    wide = """() => [...document.querySelectorAll(".bar .icon-button[data-label]")].filter((button) => {
        const { content, display } = getComputedStyle(button, "::after");
        return display === "none" || content.length < 5 || button.scrollWidth > button.clientWidth;
    }).length"""
    assert studio.page.locator(".bar .icon-button[data-label]").count() == 12
    assert studio.page.evaluate(wide) == 0
    assert studio.page.evaluate("__probe.overlappingControls()") == []
    bar = studio.page.locator(".bar-tools").bounding_box()
    assert bar["x"] + bar["width"] <= 1920


@pytest.mark.parametrize("size", [DESKTOP, {"width": 1920, "height": 1080}])
def test_the_fields_of_the_form_use_its_height_in_equal_rows(make_studio: Any, size: dict[str, int]) -> None:
    page = make_studio(size).open().page
    heights = [field.bounding_box()["height"] for field in page.locator("#form .field:visible").all()]
    assert len(heights) == 7 and max(heights) - min(heights) < 1
    form, opener = (page.locator(part).bounding_box() for part in ("#form", ".form-opener"))
    last = page.locator("#form .field:visible").last.bounding_box()
    assert opener["y"] - (last["y"] + last["height"]) < 30
    assert form["y"] + form["height"] - (opener["y"] + opener["height"]) < 30


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (768, 1024)])
def test_the_marks_of_the_colour_scale_do_not_touch(make_studio: Any, size: tuple[int, int]) -> None:
    page = make_studio({"width": size[0], "height": size[1]}).open().page
    marks = [mark.bounding_box() for mark in page.locator(".colour-marks span").all()]
    assert len(marks) == 3 and len({mark["height"] for mark in marks}) == 1
    for left, right in itertools.pairwise(marks):
        assert right["x"] - (left["x"] + left["width"]) >= 10
    assert page.evaluate("__probe.cutTexts()") == []


def test_a_presentation_has_a_large_map_and_complete_choices(studio: Any) -> None:
    page = studio.open("/?present").page
    map_box = page.locator(".boundary-map").bounding_box()
    assert map_box["width"] > 520  # of 900 pixels of height, below the bar and above the time line
    for part in (".speed .slider", "[data-group=output] .enlarge-button", ".panel-network .enlarge-button"):
        assert page.locator(part).first.is_visible(), part
    choices = ".layer-control .select, .panel-tools .select"
    cut = """(choices) => [...document.querySelectorAll(choices)].filter((select) => {
        const { width } = select.getBoundingClientRect();
        const copy = select.parentElement.appendChild(select.cloneNode(true));
        copy.value = select.value;
        copy.style = "position: absolute; width: auto; max-width: none; field-sizing: content";
        const needed = copy.offsetWidth;
        copy.remove();
        return width && needed > width + 1;
    }).map((select) => select.selectedOptions[0].text)"""
    assert page.evaluate(cut, choices) == []
    page.get_by_role("tab", name="Trace").click()
    page.locator("#panel-sample_trace.enlarged").wait_for(state="visible")


def test_nothing_empty_is_painted_before_the_first_answers(studio: Any) -> None:
    held: list[Any] = []
    studio.page.route("**/api/catalogue*", lambda route: held.append(route))
    studio.page.goto(studio.server.url)
    studio.page.wait_for_selector("#train")
    assert studio.page.locator(".bar-choice select:empty").count() == 2
    # In one script, because panels are filled while the catalogue is still missing.
    painted = """() => [...document.querySelectorAll(".bar-choice select:empty, .panel:empty")]
      .filter((element) => element.checkVisibility({ visibilityProperty: true })).map(({ id }) => id)"""
    assert studio.page.evaluate(painted) == []
    studio.until(lambda: held)
    held[0].continue_()
    studio.page.locator(".bar-choice select").first.wait_for(state="visible")
    studio.wait_until("counters.draws.form")


def test_a_phone_shows_the_panels_below_each_other_without_horizontal_scrolling(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True).open()
    studio.open_details()
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    order = ("decision_boundary", "curves", "network", "activation_histograms")
    tops = [studio.page.locator(f"#panel-{name}").bounding_box()["y"] for name in order]
    assert tops == sorted(tops)
    train = studio.page.locator("#train").bounding_box()
    assert 844 - 80 < train["y"] + train["height"] <= 844
    map_box = studio.page.locator(".boundary-map").bounding_box()
    assert map_box["y"] + map_box["height"] < train["y"]


def test_on_a_phone_the_tools_of_the_output_are_in_one_row_below_its_title(make_studio: Any) -> None:
    studio = make_studio(PHONE).open()
    boxes = [
        chip.bounding_box()
        for chip in studio.page.locator("[data-group=output] .panel-tools .chip:visible").all()
    ]
    assert len({box["y"] for box in boxes}) == 1
    assert max(box["x"] + box["width"] for box in boxes) <= PHONE["width"]
    title = studio.page.locator("[data-group=output] .panel-title").bounding_box()
    assert title["y"] + title["height"] <= boxes[0]["y"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize(("task", "data_set"), [("binary", "separable"), ("multilabel", "discs")])
def test_captions_of_data_sets_are_not_broken_inside_words(
    make_studio: Any, size: dict[str, int], task: str, data_set: str
) -> None:
    studio = make_studio(size).open()
    studio.page.locator(".bar-choice select").first.select_option(task)
    studio.page.wait_for_selector(f".thumbnail[data-name={data_set}]")
    assert studio.page.evaluate("__probe.brokenWords('.thumbnail span')") == []


def test_the_gallery_fits_a_phone_with_a_long_run_name(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True)
    studio.open(config={"name": "a name that is longer than half of a phone is wide"})
    identity = studio.run_id
    studio.page.goto(f"{studio.server.url}/runs")
    card = studio.page.locator(f".run-card:has(a[href='/runs/{identity}'])")
    delete = card.locator(".run-delete")
    map_box = card.locator("canvas").bounding_box()
    assert map_box["y"] + map_box["height"] <= delete.bounding_box()["y"]
    delete.tap()
    assert delete.inner_text() == "Confirm deletion"
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert studio.page.evaluate("__probe.smallControls(44)") == []


def test_every_control_is_large_enough_to_touch_on_a_phone(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True).open()
    studio.open_details()
    assert studio.page.evaluate("__probe.smallControls(44)") == []


@pytest.mark.parametrize(("size", "data"), [((768, 1024), "spiral"), ((1180, 820), "digits")])
def test_every_control_is_large_enough_to_touch_on_a_tablet(
    make_studio: Any, size: tuple[int, int], data: str
) -> None:
    studio = make_studio({"width": size[0], "height": size[1]}, has_touch=True).open(
        config={"dataset": {"name": data}}
    )
    for tab in ("layer_health", "sample_trace", "results"):
        studio.page.click(f"#tab-{tab}")
        studio.wait_until("counters.draws[argument]", tab)
        studio.wait_until_drawn()
        studio.open_details()
        assert studio.page.evaluate("__probe.smallControls(44)") == [], tab
        assert studio.page.evaluate("__probe.overlappingControls()") == [], tab
    assert studio.page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_every_control_and_every_canvas_has_a_label(studio: Any) -> None:
    studio.open()
    assert studio.page.evaluate("__probe.unlabelledControls()") == []
    for role, label, hidden, name in studio.page.evaluate("__probe.canvasLabels()"):
        assert hidden == "true" or (role == "img" and label), name


def test_the_focused_element_has_an_outline(studio: Any) -> None:
    studio.open()
    for _ in range(6):
        studio.press("Tab")
        outline = studio.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_numbers_are_formatted_as_in_english_and_those_that_are_not_finite_as_a_dash(studio: Any) -> None:
    studio.open()
    formatted = studio.page.evaluate(
        """async () => {
          const format = await __probe.importModule("core/formats");
          const values = [NaN, null, undefined, Infinity];
          const names = ["number", "steady", "integer", "rate", "percent"];
          return names.flatMap((name) => values.map((value) => format[name](value)));
        }"""
    )
    assert set(formatted) == {"–"}
    different = studio.page.evaluate(
        """async () => {
          const { number, steady, integer } = await __probe.importModule("core/formats");
          const intl = (options) => (value) => new Intl.NumberFormat("en", options).format(value);
          const two = intl({ maximumSignificantDigits: 2 });
          const three = intl({ minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
          const whole = (value) => intl({})(Math.round(value) + 0);
          const values = [0.5, -0.25, 0.000123, 0.1234, 1, -1, 7, 12.5, 99.96, 123, 128, -999.4, 3.14159];
          const large = [0, -0, 12, 999, 1000, -1234, 12345.4, 1234567, -7654321, 1e12];
          const wrong = (format, expected, list) => list.filter((value) => format(value) !== expected(value));
          const short = wrong((value) => number(value, 2), two, values);
          return [short, wrong(steady, three, values), wrong(integer, whole, large)].flat();
        }"""
    )
    assert different == []


def test_the_scripts_of_the_first_visit_stay_small(first_visit: Any) -> None:
    sizes: dict[str, int] = {}
    first_visit.page.goto(first_visit.server.url + "/healthz")
    first_visit.page.evaluate(
        "localStorage.removeItem('perceptarium-introduced'); sessionStorage.setItem('first-visit', '1')"
    )
    first_visit.page.on("response", lambda answer: sizes.update({answer.url: script_size(answer)}))
    first_visit.open()
    first_visit.wait_until("state.plotly")
    first_visit.page.wait_for_selector(".introduction-headline")
    # What the benchmark of the page counts.
    requested = """() => performance.getEntriesByType("resource")
      .filter(({ name }) => /\\/static\\/.*\\/js\\//.test(name)).length"""
    first_visit.page.wait_for_function(f"(count) => ({requested})() === count", arg=3)
    scripts = {url.split("/js/")[1]: size for url, size in sizes.items() if size}
    assert set(scripts) == {
        "studio/boot.js",
        "studio/mount-panels.js",
        "studio/introduction.js",
    }  # other modules are fetched when needed
    assert sum(scripts.values()) < 60_000


def script_size(answer: Any) -> int:
    """The compressed size of an answer in bytes, if it is a script of the page; else 0."""
    if "/static/" not in answer.url or "/js/" not in answer.url:
        return 0
    assert answer.header_value("content-encoding") == "gzip"
    return int(answer.header_value("content-length"))


def test_all_requests_go_to_the_own_server(first_visit: Any) -> None:
    urls: list[str] = []
    first_visit.page.on("request", lambda request: urls.append(request.url))
    first_visit.open()
    first_visit.wait_until("state.plotly")
    assert urls
    assert all(url.startswith((first_visit.server.url, "about:", "data:", "blob:")) for url in urls)


def test_presentation_mode_hides_the_form(studio: Any) -> None:
    studio.open("/?present")
    assert not studio.page.locator("#form").is_visible()
    assert studio.page.locator(".boundary-map").is_visible()
    assert studio.page.locator("#train").is_visible()


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "multilabel"])
def test_titles_and_speed_fit_on_one_line_for_every_task(studio: Any, task: str) -> None:
    names = {"regression": "plane", "binary": "spiral", "multiclass": "blobs", "multilabel": "discs"}
    studio.open(config={"dataset": {"name": names[task]}})
    names = studio.page.evaluate(
        """() => [...document.querySelectorAll(".bar-choice select")].map((select) => {
          const copy = select.cloneNode(true);
          copy.value = select.value;
          document.querySelector(".choosers").append(copy);
          copy.style = "position: absolute; width: auto; max-width: none; field-sizing: content";
          const needed = copy.offsetWidth;
          copy.remove();
          return [select.selectedOptions[0].text, select.offsetWidth >= needed];
        })"""
    )
    assert len(names) == 2 and [name for name, fits in names if not fits] == []
    overflow, lines = studio.page.evaluate("""() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        const [title, names] = [".panel-title", ".panel-names"].map(
          (part) => box(`#panel-decision_boundary ${part}`),
        );
        return [title.right - names.right, box(".speed .counter-name").height / box(".speed-text").height];
    }""")
    assert overflow <= 0.5 and lines < 1.6


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_keys_in_the_help_are_each_on_one_line(make_studio: Any, size: dict[str, int]) -> None:
    page = make_studio(size).open().page
    page.get_by_role("button", name="Help").first.click()
    page.locator("#help-dialog").wait_for(state="visible")
    lines = "(keys) => keys.filter((key) => key.getClientRects().length > 1).map((key) => key.textContent)"
    assert page.eval_on_selector_all(".help-keys kbd", lines) == []
    assert page.evaluate("__probe.cutTexts()") == []
