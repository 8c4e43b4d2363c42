"""Bookmarks on the page: names and notes for steps, kept by the server and opened by their links."""

from typing import Any
from urllib.parse import quote

import pytest

from app.web.texts import texts

SHOWN = "state.shown"
NAMES = "state.timeline?.bookmarks.map(({ name }) => name).join('|')"


@pytest.fixture
def run(server: Any) -> str:
    """A run with 30 steps in its first attempt and 50 in its second one."""
    run = str(server.call("POST", "/api/runs", {"start": False})["id"])
    for steps in (30, 50):
        server.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": steps})
        if steps == 30:
            server.call("POST", f"/api/runs/{run}/reset")
    return run


@pytest.fixture
def opened(studio: Any, run: str) -> Any:
    return open_run(studio, run)


def open_run(studio: Any, run: str, query: str = "") -> Any:
    studio.open(f"/runs/{run}{query}")
    studio.wait_until("counters.draws['timeline-controls'] && state.timeline.log.steps.length")
    return studio


def put(server: Any, run: str, name: str, **body: Any) -> None:
    server.call("PUT", f"/api/runs/{run}/bookmarks/{quote(name)}", body)


def bookmarks(server: Any, run: str) -> list[Any]:
    answer = server.call("GET", f"/api/runs/{run}/bookmarks")["bookmarks"]
    return [bookmark for bookmark in answer if not bookmark["automatic"]]


def row(studio: Any, name: str) -> Any:
    return studio.page.locator(f"#timeline-bookmarks [data-bookmark='{name}']")


def show_step(studio: Any, step: int) -> None:
    """Shows a step with the keys of the time line."""
    studio.press("Home")
    for _ in range(step):
        studio.press(".")
    studio.wait_until(f"{SHOWN}?.step === argument", step)


def test_a_bookmark_names_the_shown_step(opened: Any, run: str) -> None:
    show_step(opened, 3)
    opened.page.click(".timeline-bookmarks")
    opened.page.fill(".bookmark-form input >> nth=0", "Third step")
    opened.page.fill(".bookmark-form input >> nth=1", "see unit 2")
    opened.page.click(".bookmark-save")
    row(opened, "Third step").wait_for()
    (bookmark,) = bookmarks(opened.server, run)
    assert (bookmark["name"], bookmark["attempt"], bookmark["step"]) == ("Third step", 1, 3)
    assert bookmark["note"] == "see unit 2"
    assert "see unit 2" in row(opened, "Third step").inner_text()


def test_the_key_b_and_enter_bookmark_the_newest_step_under_a_name_of_its_own(opened: Any, run: str) -> None:
    opened.press("b")
    opened.press("Enter")
    opened.wait_until(f"{NAMES} === argument", texts().text("timeline.bookmark.default_name", step=50))
    (bookmark,) = bookmarks(opened.server, run)
    assert (bookmark["attempt"], bookmark["step"]) == (1, 50)


def test_a_click_on_a_bookmark_shows_its_step_also_of_an_earlier_attempt(opened: Any, run: str) -> None:
    put(opened.server, run, "Earlier", step=20, attempt=0)
    opened.wait_until(f"{NAMES} === 'Earlier'")
    opened.page.click(".timeline-bookmarks")
    row(opened, "Earlier").locator(".timeline-row").click()
    opened.wait_until(f"{SHOWN}?.step === 20 && {SHOWN}.attempt === 0")
    opened.wait_until("state['view:network'].attempt === 0 && state['view:network'].step === 20")
    opened.page.wait_for_url(f"**/runs/{run}?bookmark=Earlier")


def test_the_best_point_is_a_bookmark_by_itself(opened: Any) -> None:
    history = opened.state("state.history.columns")
    best = min(zip(history["test_loss"], history["step"], strict=True))[1]
    opened.page.click(".timeline-bookmarks")
    assert texts().text("timeline.bookmark.best") in row(opened, "best").inner_text()
    assert row(opened, "best").locator(".bookmark-remove, .bookmark-edit").count() == 0
    row(opened, "best").locator(".timeline-row").click()
    opened.wait_until(f"{SHOWN}?.step === argument", best)


def test_name_and_note_of_a_bookmark_can_be_changed(opened: Any, run: str) -> None:
    put(opened.server, run, "Before", step=20, attempt=0, note="a")
    opened.wait_until(f"{NAMES} === 'Before'")
    opened.page.click(".timeline-bookmarks")
    row(opened, "Before").locator(".bookmark-edit").click()
    opened.page.fill(".bookmark-form input >> nth=0", "After")
    opened.page.fill(".bookmark-form input >> nth=1", "b")
    opened.page.click(".bookmark-save")
    opened.wait_until(f"{NAMES} === 'After'")
    (bookmark,) = bookmarks(opened.server, run)
    assert [bookmark[name] for name in ("name", "note", "attempt", "step")] == ["After", "b", 0, 20]


def test_a_name_that_another_bookmark_has_is_refused(opened: Any, run: str) -> None:
    put(opened.server, run, "Taken", step=20, attempt=0)
    opened.wait_until(f"{NAMES} === 'Taken'")
    opened.press("b")
    opened.page.fill(".bookmark-form input >> nth=0", "Taken")
    opened.press("Enter")
    expected = texts().text("timeline.bookmark.taken", name="Taken")
    opened.page.wait_for_function(
        "(text) => document.querySelector('.bookmark-message').textContent === text", arg=expected
    )
    assert [bookmark["step"] for bookmark in bookmarks(opened.server, run)] == [20]


def test_a_deleted_bookmark_can_be_put_back(opened: Any, run: str) -> None:
    put(opened.server, run, "Kept", step=20, attempt=0, note="why")
    opened.wait_until(f"{NAMES} === 'Kept'")
    opened.page.click(".timeline-bookmarks")
    row(opened, "Kept").locator(".bookmark-remove").click()
    opened.wait_until(f"{NAMES} === ''")
    assert bookmarks(opened.server, run) == []
    opened.page.click(".bookmark-undo")
    opened.wait_until(f"{NAMES} === 'Kept'")
    (bookmark,) = bookmarks(opened.server, run)
    assert (bookmark["note"], bookmark["attempt"], bookmark["step"]) == ("why", 0, 20)


def test_the_link_of_a_bookmark_opens_the_page_at_its_step(make_studio: Any, run: str) -> None:
    studio = make_studio(new=True, permissions=["clipboard-read", "clipboard-write"])
    put(studio.server, run, "A place", step=20, attempt=0)
    open_run(studio, run)
    studio.wait_until(f"{NAMES} === 'A place'")
    studio.page.click(".timeline-bookmarks")
    row(studio, "A place").locator(".bookmark-share").click()
    studio.page.wait_for_function("() => document.querySelector('.bookmark-message').textContent")
    link = studio.page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(studio.server.url)
    studio.open(link.removeprefix(studio.server.url))
    studio.wait_until(f"{SHOWN}?.step === 20 && {SHOWN}.attempt === 0")


def test_a_link_to_a_bookmark_that_does_not_exist_says_so(studio: Any, run: str) -> None:
    open_run(studio, run, "?bookmark=Nowhere")
    studio.page.wait_for_selector("#notices:not([hidden])")
    expected = texts().text("timeline.no_such_bookmark", name="Nowhere")
    assert studio.page.inner_text(".notice-text") == expected
    assert studio.state(SHOWN) is None


def test_the_mark_of_a_bookmark_says_name_and_note_and_a_click_there_shows_its_step(
    opened: Any, run: str
) -> None:
    put(opened.server, run, "Mark", step=25, note="look")
    opened.wait_until(f"{NAMES} === 'Mark'")
    opened.wait_until_drawn()
    box = opened.page.locator(".timeline-bar").bounding_box()
    x, y = box["x"] + box["width"] / 2 + 2, box["y"] + 20
    opened.page.mouse.move(x, y)
    text = texts().text("timeline.bookmark.with_note", name="Mark", note="look")
    assert texts().text("timeline.at_step", step=25, text=text) in opened.page.inner_text(".timeline-tip")
    opened.page.mouse.click(x, y)
    opened.wait_until(f"{SHOWN}?.step === 25")


def test_saved_curves_contain_the_bookmarks_of_the_run(opened: Any, run: str) -> None:
    put(opened.server, run, "Saved", step=25, note="look")
    opened.wait_until(f"{NAMES} === 'Saved'")
    saved = opened.save("curves", texts().text("panel.shared.menu.save_json")).decode()
    assert '"Saved"' in saved and '"look"' in saved
