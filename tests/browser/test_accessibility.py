"""axe-core finds no violation on any page, in any tab, menu or dialog, in either theme."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from app.lessons.library import Library
from app.web.folders import TEMPLATES
from app.web.texts import text

PHONE = {"width": 390, "height": 844}
IRIS = {"dataset": {"name": "iris"}, "layers": [{"units": 4}]}
RUNS: dict[str, dict[str, Any]] = {
    "binary": {"layers": [{"units": 4}, {"units": 3}]},
    "perceptron": {
        "dataset": {"name": "separable"}, "layers": [], "batch_size": 1, "epochs": 1_000_000,
        "optimizer": {"name": "perceptron", "learning_rate": 1.0}, "initializer": {"name": "zeros"},
    },
    "images": {"dataset": {"name": "digits", "samples": 300}, "layers": [{"units": 4, "activation": "relu"}]},
    "regression": {"dataset": {"name": "plane"}, "layers": [{"units": 3, "activation": "linear"}]},
    "autoencoder": {
        "paradigm": "autoencoder", "dataset": {"name": "light_curves", "samples": 60},
        "layers": [{"units": 6}, {"units": 2}, {"units": 6}],
    },
    "cart_pole": {
        "paradigm": "policy_gradient", "environment": {"name": "cart_pole"}, "layers": [{"units": 4}],
    },
    "scheduling": {
        "paradigm": "policy_gradient", "environment": {"name": "scheduling"}, "layers": [{"units": 4}],
    },
    "telescope": {
        "paradigm": "policy_gradient", "environment": {"name": "telescope"}, "layers": [{"units": 4}],
    },
}  # fmt: skip
PATHS = ["/runs", "/lessons", "/nowhere", "/docs", "/?present", "/activations"]
FUNCTIONS = ["relu", "prelu", "softmax"]  # without a parameter, with one, and of several units
LESSONS = list(Library(TEMPLATES / "lessons").lessons().pages)


# Colours that change gradually are judged at their end.
FIND = """async (options) => {
    const changing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(changing.map(({ finished }) => finished));
    const { violations } = await axe.run(document, options);
    return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ html, failureSummary }) =>
        `${id} (${impact}): ${html.slice(0, 200)} ${failureSummary.replaceAll('\\n', ' ')}`));
}"""


def violations(page: Any, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds on the page as it is: the rule, the element and why, one line each.

    `rules` limits the search to those rules.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = rules
    return page.evaluate(FIND, options)  # type: ignore[no-any-return]


def violations_in_both_themes(page: Any) -> list[str]:
    """All violations in the light theme, and those of contrast in the dark one."""
    page.emulate_media(color_scheme="dark")
    found = violations(page, ["color-contrast"])
    page.emulate_media(color_scheme="light")
    return found + violations(page)


@pytest.mark.parametrize("run", RUNS)
def test_no_tab_of_the_studio_violates_a_rule(shared_studio: Any, run: str) -> None:
    studio = shared_studio.open(config=RUNS[run])
    studio.train_epoch()
    studio.open_details()
    found = {}
    for index in range(studio.page.locator("[role=tab]").count()):
        tab = studio.page.locator("[role=tab]").nth(index)
        if not tab.is_visible():
            continue
        tab.click()
        studio.wait_until("counters.draws[argument]", (tab.get_attribute("id") or "").removeprefix("tab-"))
        studio.wait_until_drawn()
        found[tab.text_content()] = violations_in_both_themes(studio.page)
    studio.open_settings()
    found["All settings"] = violations_in_both_themes(studio.page)
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("run", ["binary", "images"])
def test_no_page_of_the_results_violates_a_rule(shared_studio: Any, run: str) -> None:
    studio = shared_studio.open(config=RUNS[run])
    studio.page.click("#tab-results")
    choice = studio.page.get_by_label(text("panel.results.page_choice"))
    choice.locator("option").first.wait_for(state="attached")
    found = {}
    for page in choice.locator("option").all_inner_texts():
        choice.select_option(label=page)
        studio.wait_until_drawn()
        found[page] = violations(studio.page)
    assert len(found) >= 4
    assert {page: lines for page, lines in found.items() if lines} == {}


def open_weights(studio: Any) -> None:
    open_unit(studio)
    studio.page.locator("#inspector").get_by_role(
        "button", name=text("panel.unit_numbers.all_weights.title")
    ).click()
    studio.page.wait_for_selector(".heat-dialog[open]")


def open_unit(studio: Any) -> None:
    studio.page.focus(".network-canvas")
    studio.press("ArrowRight")
    studio.press("Enter")
    studio.page.wait_for_selector("#inspector:popover-open")


def open_explanation(studio: Any) -> None:
    studio.page.click("#panel-network .menu-button")
    assert violations(studio.page) == []  # of the menu
    studio.page.locator("#menu-panel-network .menu-item").last.click()
    studio.page.wait_for_selector("dialog[open]")


def open_plane(studio: Any) -> None:
    studio.page.get_by_role("button", name=text("panel.decision_boundary.plane.title")).click()
    studio.page.wait_for_selector("#plane-choice:popover-open")


def open_layer(studio: Any) -> None:
    studio.page.get_by_role("button", name="Layer 1: dropout").click()
    studio.page.wait_for_selector("#layer-details-0:popover-open")


def open_help(studio: Any) -> None:
    studio.press("?")
    studio.page.wait_for_selector("#help-dialog[open]")


def open_wizard(studio: Any) -> None:
    studio.page.click("#wizard")
    studio.page.wait_for_selector("#wizard-dialog[open] math")


def open_attempts(studio: Any) -> None:
    studio.train_epoch()
    studio.press("r")
    studio.wait_until("state.run.attempt === 1 && state.timeline?.attempts.length === 2")
    studio.page.click(".timeline-attempt")
    studio.page.wait_for_selector("#timeline-attempts:popover-open")


def open_bookmarks(studio: Any) -> None:
    studio.train_epoch()
    body = {"step": 1, "note": "a note"}
    studio.server.call("PUT", f"/api/runs/{studio.run_id}/bookmarks/mine", body)
    studio.wait_until("state.timeline?.bookmarks.length")
    studio.page.click(".timeline-bookmarks")
    studio.page.wait_for_selector("#timeline-bookmarks:popover-open")


def open_definition(studio: Any) -> None:
    studio.page.locator("#panel-network .panel-title").hover()
    assert violations_in_both_themes(studio.page) == []  # of the button
    studio.page.click(".term-button")
    studio.page.wait_for_selector("#definition:popover-open")


OPENERS = [
    open_definition, open_weights, open_unit, open_explanation, open_plane, open_layer, open_help,
    open_wizard, open_attempts, open_bookmarks,
]  # fmt: skip


@pytest.mark.parametrize("open_it", OPENERS)
def test_no_dialog_of_the_studio_violates_a_rule(shared_studio: Any, open_it: Callable[[Any], None]) -> None:
    shared_studio.open(config=IRIS)
    open_it(shared_studio)
    assert violations_in_both_themes(shared_studio.page) == []


def test_no_state_of_the_studio_beside_the_newest_step_violates_a_rule(studio: Any) -> None:
    """A first visit, drawing points, what was copied, an earlier step, and the card of a reference."""
    page = studio.page
    page.goto(studio.server.url + "/healthz")
    page.evaluate(
        "localStorage.removeItem('perceptarium-introduced'); sessionStorage.setItem('first-visit', '1')"
    )
    studio.open()
    page.wait_for_selector(".introduction-headline")
    found = {"first visit": violations_in_both_themes(page)}
    page.get_by_role("button", name=text("panel.decision_boundary.draw.title")).click()
    page.wait_for_selector(".draw-bar button")
    found["drawing"] = violations_in_both_themes(page)
    page.get_by_role("button", name=text("panel.decision_boundary.draw.title")).click()
    page.click("#share")
    studio.wait_until("state.notice")
    found["share"] = violations_in_both_themes(page)
    studio.server.train(studio.run_id, 60)
    studio.wait_until("state.run.step === 60 && state.timeline?.log")
    studio.press("Home")
    studio.wait_until("state.shown?.step === 0")
    studio.wait_until_drawn()
    found["earlier step"] = violations_in_both_themes(page)
    studio.press("End")
    studio.wait_until("state.shown === null")
    page.click(".timeline-compare")
    page.wait_for_selector(".reference-card:popover-open")
    page.locator(".reference-card").get_by_role("button", name="Keep as A").click()
    studio.wait_until("state.reference && counters.draws['reference-card']")
    studio.wait_until_drawn()
    found["reference"] = violations_in_both_themes(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


MENUS_OF_A_RESET = [("attempt", "attempts"), ("bookmarks", "bookmarks")]
MENUS_OF_A_SECOND_RUN = [("recent", "recent"), ("family", "family")]


def violations_of_a_menu(studio: Any, button: str, name: str) -> list[str]:
    """What axe-core finds while a menu of the time line is open."""
    studio.page.locator(f".timeline-{button}").first.click()
    studio.page.wait_for_selector(f"#timeline-{name}:popover-open")
    found = violations(studio.page)
    studio.press("Escape")
    studio.page.wait_for_selector(f"#timeline-{name}", state="hidden")
    return found


def test_a_phone_has_no_violation_before_its_panels_are_reached_nor_in_a_notice_or_a_menu(
    make_studio: Any,
) -> None:
    studio = make_studio(PHONE).open(config={"layers": [{"units": 4}, {"units": 3}]})
    found = {"opened": violations(studio.page)}
    studio.train_epoch()
    studio.press("r")
    studio.page.locator("#notices button").first.wait_for()
    studio.wait_until("state.timeline?.attempts.length === 2")
    found["notice"] = violations_in_both_themes(studio.page)
    for button, name in MENUS_OF_A_RESET:
        found[name] = violations_of_a_menu(studio, button, name)
    studio.press("Control+z")
    studio.wait_until("state.run.step > 0")
    for button, name in MENUS_OF_A_SECOND_RUN:
        found[name] = violations_of_a_menu(studio, button, name)
    assert {name: lines for name, lines in found.items() if lines} == {}


# Adds the table of a unit's numbers, as it is until they arrive.
TABLE_WITHOUT_NUMBERS = """async () => {
  const module = performance.getEntriesByType("resource").find(({ name }) => name.includes("/js/")).name;
  const folder = module.replace(/[/]js[/].*/, "/js/panels/unit_numbers");
  const { outputTable } = await import(`${folder}/output-table.js`);
  document.querySelector("main").append(outputTable().element);
}"""


def test_the_table_of_a_unit_whose_numbers_have_not_arrived_violates_no_rule(shared_studio: Any) -> None:
    shared_studio.open(config=IRIS)
    shared_studio.page.evaluate(TABLE_WITHOUT_NUMBERS)
    assert shared_studio.page.locator(".unit-outputs tbody tr").count() == 3
    assert violations(shared_studio.page) == []


def test_the_dialog_of_own_data_violates_no_rule(studio: Any) -> None:
    studio.open()
    studio.page.click("[data-own-data]")
    studio.page.fill(".data-paste", "a,b,kind\n" + "".join(f"{i},{i % 7},{'xy'[i % 2]}\n" for i in range(40)))
    found = violations(studio.page)
    studio.page.click("#data-preview")
    studio.page.wait_for_selector(".data-facts")
    found += violations_in_both_themes(studio.page)
    studio.page.fill("#data-name", "pairs")
    studio.page.click("#data-use")
    studio.wait_until("state.run.config.dataset.name === 'pairs'")
    studio.page.click("[data-own-data]")
    studio.page.get_by_role("button", name=text("data.own.delete_label", name="pairs")).click()
    found += violations_in_both_themes(studio.page)
    studio.page.get_by_role("button", name=text("data.own.confirm_label", name="pairs")).click()
    studio.page.wait_for_function("() => !document.querySelector('.data-own')")
    assert found == []


def test_an_experiment_and_its_entry_in_the_gallery_violate_no_rule(studio: Any) -> None:
    page, server = studio.page, studio.server
    config = {"dataset": {"name": "gauss", "samples": 40}, "layers": [{"units": 2}]}
    vary = {"optimizer.learning_rate": [0.1, 0.2], "seed": {"count": 2}}
    experiment = server.call("POST", "/api/experiments", {"config": config, "vary": vary, "steps": 8})
    page.goto(server.url + experiment["url"])
    page.locator('.experiment-progress [data-status="finished"]').wait_for()
    page.locator(".wall-preview canvas").first.wait_for()
    found = {"page": violations_in_both_themes(page)}
    page.get_by_role("button", name=text("experiment.delete")).click()
    page.get_by_role("dialog").wait_for()
    found["deletion"] = violations(page)
    page.goto(server.url + "/runs")
    page.locator(".experiment-card").first.wait_for()
    found["gallery"] = violations_in_both_themes(page)
    server.call("DELETE", f"/api/experiments/{experiment['id']}")
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_lesson_with_results_violates_no_rule(studio: Any) -> None:
    studio.page.goto(studio.server.url + "/lessons/activations")
    studio.page.wait_for_selector("#to-studio[href^='/runs/']")  # the buttons are connected
    studio.page.locator(".lesson-try").first.click()
    studio.page.get_by_role("button", name=text("lessons.predict.skip")).click()
    studio.wait_until("state.run?.step > 0 && state.tries?.rows.length")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")
    studio.page.wait_for_selector("#lesson-results tbody tr")
    studio.wait_until("state.run.status === 'paused'")
    assert violations_in_both_themes(studio.page) == []


@pytest.mark.parametrize(
    "path", PATHS + [f"/lessons/{name}" for name in LESSONS] + [f"/activations/{name}" for name in FUNCTIONS]
)
def test_no_other_page_violates_a_rule(make_studio: Any, path: str) -> None:
    studio = make_studio()
    studio.expected_messages.append("404")
    studio.page.goto(studio.server.url + path)
    studio.page.wait_for_load_state("networkidle")
    if path == "/docs":
        for method in ("get", "post"):
            studio.page.locator(f".opblock-{method} .opblock-summary-control").first.click()
            studio.page.wait_for_selector(f".opblock-{method} .opblock-body")
    assert violations_in_both_themes(studio.page) == []
