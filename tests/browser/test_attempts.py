"""Earlier attempts: every step before a reset is shown again, with the curves and events of its attempt."""

from typing import Any

import pytest

from app.web.texts import texts

SHOWN = "state.shown"


def make_run(server: Any) -> str:
    """A run with 60 steps in its first attempt, a change at step 40, and 25 steps in its second one."""
    run = str(server.call("POST", "/api/runs", {"start": False})["id"])
    server.train(run, 40)
    server.call("PATCH", f"/api/runs/{run}", {"optimizer": {"learning_rate": 0.01}})
    server.train(run, 20)
    server.call("POST", f"/api/runs/{run}/reset")
    server.train(run, 25)
    return run


@pytest.fixture(scope="module")
def run(server: Any) -> str:
    return make_run(server)


@pytest.fixture
def opened(studio: Any, run: str) -> Any:
    """The page of the run, following its second attempt."""
    studio.open(f"/runs/{run}")
    return with_attempts(studio)


def with_attempts(studio: Any) -> Any:
    studio.wait_until("counters.draws.timeline && state.timeline.attempts.length > 1")
    studio.page.wait_for_selector(".timeline-attempt:not([hidden])")
    return studio


def choose(studio: Any, attempt: int) -> None:
    studio.page.click(".timeline-attempt")
    studio.page.click(f"#timeline-attempts [data-attempt='{attempt}']")


def shown_places(studio: Any) -> set[tuple[int, int]]:
    """Attempt and step of the views that the visible panels draw."""
    studio.wait_until_drawn()
    frames = "window.__perceptarium.watched.map((id) => state[`view:${id}`])"
    return {tuple(place) for place in studio.state(f"{frames}.map((frame) => [frame.attempt, frame.step])")}


def test_an_earlier_attempt_is_shown_at_its_last_step_in_every_panel(opened: Any) -> None:
    choose(opened, 0)
    opened.wait_until(f"{SHOWN}?.attempt === 0 && {SHOWN}.step === 60")
    assert shown_places(opened) == {(0, 60)}
    assert opened.page.inner_text("[data-counter=step] dd") == "60"


def test_a_click_on_an_attempt_that_is_read_again_meanwhile_shows_it(opened: Any) -> None:
    held: list[Any] = []
    opened.page.route("**/attempts", lambda route: held.append(route))
    opened.page.click(".timeline-attempt")
    opened.until(lambda: held)
    row = opened.page.locator("#timeline-attempts [data-attempt='0']")
    row.hover()
    opened.page.mouse.down()
    attempts = held[0].fetch().json()["attempts"]
    attempts[0]["step"] = 61
    held[0].fulfill(json={"attempts": attempts})
    row.get_by_text("up to step 61").wait_for()
    opened.page.unroute("**/attempts")
    opened.page.mouse.up()
    opened.wait_until(f"{SHOWN}?.attempt === 0")


def test_the_curves_are_those_of_the_shown_attempt(opened: Any, run: str) -> None:
    choose(opened, 0)
    opened.wait_until("state.presentHistory && state.history.attempt === 0")
    earlier = opened.server.call("GET", f"/api/runs/{run}/history?attempt=0")
    assert opened.state("state.history.columns.train_loss") == earlier["train_loss"]
    opened.press("End")
    opened.wait_until("state.presentHistory === null && state.history.attempt === 1")
    present = opened.server.call("GET", f"/api/runs/{run}/history")
    assert opened.state("state.history.columns.train_loss") == present["train_loss"]


def test_the_bar_has_the_steps_and_the_events_of_the_shown_attempt(opened: Any) -> None:
    choose(opened, 0)
    opened.wait_until(f"{SHOWN}?.attempt === 0")
    opened.wait_until_drawn()
    bar = opened.page.locator(".timeline-bar")
    assert bar.get_attribute("aria-valuemax") == "60"
    opened.press("[")
    opened.wait_until(f"{SHOWN}.step === 40")
    assert shown_places(opened) == {(0, 40)}
    place = texts().text("timeline.attempt.shown", number=1, count=2)
    position = texts().text("timeline.position.paused", step=40, newest=60)
    assert bar.get_attribute("aria-valuetext") == f"{place} · {position}"
    assert opened.page.inner_text(".timeline-attempt") == place
    assert opened.page.inner_text(".timeline-position") == position


def test_follow_leads_from_an_earlier_attempt_to_the_newest_step_of_the_present_one(opened: Any) -> None:
    choose(opened, 0)
    opened.wait_until(f"{SHOWN}?.attempt === 0")
    opened.page.get_by_role("button", name="Follow", exact=True).click()
    opened.wait_until(f"{SHOWN} === null")
    assert shown_places(opened) == {(1, 25)}
    assert opened.page.locator(".timeline-bar").get_attribute("aria-valuemax") == "25"


def test_the_address_says_the_attempt_and_opens_it(opened: Any, run: str) -> None:
    choose(opened, 0)
    opened.page.wait_for_url(f"**/runs/{run}?step=60&attempt=0")
    opened.open(f"/runs/{run}?attempt=0&step=12")
    opened.wait_until(f"{SHOWN}?.attempt === 0 && {SHOWN}.step === 12")
    assert shown_places(opened) == {(0, 12)}


def test_an_address_with_an_attempt_that_is_not_recorded_says_so_and_follows(opened: Any, run: str) -> None:
    opened.open(f"/runs/{run}?attempt=7")
    opened.page.wait_for_selector("#notices:not([hidden])")
    expected = texts().text("timeline.no_such_attempt", attempt=7, attempts="0, 1")
    assert opened.page.inner_text(".notice-text") == expected
    opened.page.wait_for_url(f"**/runs/{run}")
    assert opened.state(SHOWN) is None


def test_the_list_says_how_far_each_attempt_came(opened: Any, run: str) -> None:
    first, second = opened.server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    opened.page.click(".timeline-attempt")
    rows = opened.page.locator("#timeline-attempts .timeline-row").all_inner_texts()
    for row, attempt in zip(rows, (second, first), strict=True):
        assert texts().text("timeline.attempt.number", number=attempt["attempt"] + 1) in row
        assert texts().text("timeline.attempt.steps", count=attempt["step"]) in row


def test_a_run_with_one_attempt_offers_no_choice(studio: Any) -> None:
    run = studio.server.call("POST", "/api/runs", {"start": False})["id"]
    studio.server.train(run, 5)
    studio.open(f"/runs/{run}")
    studio.wait_until("counters.draws['timeline-controls']")
    assert not studio.page.is_visible(".timeline-attempt")


def test_the_present_attempt_goes_on_while_an_earlier_one_is_shown(studio: Any) -> None:
    run = make_run(studio.server)
    studio.open(f"/runs/{run}")
    choose(with_attempts(studio), 0)
    studio.wait_until(f"{SHOWN}?.attempt === 0")
    studio.server.call("PATCH", f"/api/runs/{run}", {"speed": 100})
    studio.server.call("POST", f"/api/runs/{run}/start")
    studio.wait_until("state.run.step > 80 && state.presentHistory.columns.step.at(-1) > 60")
    studio.server.call("POST", f"/api/runs/{run}/pause")
    assert studio.state("state.history.columns.step.at(-1)") <= 60
    assert shown_places(studio) == {(0, 60)}


def test_an_earlier_attempt_stays_shown_when_the_run_is_reset(studio: Any) -> None:
    run = make_run(studio.server)
    studio.open(f"/runs/{run}")
    choose(with_attempts(studio), 0)
    studio.wait_until(f"{SHOWN}?.attempt === 0")
    studio.server.call("POST", f"/api/runs/{run}/reset")
    studio.wait_until("state.run.attempt === 2 && state.timeline.attempts.length === 3")
    assert shown_places(studio) == {(0, 60)}
    studio.wait_until("document.querySelector('.timeline-attempt').textContent.includes('3')")
    studio.press("End")
    studio.wait_until(f"{SHOWN} === null")
    assert shown_places(studio) == {(2, 0)}


def test_the_points_of_an_earlier_attempt_are_shown_with_it(studio: Any) -> None:
    run = studio.server.call("POST", "/api/runs", {"start": False})["id"]
    studio.server.train(run, 5)
    studio.server.call("POST", f"/api/runs/{run}/reset")
    added = {"add": [{"inputs": [0.5, -1], "target": 1, "part": "train"}]}
    studio.server.call("PATCH", f"/api/runs/{run}/points", added)
    studio.server.train(run, 5)
    studio.open(f"/runs/{run}")
    points = studio.state("state.points.train.inputs.length")
    choose(with_attempts(studio), 0)
    studio.wait_until("state.points.train.inputs.length === argument", points - 1)
    studio.press("End")
    studio.wait_until("state.points.train.inputs.length === argument", points)


def test_an_earlier_attempt_can_be_opened_before_the_first_step_of_the_present_one(studio: Any) -> None:
    run = make_run(studio.server)
    studio.server.call("POST", f"/api/runs/{run}/reset")
    studio.open(f"/runs/{run}")
    choose(with_attempts(studio), 0)
    studio.wait_until(f"{SHOWN}?.attempt === 0")
    assert shown_places(studio) == {(0, 60)}


def test_attempts_that_were_deleted_are_said(opened: Any, run: str) -> None:
    def answer(route: Any) -> None:
        body = route.fetch().json()
        route.fulfill(json={"attempts": body["attempts"][1:]})

    opened.page.route("**/attempts", answer)
    opened.page.click(".timeline-attempt")
    opened.page.wait_for_selector(".timeline-deleted")
    expected = texts().text("timeline.attempt.deleted", numbers="1")
    assert opened.page.inner_text(".timeline-deleted") == expected
    assert opened.page.locator("#timeline-attempts .timeline-row").count() == 1


def test_panels_over_time_have_the_recorded_steps_of_the_shown_attempt(opened: Any) -> None:
    opened.page.click("#tab-layer_health")
    opened.wait_until("state['earlier:layer_health']?.every(({ attempt }) => attempt === 1)")
    choose(opened, 0)
    opened.wait_until("state['earlier:layer_health'].every(({ attempt }) => attempt === 0)")
    assert max(opened.state("state['earlier:layer_health'].map(({ step }) => step)")) > 25
    opened.press("End")
    opened.wait_until("state['earlier:layer_health'].every(({ attempt }) => attempt === 1)")
