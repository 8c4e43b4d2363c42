"""Undo of resets, new weights and changes that need a new run, and the earlier runs of the page."""

from typing import Any

import pytest

from app.web.texts import texts

DIVERGING = {
    "dataset": {"name": "plane"},
    "layers": [{"units": 8, "activation": "linear"}] * 3,
    "optimizer": {"name": "sgd", "learning_rate": 50},
}


def weights(studio: Any) -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"]


def train(studio: Any, steps: int = 100) -> None:
    """Trains some steps, and pauses."""
    first = studio.state("state.run.step")
    studio.page.click("#train")
    studio.wait_until("state.run.step > argument", first + steps)
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused'")
    studio.page.locator(".timeline-bar").wait_for()


def undo_in_notice(studio: Any) -> None:
    label = texts().text("studio.notice.undo")
    studio.page.locator("#notices").get_by_role("button", name=label, exact=True).click()


def test_a_reset_is_undone_by_its_notice_and_done_again_by_redo(studio: Any) -> None:
    studio.open()
    assert studio.page.locator("#undo").is_disabled()
    train(studio)
    run, step, trained = studio.run_id, studio.run()["step"], weights(studio)
    studio.press("r")
    studio.wait_until("state.run.step === 0 && state.run.attempt === 1")
    undo_in_notice(studio)
    studio.wait_until("state.run.id !== argument", run)
    assert weights(studio) == trained
    assert (studio.run()["step"], studio.run()["status"]) == (step, "paused")
    studio.wait_until_applied()
    studio.page.click("#redo")
    studio.wait_until("state.run.id === argument && state.run.step === 0", run)
    assert studio.page.locator("#redo").is_disabled()
    studio.press("Control+z")
    studio.wait_until("state.run.id !== argument && state.run.step > 0", run)
    assert weights(studio) == trained


def test_a_reset_before_the_first_step_cannot_be_undone(studio: Any) -> None:
    studio.open()
    studio.press("r")
    studio.wait_until("state.run.attempt === 1")
    assert studio.page.locator("#undo").is_disabled()


def test_new_weights_are_undone_with_the_button_and_the_run_is_as_it_was(studio: Any) -> None:
    studio.open()
    train(studio)
    run, trained = studio.run(), weights(studio)
    points = studio.state("state.history.columns.step.length")
    studio.press("n")
    studio.wait_until("state.run.id !== argument", run["id"])
    studio.page.locator("#notices").get_by_text(texts().text("studio.notice.new_weights")).wait_for()
    studio.page.click("#undo")
    studio.wait_until("state.run.id === argument && state.draft.seed === 0", run["id"])
    studio.wait_until_applied()
    assert weights(studio) == trained
    assert studio.run()["seq"] == run["seq"]
    studio.wait_until("state.history.columns.step.length === argument", points)


def test_changes_with_and_without_a_new_run_are_undone_in_one_history(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 100")
    run = studio.run_id
    studio.enter("optimizer.learning_rate", "0.005")
    studio.wait_until_applied()
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait_until("state.run.id !== argument && state.run.status === 'running'", run)
    studio.wait_until("state.run.step > 20")
    assert studio.server.call("GET", f"/api/runs/{run}")["status"] == "paused"
    longer = studio.run_id
    studio.press("Control+z")
    studio.wait_until("state.run.id === argument && state.run.step > 100", run)
    assert studio.server.call("GET", f"/api/runs/{longer}")["status"] == "paused"
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.005
    studio.press("Control+z")
    studio.wait_until("state.draft.optimizer.learning_rate === 0.02")
    studio.wait_until_applied()
    assert studio.run_id == run
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.02
    studio.press("Control+Shift+z")
    studio.press("Control+Shift+z")
    studio.wait_until("state.run.id === argument && state.run.step > 20", longer)


def test_again_after_a_divergence_keeps_the_attempt(studio: Any) -> None:
    studio.open(config=DIVERGING)
    studio.press("Space")
    studio.wait_until("state.run.status === 'diverged'")
    run, step = studio.run_id, studio.run()["step"]
    studio.page.click("#train")
    studio.wait_until("state.run.attempt === 1 && state.run.status === 'diverged'")
    studio.page.click("#undo")
    studio.wait_until("state.run.id !== argument[0] && state.run.step === argument[1]", [run, step])


def test_a_run_that_was_deleted_meanwhile_gives_its_settings_to_a_new_one(studio: Any) -> None:
    studio.expected_messages.append("status of 404")
    studio.open()
    train(studio)
    run = studio.run_id
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait_until("state.run.id !== argument", run)
    studio.server.call("DELETE", f"/api/runs/{run}")
    studio.press("Control+z")
    studio.wait_until("state.draft.layers.length === 2")
    studio.wait_until_applied()
    studio.page.locator("#notices").get_by_text(texts().text("branch.not_returned")).wait_for()
    assert len(studio.run()["config"]["layers"]) == 2


def test_the_earlier_runs_of_the_page_are_one_click_away_also_after_a_reload(studio: Any) -> None:
    studio.open()
    train(studio)
    run, step = studio.run_id, studio.run()["step"]
    studio.press("n")
    studio.wait_until("state.run.id !== argument", run)
    train(studio)
    other = studio.run_id
    studio.page.reload()
    studio.wait_until("state.run?.id === argument && counters.draws.form", other)
    studio.page.locator(".timeline-recent").click()
    rows = studio.page.locator("#timeline-recent .timeline-row")
    assert rows.count() == 1
    words = rows.inner_text()
    assert f"step {step:,}" in words and "test loss" in words and "Weight seed 0" in words
    rows.click()
    studio.wait_until("state.run.id === argument", run)
    assert studio.run()["step"] == step


@pytest.mark.parametrize("keep", [False, True])
def test_of_the_runs_beyond_the_last_ten_those_without_a_name_are_deleted(studio: Any, keep: bool) -> None:
    studio.open()
    train(studio, 1)
    first = studio.run_id
    if keep:
        studio.server.call("PATCH", f"/api/runs/{first}", {"name": "kept"})
    left: list[str] = []

    def leave() -> None:
        left.append(studio.run_id)
        studio.press("n")
        studio.wait_until("state.run.id !== argument", left[-1])

    for _ in range(10):
        leave()
        studio.train_epoch()
    with studio.page.expect_response(lambda answer: f"{first}?unless_kept=true" in answer.url):
        leave()

    def listed() -> set[str]:
        return {run["id"] for run in studio.server.call("GET", "/api/runs?limit=1000")["runs"]}

    assert (first in listed()) == keep
    assert set(left[1:]) <= listed()
