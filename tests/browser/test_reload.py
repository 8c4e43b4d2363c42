"""The run of a page after a reload, and after the Back button."""

from typing import Any

import pytest

from app.web.texts import texts


def test_a_reload_replaces_a_run_without_a_name(studio: Any) -> None:
    studio.open()
    before = studio.run_id
    studio.page.reload()
    studio.wait_until("state.run && counters.draws.form")
    assert studio.run_id != before
    run_ids = [run["id"] for run in studio.server.call("GET", "/api/runs?limit=100")["runs"]]
    assert studio.run_id in run_ids and before not in run_ids


def test_a_reload_keeps_a_run_that_has_a_name(studio: Any) -> None:
    studio.open()
    before = studio.run_id
    studio.server.call("PATCH", f"/api/runs/{before}", {"name": "worth keeping"})
    studio.page.reload()
    studio.wait_until("state.run && counters.draws.form")
    assert studio.server.call("GET", f"/api/runs/{before}")["name"] == "worth keeping"


@pytest.mark.parametrize("returning", ["reload", "back"])
def test_a_trained_run_is_shown_as_it_was_after_a_reload_and_after_the_back_button(
    studio: Any, returning: str
) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 200")
    studio.press("Space")
    studio.wait_until("state.run.status === 'paused'")
    studio.wait_until_drawn()
    run, step, shown = studio.run_id, studio.run()["step"], studio.pixels(".boundary-map")
    points = studio.state("state.history.columns.step.length")
    studio.page.wait_for_url(f"**/runs/{run}")
    if returning == "reload":
        studio.page.reload()
    else:
        studio.page.get_by_role("link", name="Lessons").click()
        studio.page.wait_for_url("**/lessons")
        studio.page.go_back()
    studio.wait_until("state.run?.id === argument && counters.draws.form && state.catalogue", run)
    studio.wait_until("state.history.columns.step.length === argument", points)
    studio.wait_until_drawn()
    assert (studio.run()["status"], studio.run()["step"]) == ("paused", step)
    assert (studio.pixels(".boundary-map") == shown).all()


def test_the_address_is_that_of_the_run_from_the_moment_of_the_press(studio: Any) -> None:
    studio.open()
    studio.page.evaluate("document.getElementById('train').click()")
    assert studio.page.evaluate("location.pathname") == f"/runs/{studio.run_id}"


def test_edited_weights_of_an_untrained_run_are_there_after_a_reload(studio: Any) -> None:
    studio.open()
    run = studio.run_id
    edit = {"weights": [{"layer": 0, "unit": 0, "source": "bias", "value": 0.5}]}
    studio.server.call("PATCH", f"/api/runs/{run}/weights", edit)
    studio.page.wait_for_url(f"**/runs/{run}")
    studio.page.reload()
    studio.wait_until("state.run?.id === argument && counters.draws.form", run)
    assert studio.server.call("GET", f"/api/runs/{run}/weights")["layers"][0]["biases"][0] == 0.5


def test_a_copied_link_leaves_the_address_of_a_trained_run(studio: Any) -> None:
    studio.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    studio.open()
    studio.train_epoch()
    studio.page.get_by_role("button", name="Copy a link").click()
    studio.wait_until("state.notice")
    assert studio.page.url == f"{studio.server.url}/runs/{studio.run_id}"
    assert "#" in studio.page.evaluate("navigator.clipboard.readText()")


def test_a_link_is_copied_also_where_the_browser_offers_no_clipboard(make_studio: Any) -> None:
    """As on pages that a class opens at an address of the network without HTTPS."""
    studio = make_studio(new=True)
    studio.page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })"
    )
    studio.open()
    studio.page.get_by_role("button", name="Copy a link").click()
    studio.page.locator("#notices").get_by_text(texts().text("studio.notice.link_copied")).wait_for()
    assert studio.page.evaluate("document.activeElement.id") == "share"
    studio.page.evaluate("document.body.append(document.createElement('textarea'))")
    field = studio.page.locator("body > textarea")
    field.press("Control+V")
    assert field.input_value().startswith(f"{studio.server.url}/#")


def test_the_back_button_returns_to_the_run_that_was_shown(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.status === 'running' && state.run.step > 20")
    studio.page.wait_for_function("() => history.state?.run === window.__perceptarium.state.run.id")
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
    studio.page.wait_for_function("() => history.state?.run === window.__perceptarium.state.run.id")
    run = studio.run_id
    studio.page.goto(f"{studio.server.url}/lessons")
    studio.server.call("DELETE", f"/api/runs/{run}")
    studio.page.go_back()
    studio.wait_until("state.run && state.run.id !== argument && counters.draws.form", run)
