"""The wall of an experiment: which cards are drawn."""

import json
from typing import Any

import pytest

DATA = {"name": "gauss", "samples": 40}
MEMBERS = 60
DRAWN = """(canvas) => {
  if (!canvas) return false;
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, width, height).data.some((value) => value > 0);
}"""


@pytest.fixture
def wall(studio: Any) -> Any:
    """The page of an experiment with more members than a screen has room for; they do not train."""
    config = {"dataset": DATA, "layers": [{"units": 2}]}
    body = {"config": config, "vary": {"seed": {"count": MEMBERS}}, "start": False}
    created = studio.server.call("POST", "/api/experiments", body)
    studio.expected_messages += ["status of 404"]
    studio.page.goto(studio.server.url + created["url"])
    yield studio.page.locator(".wall-card canvas")
    studio.server.call("DELETE", "/api" + created["url"])


def test_cards_on_the_screen_are_drawn_and_others_once_they_are_scrolled_to(studio: Any, wall: Any) -> None:
    drawn = f"(at) => ({DRAWN})(document.querySelectorAll('.wall-card canvas')[at])"
    studio.page.wait_for_function(drawn, arg=0)
    assert wall.count() == MEMBERS
    assert not studio.page.evaluate(drawn, MEMBERS - 1)
    wall.last.scroll_into_view_if_needed()
    studio.page.wait_for_function(drawn, arg=MEMBERS - 1)


def test_the_pictures_of_cards_that_are_not_on_the_screen_are_not_requested(studio: Any, wall: Any) -> None:
    requests: list[str] = []
    studio.page.on("websocket", lambda socket: socket.on("framesent", lambda text: requests.append(text)))
    studio.page.reload()
    studio.page.wait_for_function(f"() => ({DRAWN})(document.querySelector('.wall-card canvas'))")
    members = [json.loads(text)["members"] for text in requests if "boundary_grid" in text]
    assert members and all(0 < len(runs) < MEMBERS for runs in members)


def test_the_large_picture_has_the_pixels_that_are_shown_and_is_drawn_again(studio: Any, wall: Any) -> None:
    large = "document.querySelector('.wall-preview canvas')"
    fits = f"({large}.width === Math.min(600, Math.round({large}.clientWidth * devicePixelRatio)))"
    wall.first.hover()
    studio.page.wait_for_function(f"() => {fits} && ({DRAWN})({large})")
    before = studio.page.evaluate(f"{large}.width")
    assert before < 600

    studio.page.set_viewport_size({"width": 390, "height": 844})

    is_smaller = f"(before) => {fits} && {large}.width < before && ({DRAWN})({large})"
    studio.page.wait_for_function(is_smaller, arg=before)
