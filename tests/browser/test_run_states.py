"""A lost, deleted, diverged or finished run on the page, the address of the page, and the gallery."""

from typing import Any

import pytest

from app.web.texts import texts


def test_the_page_reconnects_after_a_server_restart_and_training_continues(
    make_studio: Any, own_server: Any
) -> None:
    studio = make_studio(at=own_server, new=True).open()
    studio.expect_a_stopped_server()
    studio.press("Space")
    studio.wait_until("state.run.step > 100")
    own_server.stop()
    studio.wait_until("state.connection === 'lost'")
    studio.page.locator("#notices").get_by_text("Connection lost").wait_for(state="visible")
    own_server.start()
    studio.wait_until("state.connection === 'open'")
    step = studio.state("state.run.step")
    studio.wait_until("state.run.step > argument + 100", step)
    studio.press("Space")
    studio.wait_until("state.run.status === 'paused'")
    history = own_server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.wait_until("state.history.columns.step.length >= argument", len(history["step"]))
    assert studio.state("state.history.columns.step") == history["step"]
    assert studio.state("state.history.columns.train_loss") == history["train_loss"]


def test_the_page_reports_that_its_run_was_deleted_and_offers_a_new_one(studio: Any) -> None:
    studio.open()
    deleted_id = studio.run_id
    studio.server.call("DELETE", f"/api/runs/{deleted_id}")
    studio.page.locator("#notices").get_by_text("no longer exists").wait_for(state="visible")
    studio.page.get_by_role("button", name="New run").click()
    studio.wait_until("state.run.id !== argument && state.connection === 'open'", deleted_id)
    assert studio.run()["status"] == "paused"


def test_divergence_is_reported_with_its_step(studio: Any) -> None:
    layers = [{"units": 8, "activation": "linear"}] * 3
    config = {
        "dataset": {"name": "plane"},
        "layers": layers,
        "optimizer": {"name": "sgd", "learning_rate": 50},
    }
    studio.open(config=config)
    studio.press("Space")
    studio.wait_until("state.run.status === 'diverged'")
    studio.page.locator("#notices").get_by_text("Diverged at step").wait_for(state="visible")
    assert "NaN" not in studio.page.locator("body").inner_text()
    studio.page.locator("#notices").get_by_role("button", name="Reset").click()
    studio.wait_until("state.run.status === 'paused' && state.run.step === 0")


def test_the_notice_of_a_divergence_trains_again_with_the_suggested_learning_rate(studio: Any) -> None:
    optimizer = {"name": "sgd", "learning_rate": 50}
    layers = [{"units": 8, "activation": "linear"}] * 3
    studio.open(config={"dataset": {"name": "plane"}, "layers": layers, "optimizer": optimizer})
    studio.press("Space")
    studio.wait_until("state.run.status === 'diverged'")
    diagnoses = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/layer_health")["diagnoses"]
    changes = next(entry["suggestion"]["changes"] for entry in diagnoses if entry["name"] == "divergence")
    rate = changes["optimizer"]["learning_rate"]
    label = texts().text("studio.notice.try_rate", rate=f"{rate:g}")
    studio.page.locator("#notices").get_by_role("button", name=label).click()
    studio.wait_until(f"state.run.config.optimizer.learning_rate === {rate} && state.run.attempt === 1")
    studio.wait_until("state.run.step > 0 || state.run.status === 'diverged'")


def test_a_diverged_run_shows_no_loss_and_a_mark_at_the_last_finite_one(studio: Any) -> None:
    layers = [{"units": 8, "activation": "linear"}] * 3
    optimizer = {"name": "sgd", "learning_rate": 50}
    studio.open(config={"dataset": {"name": "plane"}, "layers": layers, "optimizer": optimizer})
    studio.press("Space")
    studio.wait_until("state.run.status === 'diverged' && state.plotly")
    studio.wait_until_drawn()
    recorded = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    pairs = zip(recorded["step"], recorded["train_loss"], strict=True)
    step, value = [(step, value) for step, value in pairs if value is not None][-1]
    loss = studio.page.locator("[data-counter='train-loss'] dd")
    assert loss.inner_text() == "–"
    assert loss.get_attribute("title").endswith(f"at step {step:,}")
    marks = "document.querySelector('.curves-plot').data?.filter(({ name }) => name === 'diverged')"
    studio.page.wait_for_function(f"() => {marks}?.length === 1")
    mark = studio.page.evaluate(f"{marks}.map(({{ x, y }}) => [...x, ...y])[0]")
    assert mark == [studio.state("state.run.step"), value]
    studio.page.locator("#notices").get_by_role("button", name="Reset").click()
    studio.wait_until("state.run.status === 'paused' && state.run.step === 0")
    studio.wait_until_drawn()
    assert loss.inner_text() != "–" and loss.get_attribute("title") is None
    studio.page.wait_for_function(f"() => {marks}.length === 0")


def test_a_finished_run_shows_the_reason(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 2})
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished'")
    sentence = texts().text("studio.reason.epochs_done", epochs="2")
    studio.page.locator("#notices").get_by_text(sentence).wait_for(state="visible")


@pytest.mark.parametrize("press", ["#train", "Space"])
def test_train_on_adds_as_many_epochs_and_keeps_what_was_learned(studio: Any, press: str) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 2})
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished'")
    steps = studio.run()["step"]
    button = studio.page.locator("#train")
    button.filter(has_text="Train on").wait_for()
    button.click() if press == "#train" else studio.press(press)
    studio.wait_until("state.run.status === 'finished' && state.run.epoch === 4")
    studio.wait_until("state.draft.epochs === 4 && state.history.columns.step.at(-1) === argument", 2 * steps)
    run = studio.run()
    assert (run["attempt"], run["step"], run["config"]["epochs"]) == (0, 2 * steps, 4)
    assert studio.state("state.history.columns.step[0]") == 0


def test_train_on_is_one_entry_of_the_undo_history(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 2})
    studio.enter("optimizer.learning_rate", "0.007")
    studio.wait_until_applied()
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'finished'")
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'finished' && state.run.epoch === 4 && state.draft.epochs === 4")
    for keys, epochs in (("Control+z", 2), ("Control+Shift+z", 4)):
        studio.press(keys)
        studio.wait_until("state.draft.epochs === argument", epochs)
        studio.wait_until_applied()
        config = studio.run()["config"]
        assert (config["epochs"], config["optimizer"]["learning_rate"]) == (epochs, 0.007)


def test_train_on_after_early_stopping_waits_for_an_improvement_again(studio: Any) -> None:
    rule = {"monitor": "train_loss", "patience": 3, "min_delta": 1000.0, "restore_best": False}
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 50, "early_stopping": rule})
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished'")
    first = studio.run()["epoch"]
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished' && state.run.epoch > argument", first)
    assert studio.run()["epoch"] == first + 3


def test_train_on_keeps_epochs_that_were_raised_in_the_form(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 2})
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished'")
    studio.enter("epochs", "3")
    studio.wait_until_applied()
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'finished' && state.run.epoch > 2")
    assert studio.run()["epoch"] == 3


def test_train_on_doubles_the_steps_of_a_run_whose_steps_are_limited(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 40}, "steps": 3})
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished'")
    first = studio.run()
    assert first["step"] == 3
    studio.press("Space")
    studio.wait_until("state.run.status === 'finished' && state.run.step > 3")
    run = studio.run()
    assert (run["step"], run["config"]["steps"], run["config"]["epochs"]) == (6, 6, first["config"]["epochs"])


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_the_train_button_never_moves(make_studio: Any, size: dict[str, int]) -> None:
    studio = make_studio(size).open(config={"dataset": {"name": "gauss", "samples": 40}, "epochs": 10**9})
    button = studio.page.locator("#train")
    before = button.bounding_box()
    studio.press("Space")
    studio.wait_until("state.run.step > 20")
    studio.wait_until_drawn()
    assert button.inner_text() == "Pause" and button.bounding_box() == before
    studio.server.call("PATCH", f"/api/runs/{studio.run_id}", {"epochs": 1})
    studio.wait_until("state.run.status === 'finished'")
    studio.wait_until_drawn()
    assert button.inner_text() == "Train on" and button.bounding_box() == before
    assert button.evaluate("(button) => button.scrollWidth <= button.clientWidth")
    studio.page.locator(".choosers select").first.select_option("regression")
    studio.wait_until_applied()
    studio.wait_until_drawn()
    assert button.bounding_box() == before


def test_the_address_contains_the_whole_configuration(studio: Any, make_studio: Any) -> None:
    studio.open()
    studio.enter("l2", "0.01")
    studio.page.click(".thumbnail[data-name='moons']")
    studio.wait_until_applied()
    studio.page.wait_for_function("() => location.hash.length > 20")
    name = "JSON.parse(atob(location.hash.slice(1).replace(/-/g, '+').replace(/_/g, '/'))).dataset.name"
    studio.page.wait_for_function(f"() => {name} === 'moons'")
    other = make_studio()
    other.page.goto(studio.page.url)
    other.wait_until("state.run && state['view:decision_boundary']")
    config, copy = studio.run()["config"], other.run()["config"]
    assert other.run_id != studio.run_id
    assert copy == config
    assert copy["l2"] == 0.01


def test_a_permalink_opens_the_same_run_with_its_later_changes(studio: Any, make_studio: Any) -> None:
    studio.open()
    for _ in range(3):
        studio.train_epoch()
    other = make_studio().open(f"/runs/{studio.run_id}")
    assert other.run_id == studio.run_id
    assert other.state("state.history.columns.step") == studio.state("state.history.columns.step")
    studio.enter("optimizer.learning_rate", "0.3")
    other.wait_until("state.draft.optimizer.learning_rate === 0.3")
    assert other.number_field("optimizer.learning_rate").input_value() == "0.3"


def test_a_card_of_the_gallery_pauses_and_resumes_its_run_and_the_bar_counts_those_that_train(
    make_studio: Any, own_server: Any
) -> None:
    config = {"dataset": {"name": "gauss", "samples": 40}, "epochs": 1_000_000_000, "speed": 50}
    runs = [own_server.call("POST", "/api/runs", config)["id"] for _ in range(2)]
    gallery = make_studio(at=own_server, new=True)
    for run in runs:
        while own_server.call("GET", f"/api/runs/{run}")["step"] == 0:
            pass
    gallery.page.goto(f"{own_server.url}/runs")
    count, card = (
        gallery.page.locator("#running"),
        gallery.page.locator(f".run-card:has([href='/runs/{runs[0]}'])"),
    )
    count.filter(has_text=texts().text("gallery.running", count=2)).wait_for()
    step = card.locator(".run-line").first
    shown = step.inner_text()
    line = f"document.querySelector(\".run-card:has([href='/runs/{runs[0]}']) .run-line\").innerText"
    gallery.page.wait_for_function(f"(text) => {line} !== text", arg=shown)
    card.locator(".run-control").click()
    card.locator(".run-status[data-status=paused]").wait_for()
    assert own_server.call("GET", f"/api/runs/{runs[0]}")["status"] == "paused"
    count.filter(has_text=texts().text("gallery.running", count=1)).wait_for()
    card.locator(".run-control").click()
    card.locator(".run-status[data-status=running]").wait_for()
    count.filter(has_text=texts().text("gallery.running", count=2)).wait_for()
    assert own_server.call("GET", f"/api/runs/{runs[0]}")["status"] == "running"
    # While nothing can be stored, every card says why its run is paused, and a new page why there is none.
    file = own_server.folder / "runs.sqlite3"
    file.rename(own_server.folder / "moved")
    reason = gallery.page.locator(".run-reason", has_text=texts().text("studio.reason.store_missing"))
    reason.nth(1).wait_for()
    count.filter(has_text=texts().text("gallery.running", count=0)).wait_for()
    gallery.expected_messages.append("503")
    gallery.page.goto(own_server.url)
    gallery.page.locator("#notices", has_text=texts().text("studio.error.store_missing")).wait_for()
    gallery.page.wait_for_function("!document.querySelector('.introduction')")
    # Once everything can be stored, the runs go on, and their cards show it.
    gallery.page.goto(f"{own_server.url}/runs")
    reason.nth(1).wait_for()
    (own_server.folder / "moved").rename(file)
    count.filter(has_text=texts().text("gallery.running", count=2)).wait_for()
    reason.first.wait_for(state="hidden")


def test_the_gallery_lists_trained_runs_and_deletes_them_after_confirmation(studio: Any) -> None:
    studio.open()
    studio.train_epoch()
    run_id = studio.run_id

    def run_ids() -> list[str]:
        return [run["id"] for run in studio.server.call("GET", "/api/runs")["runs"]]

    studio.page.goto(f"{studio.server.url}/runs")
    card = studio.page.locator(f".run-card:has(a[href='/runs/{run_id}'])")
    card.wait_for(state="visible")
    assert "Spiral, 8-8" in card.inner_text()
    delete = card.locator(".run-delete")
    delete.click()
    assert delete.inner_text() == "Confirm deletion"
    studio.press("Tab")
    assert delete.inner_text() == "" and run_id in run_ids()
    delete.dblclick()
    assert delete.inner_text() == "Confirm deletion"
    delete.click()
    card.wait_for(state="detached")
    assert run_id not in run_ids()
