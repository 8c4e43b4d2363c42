"""Refused values, lost runs and connections, their notices, and the keyboard focus of the studio."""

import base64
import json
from typing import Any

import pytest
from playwright.sync_api import Route

from app.web.texts import texts

PHONE = {"width": 390, "height": 844}
DIVERGING = {
    "dataset": {"name": "plane"},
    "layers": [{"units": 8, "activation": "linear"}] * 3,
    "optimizer": {"name": "sgd", "learning_rate": 50},
}


def shared(studio: Any) -> Any:
    """The configuration in the address."""
    coded = studio.page.url.split("#")[1]
    return json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))


def notice(studio: Any, text: str) -> Any:
    shown = studio.page.locator("#notices").filter(has_text=text)
    shown.wait_for(state="visible")
    return shown


def diverge(studio: Any) -> None:
    studio.open(config=DIVERGING)
    studio.press("Space")
    studio.wait_until("state.run.status === 'diverged'")


def test_a_link_with_rejected_values_is_opened_without_them(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    studio.open(config={"optimizer": {"learning_rate": -1}, "l2": 0.01, "batch_size": 0})
    notice(studio, "Learning rate: must be")
    config = studio.run()["config"]
    assert (config["l2"], config["optimizer"]["learning_rate"], config["batch_size"]) == (0.01, 0.02, 32)


def test_the_notice_names_rejected_values_also_if_the_schema_arrives_later(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    held: list[Any] = []
    studio.page.route("**/api/schema*", lambda route: held.append(route))
    config = base64.urlsafe_b64encode(json.dumps({"optimizer": {"learning_rate": -1}}).encode()).decode()
    with studio.page.expect_response("**/config-repair.js"):
        studio.page.goto(f"{studio.server.url}/#{config.rstrip('=')}")
    studio.until(lambda: held)
    studio.page.evaluate("() => null")  # the module has run
    for request in held:
        request.continue_()
    notice(studio, "Learning rate: must be")


def test_the_page_of_a_deleted_run_offers_a_new_run(studio: Any) -> None:
    studio.expected_messages.append("status of 404")
    studio.open()
    identity = studio.run_id
    studio.page.route(f"**/api/runs/{identity}", lambda route: route.fulfill(status=404, json={"error": {}}))
    studio.page.goto(f"{studio.server.url}/runs/{identity}")
    notice(studio, "no longer exists").get_by_role("button", name="New run").click()
    studio.wait_until("state.run && state.run.id !== argument && state.connection === 'open'", identity)
    assert studio.run()["status"] == "paused"
    assert studio.state("state.draft.dataset.name") == studio.run()["config"]["dataset"]["name"]


@pytest.mark.parametrize("problem", ["refused", "unwritable", "unreachable"])
def test_a_failed_creation_of_a_run_shows_a_notice_and_can_be_tried_again(studio: Any, problem: str) -> None:
    studio.expected_messages += ["status of 503", "Failed to load resource"]
    refusal = {"error": {"code": "busy", "message": "Too many runs."}}
    unwritable = {"error": {"code": "not_stored", "message": "The page has a sentence for this code."}}
    answers = {
        "refused": lambda route: route.fulfill(status=503, json=refusal),
        "unwritable": lambda route: route.fulfill(status=503, json=unwritable),
        "unreachable": lambda route: route.abort(),
    }
    studio.page.route("**/api/runs", answers[problem])
    studio.page.goto(studio.server.url)
    sentences = {
        "refused": "Too many runs.",
        "unwritable": texts().text("studio.error.not_stored"),
        "unreachable": texts().text("studio.api.unreachable"),
    }
    shown = notice(studio, sentences[problem])
    advice = studio.page.locator("#advice")
    assert advice.inner_text().strip() == "" and advice.get_attribute("data-kind") is None
    studio.press("Space")
    studio.press("r")
    studio.page.unroute("**/api/runs")
    shown.get_by_role("button", name="Try again").click()
    studio.wait_until("state.run && state['view:decision_boundary']")
    studio.page.locator("#notices").wait_for(state="hidden")
    studio.page.locator("#advice[data-kind=untrained] .advice-title").wait_for(state="visible")
    assert (studio.run()["status"], studio.run()["step"]) == ("paused", 0)


def test_the_address_keeps_the_last_accepted_value_of_a_rejected_field(studio: Any) -> None:
    studio.open()
    studio.enter("optimizer.learning_rate", "-3")
    studio.page.locator(".field[data-field='optimizer.learning_rate'] .field-error").wait_for(state="visible")
    studio.enter("l2", "0.01")
    studio.page.wait_for_function(
        "() => location.hash.length > 8 && JSON.parse(atob(location.hash.slice(1)"
        ".replace(/-/g, '+').replace(/_/g, '/'))).l2 === 0.01"
    )
    assert shared(studio)["optimizer"]["learning_rate"] == 0.02
    studio.page.get_by_role("button", name="Copy a link").click()
    assert shared(studio)["optimizer"]["learning_rate"] == 0.02


def test_the_arrow_key_trains_a_step_after_a_unit_was_clicked(studio: Any) -> None:
    studio.open()
    drawing = studio.page.locator(".network-canvas").bounding_box()
    studio.page.locator(".network-canvas").click(position={"x": drawing["width"] * 0.375, "y": 44})
    studio.wait_until("state.pinned")
    studio.press("Escape")
    studio.press("ArrowRight")
    studio.wait_until("state.run.step === 1")
    assert studio.state("state.pinned") is None


def test_the_focused_network_drawing_handles_only_plain_arrows_until_escape(studio: Any) -> None:
    studio.open()
    studio.page.locator(".network-canvas").focus()
    studio.press("ArrowRight")
    studio.wait_until("state.pinned?.layer === 0 && state.run.step === 0")
    studio.press("Shift+ArrowRight")
    studio.wait_until("state.run.epoch === 1 && state.pinned.layer === 0")
    studio.press("Escape")
    step = studio.run()["step"]
    studio.press("ArrowRight")
    studio.wait_until("state.run.step === argument", step + 1)
    assert studio.state("state.pinned") is None


def test_the_page_does_not_scroll_when_all_sections_are_open(studio: Any) -> None:
    studio.open()
    studio.open_details()
    studio.page.evaluate("document.querySelector('#form').lastElementChild.scrollIntoView()")
    heights = studio.page.evaluate("[document.documentElement.scrollHeight, innerHeight, scrollY]")
    assert heights == [900, 900, 0]


def test_the_notice_of_a_divergence_stays_when_a_change_is_undone(studio: Any) -> None:
    diverge(studio)
    studio.press("Control+z")
    studio.wait_until_drawn()
    assert "Diverged" in studio.page.locator("#notices").inner_text()


def test_the_notice_of_a_lost_connection_is_removed_after_the_reconnection(
    make_studio: Any, own_server: Any
) -> None:
    studio = make_studio(at=own_server, new=True).open()
    studio.expect_a_stopped_server()
    own_server.stop()
    studio.press("ArrowRight")
    studio.wait_until("state.notice?.lost && state.connection === 'lost'")
    own_server.start()
    studio.wait_until("state.connection === 'open'")
    assert studio.state("state.notice") is None
    studio.page.locator("#notices").wait_for(state="hidden")


def test_a_change_without_a_connection_is_applied_after_the_reconnection(
    make_studio: Any, own_server: Any
) -> None:
    studio = make_studio(at=own_server, new=True).open()
    studio.expect_a_stopped_server()
    own_server.stop()
    studio.wait_until("state.connection === 'lost'")
    studio.enter("optimizer.learning_rate", "0.07")
    studio.wait_until("state.notice?.lost")
    own_server.start()
    studio.wait_until_applied()
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.07


def test_the_curves_are_drawn_with_plotly_also_if_its_file_arrives_only_the_second_time(
    make_studio: Any,
) -> None:
    studio = make_studio(new=True)
    studio.expected_messages += ["Failed to load resource"]
    studio.page.route("**/plotly.min.js", lambda route: route.abort(), times=1)
    studio.open()
    studio.train_epoch()
    studio.wait_until("state.plotly === 'drawn'")


def test_the_notice_of_a_rejected_value_is_removed_when_it_is_corrected(studio: Any) -> None:
    studio.open()
    studio.enter("dataset.noise", "-3")
    notice(studio, "Noise:")
    studio.enter("dataset.noise", "0.1")
    studio.wait_until("!state.notice")
    studio.page.locator("#notices").wait_for(state="hidden")
    assert studio.page.locator(".field[data-field='dataset.noise'] .field-error").inner_text() == ""


@pytest.mark.parametrize("size", [None, PHONE])
def test_a_notice_neither_covers_nor_moves_the_form(make_studio: Any, size: Any) -> None:
    studio = make_studio(size) if size else make_studio()
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 2})
    rows = "() => [...document.querySelectorAll('#form .field')].map((row) => row.offsetTop)"
    before = studio.page.evaluate(rows)
    studio.page.click("#train")
    box = notice(studio, "Finished:").bounding_box()
    studio.page.evaluate("scrollTo(0, 1e6)")
    form = studio.page.locator("#form").bounding_box()
    assert form["y"] + form["height"] <= box["y"] or box["y"] + box["height"] <= form["y"]
    assert box["y"] + box["height"] <= (size or {"height": 900})["height"]
    assert studio.page.evaluate(rows) == before


def test_a_rejected_field_shows_the_value_in_use_and_can_be_reverted(studio: Any) -> None:
    studio.open()
    studio.enter("optimizer.learning_rate", "-3")
    error = studio.page.locator(".field[data-field='optimizer.learning_rate'] .field-error")
    error.filter(has_text="still using 0.02").wait_for(state="visible")
    assert "Learning rate:" in studio.page.locator("#notices").inner_text()
    error.get_by_role("button", name="Revert").click()
    error.wait_for(state="hidden")
    assert studio.number_field("optimizer.learning_rate").input_value() == "0.02"


def test_a_notice_names_a_field_as_the_form_does(studio: Any) -> None:
    studio.open()
    studio.enter("dataset.test_fraction", "-3")
    assert "test_fraction" not in notice(studio, "Test fraction:").inner_text()


@pytest.mark.parametrize(
    ("path", "typed", "message"),
    [
        ("optimizer.learning_rate", "-3", "must be at least"),
        ("l2", "many", "must be a number"),
        ("batch_size", "2.5", "must be a whole number"),
        ("optimizer.beta_1", "7", "must be at most"),
    ],
)
def test_an_invalid_value_is_reported_without_a_request(
    shared_studio: Any, path: str, typed: str, message: str
) -> None:
    shared_studio.open()
    shared_studio.open_details()
    requests: list[str] = []
    shared_studio.page.on("request", lambda request: request.method != "GET" and requests.append(request.url))
    shared_studio.enter(path, typed)
    error = shared_studio.page.locator(f".field[data-field='{path}'] .field-error")
    error.filter(has_text=message).wait_for(state="visible")
    assert requests == []


def test_a_module_that_could_not_be_loaded_is_loaded_when_the_server_answers_again(studio: Any) -> None:
    studio.open()
    studio.expected_messages = ["net::ERR_FAILED"]
    requests: list[str] = []

    def fail_at_first(route: Route) -> None:
        requests.append(route.request.url)
        route.abort() if len(requests) == 1 else route.continue_()

    studio.page.route("**/timeline/index.js", fail_at_first)
    studio.press("ArrowRight")
    studio.page.locator(".timeline-bar").wait_for()
    assert len(requests) == 2


def test_the_tabs_are_drawn_without_an_error_while_there_is_no_run(studio: Any) -> None:
    studio.expected_messages += ["status of 503", "Failed to load resource"]
    refusal = {"error": {"code": "busy", "message": "Too many runs."}}
    studio.page.route("**/api/runs", lambda route: route.fulfill(status=503, json=refusal))
    studio.page.goto(studio.server.url)
    notice(studio, "Too many runs.")
    studio.wait_until("state.catalogue && counters.draws.form")
    for tab in ("activation_curves", "sample_trace", "results", "loss_landscape", "layer_health"):
        studio.page.click(f"#tab-{tab}")
        studio.wait_until("counters.draws[argument] && state.run === null", tab)
