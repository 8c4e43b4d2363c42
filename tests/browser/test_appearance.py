"""How the studio looks: legible, labelled, on one screen at a desk and under the thumb on a phone."""

import re
from typing import Any

import pytest

PHONE = {"width": 390, "height": 844}


def parsed(colour: str) -> tuple[float, float, float, float]:
    numbers = [float(each) for each in re.findall(r"[\d.]+", colour)]
    if colour.startswith("color("):
        numbers = [number * 255 for number in numbers[:3]] + numbers[3:]
    return (*numbers[:3], numbers[3] if len(numbers) > 3 else 1.0)  # type: ignore[return-value]


def luminance(colour: tuple[float, ...]) -> float:
    parts = [part / 255 for part in colour[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(colour: str, grounds: list[str]) -> float:
    behind: tuple[float, ...] = (255, 255, 255)
    for ground in reversed(grounds):
        red, green, blue, alpha = parsed(ground)
        behind = tuple(
            alpha * new + (1 - alpha) * old for new, old in zip((red, green, blue), behind, strict=True)
        )
    one, other = sorted((luminance(parsed(colour)), luminance(behind)))
    return (other + 0.05) / (one + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(make_studio: Any, scheme: str) -> None:
    studio = make_studio(color_scheme=scheme).open()
    studio.epoch()
    studio.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    texts = studio.page.evaluate("__look.texts()")
    assert len(texts) > 80
    poor = [
        (each["text"], round(ratio, 2))
        for each in texts
        if (ratio := contrast(each["colour"], each["grounds"])) < 4.5
    ]
    assert poor == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_that_canvases_write_with_stand_out_too(make_studio: Any, scheme: str) -> None:
    studio = make_studio(color_scheme=scheme).open()
    names = ["text", "muted", "warning", "accent", "panel"]
    colours = studio.page.evaluate("(names) => __look.colours(names)", names)
    for name in ("text", "muted", "warning", "accent"):
        assert contrast(colours[name], [colours["panel"]]) >= 4.5, name


def test_a_desk_shows_everything_on_one_screen(studio: Any) -> None:
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
    map_ = studio.page.locator(".boundary-map").bounding_box()
    assert map_["width"] == map_["height"] > 380


@pytest.mark.parametrize("size", [(1280, 720), (1280, 800), (1366, 768), (1024, 768)])
def test_a_projector_shows_picture_and_curve_large_side_by_side(studio: Any, size: tuple[int, int]) -> None:
    studio.page.set_viewport_size({"width": size[0], "height": size[1]})
    studio.open("/?present", config={"layers": [{"units": 8, "activation": "leaky_relu"}] * 3})
    assert studio.page.evaluate("document.documentElement.scrollWidth") == size[0]
    picture = studio.page.locator(".boundary-map").bounding_box()
    curves = studio.page.locator(".curves-box").bounding_box()
    assert picture["width"] >= 350
    assert curves["height"] >= 400 and curves["width"] >= 450
    assert picture["x"] + picture["width"] < curves["x"]
    assert max(picture["y"] + picture["height"], curves["y"] + curves["height"]) <= size[1]
    assert studio.page.evaluate("__look.overlapping()") == []
    assert studio.page.evaluate("__look.covered()") == []


def test_a_phone_stacks_the_panels_without_sideways_scrolling(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True).open()
    studio.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    order = ("decision_boundary", "curves", "network", "activation_histograms")
    tops = [studio.page.locator(f"#panel-{name}").bounding_box()["y"] for name in order]
    assert tops == sorted(tops)
    train = studio.page.locator("#train").bounding_box()
    assert 844 - 80 < train["y"] + train["height"] <= 844
    picture = studio.page.locator(".boundary-map").bounding_box()
    assert picture["y"] + picture["height"] < train["y"]


def test_the_gallery_fits_a_phone_whatever_its_runs_are_called(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True)
    studio.open(config={"name": "a name that is longer than half of a phone is wide"})
    identity = studio.run_id
    studio.page.goto(f"{studio.server.url}/runs")
    card = studio.page.locator(f".run-card:has(a[href='/runs/{identity}'])")
    delete = card.get_by_role("button")
    picture = card.locator("canvas").bounding_box()
    assert picture["y"] + picture["height"] <= delete.bounding_box()["y"]
    delete.tap()
    assert delete.inner_text() == "Confirm deletion"
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert studio.page.evaluate("__look.small(44)") == []


def test_on_a_phone_everything_to_touch_is_large_enough(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True).open()
    studio.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    small = studio.page.evaluate("__look.small(44)")
    assert small == []


def test_every_control_and_every_picture_has_a_name(studio: Any) -> None:
    studio.open()
    nameless = studio.page.evaluate("__look.nameless()")
    assert nameless == []
    pictures = studio.page.evaluate("__look.canvases()")
    for role, label, hidden, name in pictures:
        assert hidden == "true" or (role == "img" and label), name


def test_the_focus_can_be_seen(studio: Any) -> None:
    studio.open()
    for _ in range(6):
        studio.press("Tab")
        outline = studio.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"


def test_no_number_is_ever_written_as_nan(studio: Any) -> None:
    studio.open()
    formatted = studio.page.evaluate(
        """async () => {
          const format = await __look.module("core/formats");
          const values = [NaN, null, undefined, Infinity];
          const names = ["number", "steady", "integer", "rate", "percent"];
          return names.flatMap((name) => values.map((value) => format[name](value)));
        }"""
    )
    assert set(formatted) == {"–"}


def test_our_own_scripts_stay_small(first_visit: Any) -> None:
    sizes: dict[str, int] = {}
    first_visit.page.on("response", lambda answer: sizes.update({answer.url: measured(answer)}))
    first_visit.open()
    first_visit.wait("state.plotly")
    ours = {url.split("/js/")[1]: size for url, size in sizes.items() if size}
    assert set(ours) == {
        "studio/boot.js",
        "studio/mount-panels.js",
    }  # what comes later is fetched when it is opened
    assert sum(ours.values()) < 60_000


def measured(answer: Any) -> int:
    """Bytes of one of our scripts as they were sent, compressed."""
    if "/static/" not in answer.url or "/js/" not in answer.url:
        return 0
    assert answer.header_value("content-encoding") == "gzip"
    return int(answer.header_value("content-length"))


def test_nothing_comes_from_elsewhere(first_visit: Any) -> None:
    asked: list[str] = []
    first_visit.page.on("request", lambda request: asked.append(request.url))
    first_visit.open()
    first_visit.wait("state.plotly")
    assert asked
    assert all(url.startswith((first_visit.server.url, "about:", "data:", "blob:")) for url in asked)


def test_the_projector_mode_hides_the_form(studio: Any) -> None:
    studio.open("/?present")
    assert not studio.page.locator("#form").is_visible()
    assert studio.page.locator(".boundary-map").is_visible()
    assert studio.page.locator("#train").is_visible()


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "multilabel"])
def test_titles_and_speed_stand_whole_in_one_line_for_every_kind_of_problem(studio: Any, task: str) -> None:
    names = {"regression": "plane", "binary": "spiral", "multiclass": "blobs", "multilabel": "discs"}
    studio.open(config={"dataset": {"name": names[task]}})
    cut, lines = studio.page.evaluate("""() => {
        const box = (selector) => document.querySelector(selector).getBoundingClientRect();
        const [title, names] = [".panel-title", ".panel-names"].map(
          (each) => box(`#panel-decision_boundary ${each}`),
        );
        return [title.right - names.right, box(".speed .counter-name").height / box(".speed-text").height];
    }""")
    assert cut <= 0.5 and lines < 1.6
