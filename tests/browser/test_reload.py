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
