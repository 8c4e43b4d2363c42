"""The task wizard: from the question to output and loss, with the reason; breaking it is one click."""

from typing import Any

import pytest

from app.web.texts import texts

TASKS = ["regression", "binary", "multiclass", "multilabel"]


def wizard(studio: Any) -> Any:
    studio.page.click("#wizard")
    studio.page.wait_for_selector("#wizard-dialog[open]")
    return studio.page.locator("#wizard-dialog")


def test_every_task_is_explained_with_the_reasons_of_the_catalogue(studio: Any) -> None:
    studio.open()
    dialog = wizard(studio)
    told = studio.server.call("GET", "/api/catalogue")["tasks"]
    for name in TASKS:
        text = dialog.locator(f"[data-task={name}]").inner_text()
        for part in (told[name]["question"], told[name]["reason"], told[name]["loss_reason"]):
            assert part in text
        for each in told[name]["breaks"]:
            assert each["title"] in text
        assert dialog.locator(f"[data-task={name}] math").count() == 2
    assert "(current)" in dialog.locator("[data-task=binary]").inner_text()


@pytest.mark.parametrize("name", TASKS)
def test_a_question_brings_its_output_and_loss(studio: Any, name: str) -> None:
    studio.open(config={"dataset": {"name": "gauss"}, "output_activation": "tanh", "loss": {"name": "hinge"}})
    wizard(studio).locator(f"[data-task={name}] .button").click()
    told = studio.server.call("GET", "/api/catalogue")["tasks"][name]
    studio.wait("state.run.config.output_activation === argument", told["output_activation"])
    studio.settled()
    config = studio.run()["config"]
    assert (config["output_activation"], config["loss"]["name"]) == (told["output_activation"], told["loss"])
    assert studio.run()["warnings"] == []


def test_a_mismatch_is_one_click_warned_about_and_can_be_watched(studio: Any) -> None:
    studio.open()
    wizard(studio).locator("[data-task=regression] .chip", has_text="Sigmoid").click()
    studio.wait("state.run.config.dataset.name === 'sine' && state.run.status === 'running'")
    watch = texts().text("catalogue.tasks.regression.breaks.sigmoid_output.watch")
    assert watch in studio.page.locator("#notices").inner_text()
    studio.wait("state['view:decision_boundary'].run === state.run.id && state.run.step > 50")
    warned = [each["field"] for each in studio.run()["warnings"]]
    assert warned == ["output_activation"]
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


def test_undo_brings_the_working_configuration_back(studio: Any) -> None:
    studio.open()
    before = studio.state("state.draft")
    wizard(studio).locator("[data-task=binary] .chip").first.click()
    studio.wait("state.run.config.output_activation === 'step' && state.run.status === 'running'")
    studio.settled()
    studio.drawn()
    studio.press("Control+z")
    studio.wait("state.run.config.output_activation === 'sigmoid'")
    assert studio.state("state.draft") == before
