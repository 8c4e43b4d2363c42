"""The pages of a server that needs a token, and of one that is read-only."""

import re

from app.web.texts import texts
from tests.browser.test_accessibility import violations

SENTENCE = texts().text("page.read_only")
# What would change something, by selector.
CHANGING = [
    "#train",
    "#reset",
    "#new-weights",
    "#speed",
    "#undo",
    ".choosers",
    ".timeline-branch",
    ".depth button",
]
TOKEN = "token-of-the-class"


def test_a_read_only_server_shows_runs_and_offers_no_change(own_server, make_studio):
    run = own_server.call("POST", "/api/runs", {"start": False, "name": "Shown"})["id"]
    own_server.train(run, 20)
    own_server.stop()
    own_server.start("--read-only")
    assert len(own_server.call("POST", f"/api/runs/{run}/predict", {"inputs": [[0, 0]]})["outputs"]) == 1
    studio = make_studio(at=own_server, new=True)
    page = studio.page
    page.goto(own_server.url)
    page.get_by_text("Shown").wait_for()
    assert page.locator(".read-only-note").inner_text() == SENTENCE
    assert page.locator(".run-card :is(.run-control, .run-delete):visible, a[href='/']:visible").count() == 1

    studio.open(f"/runs/{run}")
    page.wait_for_selector(".timeline-buttons")
    assert page.locator(".read-only-note").inner_text() == SENTENCE
    assert [selector for selector in CHANGING if page.locator(selector).first.is_visible()] == []
    assert page.locator("#form, .layer-controls").evaluate_all("all => all.every(({ inert }) => inert)")
    seed = studio.state("state.draft.seed")
    for key in ("n", "r", "Space"):
        studio.press(key)
    studio.wait_until("state.notice?.text === argument", SENTENCE)
    assert studio.state("state.draft.seed") == seed and studio.run()["step"] == 20

    page.set_viewport_size({"width": 390, "height": 844})
    line = page.locator(".timeline").bounding_box()
    assert line["y"] + line["height"] == 844  # in the place of the buttons that train

    page.goto(own_server.url + "/lessons/perceptron")
    assert page.locator(".read-only-note").inner_text() == SENTENCE
    assert page.locator("#panels, #to-studio, .lesson-try").count() == 0


def test_the_form_for_the_token_opens_the_page_that_was_requested(own_server, make_studio):
    own_server.stop()
    own_server.start("--token", TOKEN)
    studio = make_studio(at=own_server, new=True)
    studio.expected_messages.append("401")
    page = studio.page
    page.goto(own_server.url + "/lessons")
    assert violations(page) == []
    page.get_by_label(texts().text("page.token.label")).fill("a-wrong-token")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    page.get_by_label(texts().text("page.token.label")).fill(TOKEN)
    page.get_by_role("button").click()
    page.wait_for_selector(".lesson-card")
    assert page.url == own_server.url + "/lessons"
    studio.open()  # with its requests and its stream, which have the cookie
    assert not re.search("token", studio.page.url)
    # A server that was started again with another token asks for that one.
    studio.expect_a_stopped_server()
    own_server.stop()
    own_server.start("--token", "another-token")
    page.get_by_label(texts().text("page.token.label")).wait_for()
