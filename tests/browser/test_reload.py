"""The run of a page after a reload, and after the Back button."""

from typing import Any


def test_a_reload_replaces_a_run_without_a_name(studio: Any) -> None:
    studio.open()
    before = studio.run_id
    studio.page.reload()
    studio.wait_until_drawn()
    assert studio.run_id != before
    run_ids = [run["id"] for run in studio.server.call("GET", "/api/runs?limit=100")["runs"]]
    assert studio.run_id in run_ids and before not in run_ids


def test_a_reload_keeps_a_run_that_has_a_name(studio: Any) -> None:
    studio.open()
    before = studio.run_id
    studio.server.call("PATCH", f"/api/runs/{before}", {"name": "worth keeping"})
    studio.page.reload()
    studio.wait_until_drawn()
    assert studio.server.call("GET", f"/api/runs/{before}")["name"] == "worth keeping"


def test_the_back_button_returns_to_the_run_that_was_shown(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.status === 'running' && state.run.step > 20")
    studio.page.wait_for_function("history.state?.run === window.__perceptarium.state.run.id")
    run = studio.run_id
    studio.page.get_by_role("link", name="Lessons").click()
    studio.page.wait_for_url("**/lessons")
    studio.page.go_back()
    studio.wait_until("state.run?.id === argument && state.run.step > 20 && counters.draws.form", run)
    assert studio.state("state.run.status") == "running"
    assert studio.state("state.history.columns.step.length") > 0


def test_the_back_button_creates_a_run_if_the_shown_one_was_deleted(studio: Any) -> None:
    studio.expected_messages.append("status of 404")
    studio.open()
    studio.page.wait_for_function("history.state?.run === window.__perceptarium.state.run.id")
    run = studio.run_id
    studio.page.goto(f"{studio.server.url}/lessons")
    studio.server.call("DELETE", f"/api/runs/{run}")
    studio.page.go_back()
    studio.wait_until("state.run && state.run.id !== argument && counters.draws.form", run)
