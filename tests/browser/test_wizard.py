"""The task wizard: output and loss of each task with their reasons, and unsuitable settings."""

from typing import Any

import pytest

from app.web.texts import texts

TASKS = ["regression", "binary", "multiclass", "multilabel"]


def open_wizard(studio: Any) -> Any:
    studio.page.click("#wizard")
    studio.page.wait_for_selector("#wizard-dialog[open]")
    return studio.page.locator("#wizard-dialog")


def test_every_task_is_shown_with_the_reasons_of_the_catalogue(studio: Any) -> None:
    studio.open()
    dialog = open_wizard(studio)
    tasks = studio.server.call("GET", "/api/catalogue")["tasks"]
    for name in TASKS:
        text = dialog.locator(f"[data-task={name}]").inner_text()
        for part in (tasks[name]["question"], tasks[name]["reason"], tasks[name]["loss_reason"]):
            assert part in text
        for mismatch in tasks[name]["breaks"]:
            assert mismatch["title"] in text
        assert dialog.locator(f"[data-task={name}] math").count() == 2
    assert "(current)" in dialog.locator("[data-task=binary]").inner_text()


@pytest.mark.parametrize("name", TASKS)
def test_a_task_sets_its_output_and_loss(studio: Any, name: str) -> None:
    studio.open(config={"dataset": {"name": "gauss"}, "output_activation": "tanh", "loss": {"name": "hinge"}})
    open_wizard(studio).locator(f"[data-task={name}] .button").click()
    task = studio.server.call("GET", "/api/catalogue")["tasks"][name]
    studio.wait_until("state.run.config.output_activation === argument", task["output_activation"])
    studio.wait_until_applied()
    config = studio.run()["config"]
    assert (config["output_activation"], config["loss"]["name"]) == (task["output_activation"], task["loss"])
    assert studio.run()["warnings"] == []


def test_a_mismatch_shows_a_warning_and_trains(studio: Any) -> None:
    studio.open()
    open_wizard(studio).locator("[data-task=regression] .chip", has_text="Sigmoid").click()
    studio.wait_until("state.run.config.dataset.name === 'sine' && state.run.status === 'running'")
    watch = texts().text("catalogue.tasks.regression.breaks.sigmoid_output.watch")
    studio.page.locator("#notices").get_by_text(watch).wait_for()
    studio.wait_until("state['view:decision_boundary'].run === state.run.id && state.run.step > 50")
    fields = [warning["field"] for warning in studio.run()["warnings"]]
    assert fields == ["output_activation"]
    names = {
        "activation": "activations.sigmoid",
        "task": "tasks.regression",
        "suitable": "activations.linear",
    }
    titles = {key: texts().text(f"catalogue.{name}.title") for key, name in names.items()}
    error = studio.page.locator(".layer-control .field-error:not([hidden])")
    error.get_by_text(texts().text("form.warning.unsuitable_output", **titles)).wait_for()
    lowest = studio.state("Math.min(...state['view:decision_boundary'].values)")
    targets = studio.state("Math.min(...state.points.train.targets.flat())")
    assert lowest >= 0 > targets


def test_undo_restores_the_configuration_before_a_mismatch(studio: Any) -> None:
    studio.open()
    before = studio.state("state.draft")
    open_wizard(studio).locator("[data-task=binary] .chip").first.click()
    studio.wait_until("state.run.config.output_activation === 'step' && state.run.status === 'running'")
    studio.wait_until_applied()
    studio.wait_until_drawn()
    studio.press("Control+z")
    studio.wait_until("state.run.config.output_activation === 'sigmoid'")
    assert studio.state("state.draft") == before
