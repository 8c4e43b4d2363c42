"""The keyboard: focus of menus, dialogs and data sets, and which element handles Space and the arrow keys."""

from typing import Any

import pytest

from app.web.texts import texts

FOCUSED = "document.activeElement?.getAttribute('aria-label')"


def test_escape_closes_a_menu_and_restores_the_focus(studio: Any) -> None:
    studio.open()
    studio.page.get_by_role("button", name="Layer 1: dropout").focus()
    studio.press("Enter")
    studio.page.wait_for_selector("#layer-details-0:popover-open")
    studio.press("Tab")
    studio.press("Escape")
    studio.page.wait_for_selector("#layer-details-0:not(:popover-open)", state="hidden")
    assert "Layer 1: dropout" in studio.page.evaluate(FOCUSED)


def test_escape_closes_the_menu_of_an_enlarged_panel_first(studio: Any) -> None:
    studio.open()
    studio.page.hover("#panel-activation_histograms .layers-canvas")
    studio.press("f")
    studio.page.locator("#panel-activation_histograms.enlarged .menu-button").focus()
    studio.press("Enter")
    studio.page.wait_for_selector("#menu-panel-activation_histograms:popover-open")
    studio.press("Escape")
    studio.page.wait_for_selector("#menu-panel-activation_histograms:not(:popover-open)", state="hidden")
    assert studio.page.locator("#panel-activation_histograms.enlarged").count() == 1
    studio.press("Escape")
    assert studio.page.locator(".panel.enlarged").count() == 0


@pytest.mark.parametrize("name", ["moons", "breast_cancer"])
def test_a_data_set_selected_with_the_keyboard_keeps_the_focus(studio: Any, name: str) -> None:
    studio.open()
    studio.page.focus(".thumbnail[data-name=spiral]")
    for _ in range(20):
        if studio.page.evaluate("document.activeElement.dataset.name") == name:
            break
        studio.press("ArrowRight")
    assert studio.run()["step"] == 0  # the arrow keys moved the focus and did not train
    studio.press("Enter")
    studio.wait_until("state.run.config.dataset.name === argument", name)
    studio.wait_until_drawn()
    assert studio.page.evaluate("document.activeElement.dataset.name") == name


def test_the_data_sets_are_one_tab_stop(studio: Any) -> None:
    studio.open()
    studio.page.focus("#help")
    studio.press("Tab")
    assert studio.page.evaluate("document.activeElement.dataset.name") == "spiral"
    studio.press("Tab")
    assert studio.page.evaluate("document.activeElement.matches('[data-own-data]')")


@pytest.mark.parametrize("device", ["pointer", "keys"])
def test_space_trains_after_a_click_and_presses_a_button_focused_with_the_keyboard(
    studio: Any, device: str
) -> None:
    studio.open()
    chip = studio.page.get_by_role("button", name="Hard classes")
    if device == "pointer":
        chip.click()
    else:
        chip.focus()
    before = chip.get_attribute("aria-pressed")
    studio.press("Space")
    if device == "pointer":
        studio.wait_until("state.run.status === 'running' && state.run.step > 0")
        assert chip.get_attribute("aria-pressed") == before == "true"
    else:
        studio.wait_until_drawn()
        assert (before, chip.get_attribute("aria-pressed")) == ("false", "true")
        assert studio.run()["step"] == 0


def test_space_trains_after_a_tab_is_opened_for_the_first_time_with_the_pointer(studio: Any) -> None:
    studio.open()
    studio.page.click("#tab-layer_health")
    studio.wait_until("counters.draws.layer_health")
    studio.press("Space")
    studio.wait_until("state.run.status === 'running' && state.run.step > 0")


@pytest.mark.parametrize("closed_with", ["Escape", "Close"])
def test_space_trains_after_a_dialog_that_the_pointer_opened(studio: Any, closed_with: str) -> None:
    studio.open()
    studio.page.click("#help")
    studio.page.wait_for_selector("dialog[open]")
    if closed_with == "Escape":
        studio.press("Escape")
    else:
        studio.page.locator("dialog[open]").get_by_role("button", name="Close").click()
    studio.page.wait_for_function("() => !document.querySelector('dialog[open]')")
    studio.press("Space")
    studio.wait_until("state.run.status === 'running' && state.run.step > 0")


def test_steps_after_new_weights_are_trained_in_the_new_run(make_studio: Any) -> None:
    studio = make_studio(new=True).open()
    first = studio.run_id
    notices: list[str] = []
    studio.page.expose_function("record", lambda text: notices.append(text))
    studio.page.evaluate(
        "new MutationObserver(() => record(document.querySelector('#notices').innerText))"
        ".observe(document.querySelector('#notices'), { subtree: true, childList: true })"
    )
    for key in ("n", "ArrowRight", "ArrowRight", "ArrowRight"):
        studio.press(key)
    studio.wait_until("state.run.id !== argument && state.run.step === 3", first)
    studio.wait_until_applied()
    run = studio.run()
    assert (run["step"], run["status"], run["config"]["seed"]) == (3, "paused", 1)
    assert set(filter(None, map(str.strip, notices))) <= {texts().text("studio.notice.new_weights")}
