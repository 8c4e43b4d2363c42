"""What becomes of a run when its page is loaded again."""

from typing import Any


def test_a_reload_begins_afresh_and_leaves_no_unnamed_run_behind(studio: Any) -> None:
    studio.open()
    before = studio.run_id
    studio.page.reload()
    studio.drawn()
    assert studio.run_id != before
    known = [run["id"] for run in studio.server.call("GET", "/api/runs?limit=100")["runs"]]
    assert studio.run_id in known and before not in known


def test_a_reload_keeps_a_run_that_has_a_name(studio: Any) -> None:
    studio.open()
    before = studio.run_id
    studio.server.call("PATCH", f"/api/runs/{before}", {"name": "worth keeping"})
    studio.page.reload()
    studio.drawn()
    assert studio.server.call("GET", f"/api/runs/{before}")["name"] == "worth keeping"


def test_back_from_another_page_leads_to_the_run_that_was_left(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait("state.run.status === 'running' && state.run.step > 20")
    studio.page.wait_for_function("history.state?.run === window.__perceptarium.state.run.id")
    run = studio.run_id
    studio.page.get_by_role("link", name="Lessons").click()
    studio.page.wait_for_url("**/lessons")
    studio.page.go_back()
    studio.wait("state.run?.id === argument && state.run.step > 20 && counters.draws.form", run)
    assert studio.state("state.run.status") == "running"
    assert studio.state("state.history.columns.step.length") > 0


def test_back_to_a_run_that_is_gone_begins_afresh(studio: Any) -> None:
    studio.expected_messages.append("status of 404")
    studio.open()
    studio.page.wait_for_function("history.state?.run === window.__perceptarium.state.run.id")
    run = studio.run_id
    studio.page.goto(f"{studio.server.url}/lessons")
    studio.server.call("DELETE", f"/api/runs/{run}")
    studio.page.go_back()
    studio.wait("state.run && state.run.id !== argument && counters.draws.form", run)
