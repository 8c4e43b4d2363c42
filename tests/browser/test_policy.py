"""Policy gradient on the page: form, episode, policy, comparison, curves."""

from typing import Any

import numpy as np
import pytest

from app.web.texts import text

CART_POLE = {
    "paradigm": "policy_gradient",
    "environment": {"name": "cart_pole", "horizon": 60},
    "layers": [{"units": 4}],
    "episodes": 4,
}
SCHEDULING = CART_POLE | {"environment": {"name": "scheduling", "horizon": 8}}
TELESCOPE = CART_POLE | {"environment": {"name": "telescope"}}


def wait_for_paradigm(studio: Any, paradigm: str) -> None:
    """Wait for a run of this paradigm, and for its form."""
    form = f"state.schema?.properties.paradigm.default === '{paradigm}'"
    studio.wait_until(f"state.run?.config.paradigm === '{paradigm}' && {form}")


def test_choosing_control_creates_a_run_with_its_own_form(studio: Any) -> None:
    studio.open()
    studio.page.select_option("[aria-label^='Problem']", "control")
    wait_for_paradigm(studio, "policy_gradient")
    assert studio.run()["config"]["environment"]["name"] == "scheduling"
    studio.page.wait_for_selector("[data-field='environment.load']")
    assert studio.page.locator("[data-field='dataset.noise']").count() == 0
    assert studio.page.locator("[data-field='batch_size']").count() == 0
    studio.page.wait_for_selector("#panel-episode", state="visible")
    tabs = studio.page.locator("[role=tab]:visible").all_inner_texts()
    assert tabs == ["Layers", "Episode", "Policy", "Activations", "Learning", "Comparison"]
    studio.page.select_option("[aria-label^='Problem']", "binary")
    wait_for_paradigm(studio, "supervised")
    studio.page.wait_for_selector("[data-field='dataset.noise']")
    studio.page.wait_for_selector("#panel-activation_histograms", state="visible")
    assert "Episode" not in studio.page.locator("[role=tab]:visible").all_inner_texts()


def test_choosing_another_environment_shows_its_parameters(studio: Any) -> None:
    studio.open(config=SCHEDULING)
    studio.page.select_option("[aria-label^='Data set']", "cart_pole")
    studio.wait_until("state.run?.config.environment?.name === 'cart_pole'")
    studio.page.wait_for_selector("[data-field='environment.force']")
    assert studio.page.locator("[data-field='environment.load']").count() == 0
    studio.wait_until_applied()
    assert studio.run()["config"]["features"] == ["position", "speed", "angle", "turning"]


@pytest.mark.parametrize("config", [CART_POLE, SCHEDULING, TELESCOPE])
def test_an_episode_is_drawn_and_can_be_paused_and_stepped_through(studio: Any, config: Any) -> None:
    studio.open(config=config)
    studio.wait_until("state['view:episode']")
    studio.page.wait_for_selector(".episode-row", state="visible")
    slider = studio.page.get_by_label("Time step of the episode")
    if studio.page.get_by_label("Pause the episode").count():
        studio.page.get_by_label("Pause the episode").click()
    slider.fill("0")
    first = studio.pixels(".episode-scene")
    assert "Time step 0 of" in studio.page.locator(".episode-scene").get_attribute("aria-label")
    slider.fill("5")
    assert "Time step 5 of" in studio.page.locator(".episode-scene").get_attribute("aria-label")
    assert (studio.pixels(".episode-scene") != first).any()
    count = studio.state("state['view:episode'].actions.length")
    assert studio.page.locator(".episode-info").inner_text() == f"5 of {count}"


def test_another_episode_and_greedy_actions_can_be_selected(studio: Any) -> None:
    studio.open(config=SCHEDULING)
    studio.wait_until("state['view:episode']?.seed === 0")
    studio.page.get_by_label("Another episode").click()
    studio.wait_until("state['view:episode']?.seed === 1")
    studio.page.get_by_label("Choice of actions").select_option("greedy")
    studio.wait_until("state['view:episode']?.act === 'greedy' && state['view:episode'].seed === 1")
    view = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/episode?seed=1&act=greedy")
    assert studio.state("[...state['view:episode'].actions]") == view["actions"]


def test_curves_offer_return_length_and_entropy_and_the_bar_shows_the_score(studio: Any) -> None:
    studio.open(config=SCHEDULING)
    studio.train_epoch()
    studio.train_epoch()
    studio.wait_until("state.history.columns.step.length === 2")
    names = studio.page.get_by_label("Curve shown").locator("option").all_inner_texts()
    assert names == ["Slowdown", "Return", "Length", "Entropy"]  # no loss: none is measured
    score = studio.page.locator("[data-counter='score']").inner_text()
    assert score.startswith("Slowdown")
    assert float(score.split()[-1]) >= 1
    studio.page.get_by_label("Curve shown").select_option("return")
    studio.wait_until("state.curveTab === 'return'")


def test_the_policy_is_drawn_over_any_two_observations(studio: Any) -> None:
    studio.open(config=CART_POLE)
    studio.page.click("#tab-policy")
    studio.wait_until("state['view:policy']?.axes.join() === 'angle,turning'")
    studio.page.get_by_label(text("panel.shared.axis.horizontal")).select_option("position")
    studio.wait_until("state['view:policy']?.axes.join() === 'position,turning'")
    studio.page.get_by_label(text("panel.policy.shown")).select_option("entropy")
    studio.wait_until_drawn()
    shown = studio.pixels(".policy-map")[20:-40, 50:-20, :3]
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 3


def test_the_comparison_shows_the_numbers_of_every_policy(studio: Any) -> None:
    studio.open(config=SCHEDULING)
    studio.page.click("#tab-comparison")
    studio.page.get_by_label(text("panel.comparison.count")).select_option("16")
    studio.wait_until("state['view:comparison']?.episodes === 16")
    studio.page.wait_for_selector("#panel-comparison .numbers tbody tr")
    rows = studio.page.locator("#panel-comparison .numbers tbody tr").all_inner_texts()
    learned = [text(f"panel.comparison.policy.{name}.title") for name in ("sampled", "greedy")]
    rules = [
        text(f"catalogue.environments.scheduling.heuristics.{name}.title")
        for name in ("random", "first_come", "shortest")
    ]
    assert [row.split("\t")[0] for row in rows] == [*learned, *rules]
    assert all("±" in row for row in rows)


def test_the_page_of_a_policy_gradient_run_can_be_opened_again(studio: Any) -> None:
    studio.open(config=CART_POLE)
    studio.wait_until("state['view:episode']")
    run = studio.run()
    assert run["config"]["environment"]["horizon"] == 60
    studio.page.goto(f"{studio.server.url}/runs/{run['id']}")
    wait_for_paradigm(studio, "policy_gradient")
    studio.wait_until("state['view:episode']")
    studio.page.wait_for_selector("[data-field='environment.horizon']")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(make_studio: Any, scheme: str) -> None:
    studio = make_studio({"width": 390, "height": 844}, color_scheme=scheme)
    studio.open(config=SCHEDULING)
    for tab in ("policy", "comparison", "episode"):
        studio.page.click(f"#tab-{tab}")
        studio.page.locator(f"#panel-{tab}").scroll_into_view_if_needed()
        studio.wait_until(f"state['view:{tab}']")
        studio.wait_until_drawn()
        assert studio.page.evaluate("document.documentElement.scrollWidth") == 390
    small = studio.page.evaluate(
        "[...document.querySelectorAll('#panel-episode button, #panel-episode select, #panel-episode input')]"
        ".filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)"
        ".map((each) => each.outerHTML)"
    )
    assert small == []


def test_on_a_phone_a_unit_is_added_without_touching_another_control(make_studio: Any) -> None:
    studio = make_studio({"width": 390, "height": 844}, has_touch=True).open(config=CART_POLE)
    units = studio.state("state.draft.layers[0].units")
    assert studio.page.evaluate("__probe.overlappingControls()") == []
    layer = studio.page.locator(".layer-compact")
    layer.tap()
    window = studio.page.locator("#layer-details-0")
    window.wait_for(state="visible")
    assert studio.page.evaluate("__probe.smallControls(44)") == []
    window.get_by_role("button", name="Add a unit").tap()
    studio.wait_until("state.run.config.layers[0].units === argument", units + 1)


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_every_policy_is_in_the_table_of_the_comparison_without_scrolling(
    make_studio: Any, size: tuple[int, int]
) -> None:
    studio = make_studio({"width": size[0], "height": size[1]}).open(config=CART_POLE)
    studio.page.click("#tab-comparison")
    studio.page.locator(".comparison tbody tr").last.wait_for(state="visible")
    studio.wait_until_drawn()
    sizes = "(box) => [box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight]"
    assert studio.page.locator(".comparison .table-scroller").evaluate(sizes) == [0, 0]


# The opacities of the shapes of classes at places on a canvas of the size of the policy map.
SHAPES = """async (marks) => {
  const { shape } = await __probe.importModule("panels/shared/shapes");
  const { clientWidth: width, clientHeight: height } = document.querySelector(".policy-map");
  const context = new OffscreenCanvas(width, height).getContext("2d");
  for (const [index, x, y] of marks) {
    context.setTransform(3.5, 0, 0, 3.5, x, y);
    context.fill(shape(index));
  }
  return [...context.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 3);
}"""


def test_the_most_probable_action_is_told_by_a_shape_as_well_as_by_its_colour(studio: Any) -> None:
    studio.open(config=CART_POLE)
    studio.page.click("#tab-policy")
    studio.page.wait_for_selector(".policy-map", state="visible")
    studio.wait_until("state['view:policy'] && counters.draws.policy")
    studio.wait_until_drawn()
    shape = studio.state("state['view:policy'].values.shape")
    values = np.reshape(studio.state("Array.from(state['view:policy'].values)"), shape)
    image = studio.pixels(".policy-map")[..., :3].astype(int).sum(axis=-1)
    height, width = image.shape[0] - 34, image.shape[1] - 52  # without the axes
    shares = (np.arange(6) + 0.5) / 6
    classes = [
        (int(values[:, int((1 - down) * shape[1]), int(across * shape[2])].argmax()), across, down)
        for down in shares
        for across in shares
    ]

    def mask(swapped: bool) -> Any:
        marks = [
            (1 - index if swapped else index, 42 + across * width, 8 + down * height)
            for index, across, down in classes
        ]
        return np.reshape(studio.page.evaluate(SHAPES, marks), image.shape) > 128

    expected, others = mask(False), mask(True) & ~mask(False)
    assert image[expected].mean() < 0.7 * image[others].mean()
    assert studio.page.locator(".policy-means .glyph").count() == 2


def test_on_a_phone_the_table_of_the_comparison_needs_no_scrolling(make_studio: Any) -> None:
    studio = make_studio({"width": 390, "height": 844}).open(config=SCHEDULING)
    studio.page.click("#tab-comparison")
    studio.page.locator(".comparison tbody tr").last.wait_for(state="visible")
    studio.wait_until_drawn()
    widths = "(box) => box.scrollWidth - box.clientWidth"
    assert studio.page.locator(".comparison .table-scroller").evaluate(widths) == 0
