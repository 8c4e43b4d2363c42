"""Branches: training goes on from any step of a run in a new one, with or without changes."""

import json
from typing import Any

from app.web.texts import texts
from tests.browser.test_timeline import SHOWN, click, trained, with_timeline

PHONE = {"width": 390, "height": 844}


def shown_at(studio: Any, step: int = 40, steps: int = 200, path: str = "/") -> str:
    """The id of a paused run of some steps, of which the studio shows an earlier one."""
    trained(studio, steps, path)
    show(studio, step)
    return str(studio.run_id)


def show(studio: Any, step: int) -> None:
    click(studio, step)
    studio.wait_until(f"{SHOWN} === argument", step)


def press_button(studio: Any, key: str) -> None:
    studio.page.get_by_role("button", name=texts().text(key), exact=True).first.click()


def continue_here(studio: Any) -> str:
    """The id of the run that the button of the time line makes."""
    before = studio.run_id
    press_button(studio, "branch.continue")
    studio.wait_until("state.run.id !== argument && state.points.run === state.run.id", before)
    return str(studio.run_id)


def wait_until_paused(studio: Any, run: str) -> None:
    """Waits until another run than that of the page pauses."""
    studio.page.wait_for_function(
        "async (run) => (await (await fetch(`/api/runs/${run}`)).json()).status === 'paused'", arg=run
    )


def notice(studio: Any) -> str:
    return str(studio.page.inner_text(".notice-text"))


def test_continue_from_here_opens_a_run_that_begins_at_the_shown_step(studio: Any) -> None:
    parent = shown_at(studio)
    run = continue_here(studio)
    assert studio.run()["parent"] == {"id": parent, "attempt": 0, "step": 40}
    assert studio.state("[state.run.step, state.run.status, state.shown]") == [40, "paused", None]
    weights = [
        studio.server.call("GET", f"/api/runs/{path}")["layers"]
        for path in (f"{run}/weights", f"{parent}/weights?step=40")
    ]
    assert weights[0] == weights[1]
    studio.page.wait_for_url(f"**/runs/{run}")


def test_the_button_is_shown_only_with_an_earlier_step_and_does_not_move_the_bar(studio: Any) -> None:
    trained(studio)
    button = studio.page.locator(".timeline-branch")
    assert not button.is_visible()
    before = studio.page.locator(".timeline-bar").bounding_box()
    show(studio, 40)
    button.wait_for(state="visible")
    assert studio.page.locator(".timeline-bar").bounding_box() == before


def test_the_parent_of_a_branch_is_kept_and_one_press_away(studio: Any) -> None:
    parent = shown_at(studio)
    continue_here(studio)
    assert notice(studio) == texts().text("branch.continued", step=40)
    press_button(studio, "branch.back")
    studio.wait_until("state.run.id === argument && state.run.step === 200", parent)
    studio.page.wait_for_url(f"**/runs/{parent}")


def test_the_branch_of_a_training_run_trains_and_its_parent_pauses(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 100 && state.timeline?.log.steps.length > 5")
    parent = studio.run_id
    studio.press("Home")
    studio.wait_until(f"{SHOWN} === 0")
    continue_here(studio)
    studio.wait_until("state.run.status === 'running' && state.run.step > 5")
    left = studio.server.call("GET", f"/api/runs/{parent}")
    assert left["status"] == "paused"
    text = texts().text("branch.continued_paused", step=0, newest=f"{left['step']:,}")
    assert notice(studio) == text
    studio.press("Space")
    studio.wait_until("state.run.status === 'paused'")


def test_a_parent_that_trains_without_viewers_trains_on(studio: Any) -> None:
    config = {"unwatched": "train", "epochs": 10_000, "speed": 50}
    parent = studio.server.call("POST", "/api/runs", config)["id"]
    studio.open(f"/runs/{parent}")
    studio.wait_until("state.run.step > 10 && state.timeline?.log.steps.length > 5")
    studio.press("Home")
    studio.wait_until(f"{SHOWN} === 0")
    continue_here(studio)
    assert notice(studio) == texts().text("branch.continued_training", step=0)
    assert studio.server.call("GET", f"/api/runs/{parent}")["status"] == "running"
    for run in (parent, studio.run_id):
        studio.server.call("POST", f"/api/runs/{run}/pause")


def test_the_back_button_of_the_browser_leads_to_the_parent_and_forward_to_the_branch(studio: Any) -> None:
    parent = shown_at(studio)
    studio.page.wait_for_function("() => history.state?.run === window.__perceptarium.state.run.id")
    run = continue_here(studio)
    studio.page.go_back()
    studio.wait_until("state.run.id === argument && state.run.step === 200", parent)
    studio.page.wait_for_url(lambda url: f"/runs/{parent}" in url)
    studio.page.go_forward()
    studio.wait_until("state.run.id === argument && state.run.step === 40", run)
    assert studio.page.url.endswith(f"/runs/{run}")


def test_going_back_to_a_parent_that_was_deleted_says_so(studio: Any) -> None:
    studio.expected_messages.append("status of 404")
    parent = shown_at(studio)
    studio.page.wait_for_function("() => history.state?.run === window.__perceptarium.state.run.id")
    continue_here(studio)
    studio.server.call("DELETE", f"/api/runs/{parent}")
    studio.page.go_back()
    studio.page.get_by_text(texts().text("studio.notice.run_gone")).wait_for(state="visible")
    assert studio.state("state.connection") == "gone"


def test_a_reload_after_returning_to_the_parent_does_not_delete_it(studio: Any) -> None:
    parent = shown_at(studio)
    studio.page.wait_for_function("() => history.state?.run === window.__perceptarium.state.run.id")
    continue_here(studio)
    studio.page.go_back()
    studio.wait_until("state.run.id === argument", parent)
    studio.page.reload()
    studio.wait_until_drawn()
    assert studio.server.call("GET", f"/api/runs/{parent}")["step"] == 200


def test_a_branch_can_be_reloaded_and_trains_on(studio: Any) -> None:
    shown_at(studio)
    run = continue_here(studio)
    studio.page.wait_for_url(f"**/runs/{run}")
    studio.open(f"/runs/{run}")
    assert studio.run_id == run
    studio.page.click("#step")
    studio.wait_until("state.run.step === 41")


def test_an_edit_of_an_earlier_step_offers_to_continue_from_there(studio: Any) -> None:
    parent = shown_at(studio)
    studio.page.get_by_role("button", name="Draw points").click()
    studio.page.wait_for_selector(".draw-bar .draw-tool")  # its module is loaded with the first click
    studio.page.locator(".boundary-points").click(position={"x": 150, "y": 150})
    studio.page.wait_for_selector("#notices:not([hidden])")
    assert notice(studio) == texts().text("timeline.present_only")
    studio.page.locator("#notices").get_by_role("button", name=texts().text("branch.continue")).click()
    studio.wait_until("state.run.id !== argument && state.run.step === 40", parent)
    assert studio.run()["parent"]["step"] == 40


def test_two_presses_of_continue_make_one_run(studio: Any) -> None:
    parent = shown_at(studio)
    studio.page.locator(".timeline-branch").dblclick()
    studio.wait_until("state.run.id !== argument", parent)
    runs = studio.server.call("GET", "/api/runs?limit=100")["runs"]
    assert [run["id"] for run in runs if (run["parent"] or {}).get("id") == parent] == [studio.run_id]


def test_on_a_phone_the_button_is_large_enough_to_press(make_studio: Any) -> None:
    studio = make_studio(PHONE)
    shown_at(studio)
    box = studio.page.locator(".timeline-branch").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    continue_here(studio)
    with_timeline(studio)


def test_a_change_while_an_earlier_step_is_shown_waits_and_is_listed(studio: Any) -> None:
    shown_at(studio)
    before = studio.run()["config"]
    studio.enter("optimizer.learning_rate", "0.3")
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait_until("state.offer")
    changes = "Learning rate 0.3, Hidden layers 8-8-8"
    assert set(studio.state("state.offer.text").split(": ", 1)[1].split(". ")[0].split(", ")) == set(
        changes.split(", ")
    )
    assert studio.run()["config"] == before
    assert studio.state(SHOWN) == 40


def test_accepted_changes_continue_from_the_shown_step(studio: Any) -> None:
    parent = shown_at(studio)
    studio.enter("optimizer.learning_rate", "0.3")
    offered = texts().text("branch.offer.continue", step=40)
    studio.page.get_by_role("button", name=offered).click()
    studio.wait_until("state.run.id !== argument && state.run.step === 40", parent)
    run = studio.run()
    assert run["config"]["optimizer"]["learning_rate"] == 0.3
    assert run["parent"] == {"id": parent, "attempt": 0, "step": 40}
    kept = studio.server.call("GET", f"/api/runs/{parent}")
    assert kept["config"]["optimizer"]["learning_rate"] != 0.3
    assert "all weights" in notice(studio)


def test_what_a_change_carries_over_and_begins_anew_is_said_until_it_is_closed(studio: Any) -> None:
    shown_at(studio)
    studio.page.get_by_role("button", name="Add a unit").first.click()
    studio.page.get_by_role("button", name=texts().text("branch.offer.continue", step=40)).click()
    studio.wait_until("state.run.step === 40 && state.offer && !state.offer.holds")
    weights = texts().text("branch.part.layer_weights", layer="layer 1", number=3, total=27)
    assert weights in studio.state("state.offer.text").split("Begins anew: ")[1]
    studio.page.locator("#notices").get_by_role("button", name="Close").click()
    studio.page.locator("#notices").wait_for(state="hidden")


def test_discarded_changes_leave_form_and_run_as_they_were(studio: Any) -> None:
    shown_at(studio)
    before = studio.run()["config"]
    rate = studio.number_field("optimizer.learning_rate").input_value()
    studio.enter("optimizer.learning_rate", "0.3")
    press_button(studio, "branch.offer.discard")
    studio.wait_until("state.offer === null && state.draft === state.confirmed")
    studio.wait_until_drawn()
    assert studio.number_field("optimizer.learning_rate").input_value() == rate
    assert studio.run()["config"] == before
    assert studio.state(SHOWN) == 40


def test_a_change_that_is_taken_back_is_no_longer_offered(studio: Any) -> None:
    shown_at(studio)
    studio.enter("optimizer.learning_rate", "0.3")
    studio.wait_until("state.offer")
    studio.page.locator("body").click(position={"x": 700, "y": 60})
    studio.press("Control+z")
    studio.wait_until("state.offer === null")


def test_the_form_shows_the_settings_of_the_shown_step_and_a_change_continues_with_them(studio: Any) -> None:
    trained(studio)
    parent, rate = studio.run_id, studio.number_field("optimizer.learning_rate")
    before = rate.input_value()
    studio.enter("optimizer.learning_rate", "0.3")
    studio.wait_until_applied()
    studio.server.train(parent, 50)
    studio.wait_until("state.run.step === 250 && state.timeline.log.events.length")
    with_timeline(studio)
    note = studio.page.locator(".settings-note")
    assert note.is_hidden()
    show(studio, 40)
    studio.wait_until("state.shownSettings")
    studio.wait_until_drawn()
    assert rate.input_value() == before
    assert note.inner_text() == texts().text("timeline.settings_of_step", step=40)
    assert studio.state("state.offer") is None
    # A change of the present by another window changes the present, and what is shown is still of the past.
    studio.server.call("PATCH", f"/api/runs/{parent}", {"l2": 0.01})
    studio.wait_until("state.shownSettings.present.draft.l2 === 0.01")
    assert studio.state("state.draft.l2") == 0
    # The value that the present has already is a change at this step.
    studio.enter("optimizer.learning_rate", "0.3")
    studio.page.get_by_role("button", name=texts().text("branch.offer.discard")).click()
    studio.wait_until("state.offer === null")
    studio.page.locator("body").click(position={"x": 700, "y": 60})
    studio.press("End")
    studio.wait_until("state.shown === null && state.draft.l2 === 0.01")
    studio.wait_until_drawn()
    assert rate.input_value() == "0.3"
    assert note.is_hidden()
    studio.press("Control+z")  # of the change of the present, not of the one that was discarded
    studio.wait_until("state.draft.optimizer.learning_rate === Number(argument)", before)
    studio.wait_until_applied()
    studio.press("Control+Shift+z")
    studio.wait_until_applied()
    show(studio, 40)
    studio.wait_until("state.shownSettings")
    studio.enter("optimizer.learning_rate", "0.2")
    studio.page.get_by_role("button", name=texts().text("branch.offer.continue", step=40)).click()
    studio.wait_until("state.run.id !== argument && state.shown === null", parent)
    config = studio.run()["config"]
    assert (config["optimizer"]["learning_rate"], config["l2"]) == (0.2, 0)
    assert studio.state("state.shownSettings") is None
    studio.wait_until_applied()


def test_a_change_outlasts_the_return_to_the_newest_step_and_can_be_applied_there(studio: Any) -> None:
    run = shown_at(studio)
    studio.enter("optimizer.learning_rate", "0.3")
    studio.wait_until("state.offer")
    studio.page.locator("body").click(position={"x": 700, "y": 60})
    studio.press("End")
    studio.wait_until("state.shown === null")
    assert studio.run()["config"]["optimizer"]["learning_rate"] != 0.3
    press_button(studio, "branch.offer.apply")
    studio.wait_until_applied()
    assert studio.run_id == run
    assert studio.run()["config"]["optimizer"]["learning_rate"] == 0.3


def test_a_refused_change_is_explained_at_its_field_and_the_offer_stays(studio: Any) -> None:
    studio.expected_messages.append("status of 422")
    parent = shown_at(studio)
    studio.enter("dataset.samples", "7")
    offered = texts().text("branch.offer.continue", step=40)
    studio.page.route("**/fork", lambda route: route.continue_(post_data='{"changes": {"batch_size": -1}}'))
    studio.page.get_by_role("button", name=offered).click()
    studio.wait_until("state.errors.batch_size")
    assert studio.run_id == parent
    assert studio.state("state.offer.holds")


def test_another_paradigm_begins_a_new_run_and_keeps_the_one_before(studio: Any) -> None:
    before = shown_at(studio)
    studio.page.get_by_role("combobox", name="Problem").first.select_option("reconstruction")
    studio.wait_until("state.run.id !== argument && state.shown === null", before)
    assert studio.run()["config"]["paradigm"] == "autoencoder"
    assert studio.server.call("GET", f"/api/runs/{before}")["step"] == 200


def test_a_change_that_needs_a_new_run_can_go_on_with_the_trained_weights(studio: Any) -> None:
    trained(studio)
    parent = studio.run_id
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait_until("state.run.id !== argument && state.run.step === 0 && state.notice", parent)
    fresh = studio.run_id
    press_button(studio, "branch.trained_weights")
    studio.wait_until("state.run.id !== argument && state.run.step === 200", fresh)
    run = studio.run()
    assert run["parent"] == {"id": parent, "attempt": 0, "step": 200}
    assert len(run["config"]["layers"]) == 3
    weights = [
        studio.server.call("GET", f"/api/runs/{each}/weights")["layers"][0] for each in (parent, run["id"])
    ]
    assert weights[0] == weights[1]


def test_every_replaced_run_that_trained_is_paused_and_kept(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 20")
    first = studio.run_id
    add = studio.page.get_by_role("button", name="Add a hidden layer")
    add.click()
    studio.wait_until("state.run.id !== argument && state.run.step > 20", first)
    second = studio.run_id
    wait_until_paused(studio, first)
    add.click()
    studio.wait_until("state.run.id !== argument && state.run.step > 0", second)
    wait_until_paused(studio, second)
    assert studio.server.call("GET", f"/api/runs/{first}")["step"] > 0
    studio.press("Space")


def test_with_the_trained_weights_the_run_with_new_ones_pauses_and_the_branch_trains(studio: Any) -> None:
    studio.open()
    studio.press("Space")
    studio.wait_until("state.run.step > 50")
    parent = studio.run_id
    studio.page.get_by_role("button", name="Add a hidden layer").click()
    studio.wait_until("state.run.id !== argument && state.run.step > 0 && state.notice", parent)
    fresh = studio.run_id
    press_button(studio, "branch.trained_weights")
    studio.wait_until("state.run.id !== argument && state.run.status === 'running'", fresh)
    assert studio.run()["parent"]["id"] == parent
    for run in (parent, fresh):
        wait_until_paused(studio, run)
    studio.press("Space")
    studio.wait_until("state.run.status === 'paused'")


def test_new_weights_do_not_offer_the_trained_ones(studio: Any) -> None:
    trained(studio)
    before = studio.run_id
    studio.press("n")
    studio.wait_until("state.run.id !== argument && state.notice", before)
    assert studio.page.locator("#notices button").all_inner_texts() == [texts().text("studio.notice.undo")]


def open_family(studio: Any) -> Any:
    """The tree of the family of the run, opened with its button."""
    button = studio.page.locator(".timeline-family")
    button.wait_for(state="visible")
    button.click()
    studio.page.locator("#timeline-family .family-tree").first.wait_for(state="visible")
    studio.wait_until("true")
    return studio.page.locator("#timeline-family")


def family_of(studio: Any) -> tuple[str, list[str]]:
    """The ids of a paused run of 60 steps and of its forks at steps 20 and 40."""
    parent = studio.server.call("POST", "/api/runs", {"start": False})["id"]
    studio.server.call("POST", f"/api/runs/{parent}/step", {"unit": "step", "count": 60})
    forks = [
        studio.server.call("POST", f"/api/runs/{parent}/fork", {"step": step, "start": False})["id"]
        for step in (20, 40)
    ]
    return parent, forks


def test_the_curves_of_a_branch_begin_with_those_of_the_runs_that_it_continues(studio: Any) -> None:
    server = studio.server
    grandparent = server.call("POST", "/api/runs", {"start": False})["id"]
    server.train(grandparent, 200)
    parent = server.call("POST", f"/api/runs/{grandparent}/fork", {"step": 40, "start": False})["id"]
    server.train(parent, 60)
    run = server.call("POST", f"/api/runs/{parent}/fork", {"step": 70, "start": False})["id"]
    server.train(run, 30)
    studio.open(f"/runs/{run}")
    studio.wait_until("state.curvesBefore && state.plotly === 'drawn'")
    studio.wait_until_drawn()
    name = texts().text("branch.curves_before")
    trace = f"document.querySelector('.curves-plot').data?.filter((trace) => trace.name === {name!r})[0]"
    studio.page.wait_for_function(f"() => {trace}")  # the plot is drawn at intervals
    steps = studio.page.evaluate(f"{trace}.x")
    histories = [server.call("GET", f"/api/runs/{each}/history") for each in (grandparent, parent)]
    first = [step for step in histories[0]["step"] if step <= 40]
    assert steps == first + [step for step in histories[1]["step"] if 40 < step <= 70]
    losses = histories[0]["train_loss"][: len(first)]
    assert studio.page.evaluate(f"{trace}.y")[: len(first)] == losses
    data = json.loads(studio.save("curves", "Save data (JSON)"))
    assert data["columns"]["step"] == server.call("GET", f"/api/runs/{run}/history")["step"]


def test_the_time_line_of_a_branch_begins_at_its_first_step(studio: Any) -> None:
    shown_at(studio)
    run = continue_here(studio)
    studio.server.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": 60})
    studio.wait_until("state.run.step === 100")
    with_timeline(studio)
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.wait_until_drawn()
    studio.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    studio.wait_until(f"{SHOWN} === 70")
    studio.press("Home")
    studio.wait_until(f"{SHOWN} === 40")
    assert studio.page.get_attribute(".timeline-bar", "aria-valuemin") == "40"


def test_an_address_with_a_step_before_the_branch_names_the_steps_that_it_has(studio: Any) -> None:
    _, (first, _) = family_of(studio)
    studio.open(f"/runs/{first}?step=5")
    studio.page.wait_for_selector("#notices:not([hidden])")
    assert notice(studio) == texts().text("timeline.no_such_step", step=5, first=20, newest=20)


def test_the_axis_of_a_branch_has_labels_between_its_first_and_last_step(studio: Any) -> None:
    studio.open()
    linear, logarithmic = studio.page.evaluate(
        """async () => {
          const { timeScale, labelledSteps } = await __probe.importModule("timeline/scale");
          return [timeScale(100, 900, 37), timeScale(9037, 900, 37)].map((scale) => ({
            labels: labelledSteps(scale), round: [37, 50, 100].map((step) => scale.step(scale.x(step))),
          }));
        }"""
    )
    assert linear["labels"][0] == 37 and linear["labels"][-1] == 100
    assert all(step % 5 == 0 for step in linear["labels"][1:])
    assert logarithmic["labels"] == [37, 38, 47, 137, 1037, 9037]
    assert linear["round"] == logarithmic["round"] == [37, 50, 100]


def test_the_tree_lists_parent_siblings_and_the_run_itself_with_their_steps(studio: Any) -> None:
    parent, (first, second) = family_of(studio)
    studio.open(f"/runs/{first}")
    tree = open_family(studio)
    rows = tree.locator(".timeline-row")
    assert rows.evaluate_all("(rows) => rows.map((row) => row.dataset.run)") == [parent, first, second]
    assert tree.locator("[aria-current]").get_attribute("data-run") == first
    assert texts().text("branch.family.from", step=40) in tree.locator(f"[data-run='{second}']").inner_text()
    assert tree.locator("ul ul > li").count() == 2


def test_a_click_in_the_tree_opens_that_run_in_the_page(studio: Any) -> None:
    parent, (first, second) = family_of(studio)
    studio.open(f"/runs/{first}")
    open_family(studio).locator(f"[data-run='{second}']").click()
    studio.wait_until("state.run.id === argument && state.run.step === 40", second)
    studio.page.wait_for_url(f"**/runs/{second}")
    studio.page.go_back()
    studio.wait_until("state.run.id === argument", first)


def test_the_tree_says_that_a_parent_was_deleted(studio: Any) -> None:
    parent, (first, second) = family_of(studio)
    studio.server.call("DELETE", f"/api/runs/{parent}")
    studio.open(f"/runs/{first}")
    tree = open_family(studio)
    assert texts().text("branch.family.deleted") in tree.inner_text()
    rows = tree.locator("ul ul .timeline-row")
    assert rows.evaluate_all("(rows) => rows.map((row) => row.dataset.run)") == [first, second]


def test_a_run_without_relatives_has_no_tree(studio: Any) -> None:
    trained(studio)
    assert not studio.page.locator(".timeline-family").is_visible()


def test_a_card_of_the_gallery_says_which_run_it_continues(studio: Any) -> None:
    parent, (first, _) = family_of(studio)
    studio.server.call("PATCH", f"/api/runs/{parent}", {"name": "the original"})
    studio.page.goto(f"{studio.server.url}/runs")
    line = studio.page.locator(f".run-card:has(a.run-link[href='/runs/{first}']) .run-parent")
    line.get_by_role("link", name="the original").wait_for(state="visible")
    assert line.inner_text() == texts().text("gallery.continued", run="the original", step=20)
    assert line.locator("a").get_attribute("href") == f"/runs/{parent}"


def test_a_card_of_the_gallery_says_that_its_parent_was_deleted(studio: Any) -> None:
    parent, (first, _) = family_of(studio)
    studio.server.call("DELETE", f"/api/runs/{parent}")
    studio.page.goto(f"{studio.server.url}/runs")
    line = studio.page.locator(f".run-card:has(a.run-link[href='/runs/{first}']) .run-parent")
    line.get_by_text(texts().text("gallery.continued_deleted", step=20)).wait_for(state="visible")
