"""An earlier attempt that is deleted to save space, while the page shows or compares it."""

from typing import Any

import pytest

from app.web.texts import texts
from tests.browser.conftest import ROOT

CONFIG = {"layers": [{"units": 64}, {"units": 64}, {"units": 64}], "start": False}


@pytest.fixture(scope="module")
def small_server(start_server_at: Any, tmp_path_factory: Any) -> Any:
    """A server whose runs may keep few checkpoints of a wide network."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PERCEPTARIUM_RUN_BUDGET", "1MiB")
        return start_server_at(tmp_path_factory.mktemp("data"), ROOT)


@pytest.fixture
def run(small_server: Any) -> str:
    """A run with 4 steps in its first attempt and one in its second."""
    run = str(small_server.call("POST", "/api/runs", CONFIG)["id"])
    small_server.train(run, 4)
    small_server.call("POST", f"/api/runs/{run}/reset")
    small_server.train(run, 1)
    return run


def delete_first_attempt(server: Any, run: str) -> None:
    """Trains until the checkpoints of the second attempt need the space."""
    server.train(run, 40)
    attempts = server.call("GET", f"/api/runs/{run}/attempts")["attempts"]
    assert [each["attempt"] for each in attempts] == [1]


def test_the_newest_step_follows_when_the_shown_attempt_is_deleted(
    make_studio: Any, small_server: Any, run: str
) -> None:
    studio = make_studio(at=small_server).open(f"/runs/{run}?attempt=0&step=2")
    studio.wait_until("state.shown?.attempt === 0 && state.shown.step === 2")
    studio.wait_until_drawn()
    delete_first_attempt(small_server, run)
    studio.wait_until("state.shown === null && state.run.step === 41")
    studio.page.wait_for_selector("#notices:not([hidden])")
    studio.wait_until("state.timeline.attempt === null && state.timeline.attempts.length === 1")
    studio.wait_until_drawn()
    assert studio.state("[state['view:network'].attempt, state['view:network'].step]") == [1, 41]
    assert studio.state("state.history.attempt") == 1
    assert "attempt" not in studio.page.url


def test_the_comparison_ends_with_a_sentence_when_the_attempt_of_a_is_deleted(
    make_studio: Any, small_server: Any, run: str
) -> None:
    studio = make_studio(at=small_server).open(f"/runs/{run}?a={run}.0.2")
    # The last requests about A are answered: later ones would be of an attempt that does not exist.
    studio.wait_until("state.reference?.frames.decision_boundary?.values && state.reference.counts")
    delete_first_attempt(small_server, run)
    studio.wait_until("state.reference === null")
    studio.page.wait_for_function(
        "(text) => document.querySelector('#notices .notice-text')?.textContent === text",
        arg=texts().text("reference.gone"),
    )
    assert "a=" not in studio.page.url.partition("?")[2].partition("#")[0]
    assert studio.page.locator(".area-a").is_hidden()
