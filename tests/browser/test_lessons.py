"""Lessons: their panels show the values of their run, and their buttons start the experiments."""

from typing import Any

import numpy as np
import pytest

from app.lessons.library import Library
from app.web.folders import TEMPLATES
from app.web.texts import texts
from engine.tasks.resolve import parse

LESSONS = {name: page.lesson for name, page in Library(TEMPLATES / "lessons").lessons().pages.items()}
PHONE = {"width": 390, "height": 844}
PAUSING = {"unwatched": "pause"}  # as the page creates its runs


def open_lesson(studio: Any, name: str) -> Any:
    studio.page.goto(f"{studio.server.url}/lessons/{name}")
    studio.wait_until("state.catalogue && state.run && state.points?.run === state.run.id")
    # The address of this link is that of the run once the buttons of the experiments are connected.
    studio.wait_until("document.getElementById('to-studio').getAttribute('href') === `/runs/${state.run.id}`")
    return studio


def start_experiment(studio: Any, title: str) -> None:
    """Clicks the button of an experiment and waits for its run."""
    before = studio.run_id
    button = studio.page.locator(".lesson-try", has_text=title).first
    lesson = LESSONS[studio.page.url.partition("/lessons/")[2].partition("?")[0]]
    button.click()
    if lesson.tries[int(button.get_attribute("data-try"))].predict:
        studio.page.get_by_role("button", name=texts().text("lessons.predict.skip")).click()
    studio.wait_until("state.run.id !== argument || state.run.attempt > 0", before)


def view(studio: Any, name: str) -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/{name}")


def test_the_runs_of_a_lesson_pause_without_a_viewer(studio: Any) -> None:
    open_lesson(studio, "activations")
    assert studio.run()["config"]["unwatched"] == "pause"
    start_experiment(studio, LESSONS["activations"].tries[0].title)
    assert studio.run()["config"]["unwatched"] == "pause"


def table(studio: Any) -> list[list[str]]:
    rows = studio.page.locator(".swim-table tbody tr")
    return [rows.nth(i).locator("td").all_inner_texts() for i in range(8)]


def test_the_swimming_lesson_shows_the_numbers_of_the_lecture(studio: Any) -> None:
    open_lesson(studio, "swimming")
    studio.wait_until("state['view:swimming']?.layers[0].z[5] === 5 && counters.draws.swimming")
    studio.wait_until_drawn()
    expected = []
    for warm, empty, safe in [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]:
        z = 4 * warm + 2 * empty + 4 * safe - 3
        y = "1 swim" if z >= 0 else "0 stay"
        expected.append([str(warm), str(empty), str(safe), str(z), y, f"✓ {y[2:]}"])
    assert table(studio) == expected
    assert studio.page.locator(".swim-threshold").inner_text() == "Threshold −b = 3"
    formula = "".join(studio.page.locator(".swim-sum").text_content().split())
    assert formula == "z=4·1+2·0+4·1−3=5≥0⇒ŷ=1:swim"
    weights = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"][0]
    assert np.ravel(weights["weights"]).tolist() == [4, 2, 4] and weights["biases"] == [-3]


def test_a_typed_bias_changes_the_network_and_all_eight_outputs(studio: Any) -> None:
    open_lesson(studio, "swimming")
    studio.wait_until("state['view:swimming']?.layers[0].z[5] === 5")
    studio.wait_until_drawn()
    bias = studio.page.locator("[data-field='swimming.bias'] input.number")
    bias.fill("-5")
    bias.press("Enter")
    studio.wait_until("state['view:swimming'].layers[0].biases[0] === -5")
    studio.wait_until_drawn()
    rows = table(studio)
    assert [row[3] for row in rows] == ["-5", "-1", "-3", "1", "-1", "3", "1", "5"]
    assert rows[1][5] == rows[4][5] == "✗ swim" and rows[5][5] == "✓ swim"
    assert studio.page.locator(".swim-threshold").inner_text() == "Threshold −b = 5"
    studio.page.locator(".swim-table tbody tr").nth(4).locator("button").click()
    formula = "".join(studio.page.locator(".swim-sum").text_content().split())
    assert formula == "z=4·1+2·0+4·0−5=−1<0⇒ŷ=0:stay"


def test_the_perceptron_rule_learns_the_outputs_of_the_lecture(studio: Any) -> None:
    open_lesson(studio, "swimming")
    start_experiment(studio, "Learn them instead")
    studio.wait_until("state.run.status === 'running'")
    studio.page.locator("#speed").fill("8")
    studio.wait_until("state['view:perceptron']?.errors === 0 && state['view:perceptron'].mistakes > 0")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")  # it may have paused by itself
    studio.wait_until("state.run.status === 'paused' && state['view:swimming'].step === state.run.step")
    studio.wait_until_drawn()
    assert all(row[5].startswith("✓") for row in table(studio))
    answer = view(studio, "perceptron")
    assert answer["errors"] == 0 and answer["mistakes"] <= answer["bound"]


@pytest.mark.parametrize("gate", ["AND", "OR"])
def test_the_number_of_mistakes_is_shown_with_its_bound(studio: Any, gate: str) -> None:
    open_lesson(studio, "perceptron")
    start_experiment(studio, gate)
    studio.page.locator("#speed").fill("8")
    studio.wait_until("state['view:perceptron']?.errors === 0 && state['view:perceptron'].mistakes > 0")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")  # it may have paused by itself
    studio.wait_until("state.run.status === 'paused' && state['view:perceptron'].step === state.run.step")
    studio.wait_until_drawn()
    answer = view(studio, "perceptron")
    statistics = studio.page.locator(".perceptron-statistics")
    names, values = (statistics.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
    facts = dict(zip(names, values, strict=True))
    assert facts["Mistakes"] == str(answer["mistakes"]) and facts["Misclassified"] == "0 / 4"
    assert facts["Bound"] == str(int(answer["bound"])) == {"AND": "51", "OR": "27"}[gate]
    assert answer["mistakes"] <= answer["bound"]


def test_the_colours_on_both_sides_of_the_line_are_those_of_the_outputs(studio: Any) -> None:
    open_lesson(studio, "perceptron")
    studio.page.click("#epoch")
    studio.wait_until("state.run.epoch > 0 && state['view:perceptron']?.step === state.run.step")
    studio.wait_until_drawn()
    answer = view(studio, "perceptron")
    image = studio.pixels(".perceptron-plane canvas").astype(int)
    size = image.shape[0]
    left, top, side = 30, 8, (size - 38, size - 32)
    for x, y in [(-0.3, -0.3), (1.3, 1.3), (-0.3, 1.3), (1.3, -0.3), (0.5, 1.25), (1.2, 0.5)]:
        z = answer["weights"][0] * x + answer["weights"][1] * y + answer["bias"]
        if abs(z) < 0.25:
            continue
        column, row = left + side[0] * (x + 0.5) / 2, top + side[1] * (1 - (y + 0.5) / 2)
        red, _, blue, _ = image[round(row), round(column)]
        assert (red > blue) == (z > 0), (x, y, z)


def test_with_weights_of_zero_the_plane_has_the_colour_of_class_1(studio: Any) -> None:
    open_lesson(studio, "perceptron")
    studio.wait_until("state['view:perceptron']?.step === 0")
    studio.wait_until_drawn()
    assert view(studio, "perceptron")["errors"] == 3  # of AND: z = 0 everywhere, so the step says 1
    red, _, blue, _ = studio.pixels(".perceptron-plane canvas")[30, 60].astype(int)
    assert red > blue


def test_xor_is_reported_as_inseparable_with_a_common_point_and_repeated_lines(studio: Any) -> None:
    open_lesson(studio, "perceptron")
    start_experiment(studio, "XOR")
    studio.page.locator("#speed").fill("8")
    studio.wait_until("state['view:perceptron']?.returns?.first && state['view:perceptron'].mistakes > 30")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")
    studio.wait_until("state.run.status !== 'running'")
    studio.wait_until_drawn()
    text = studio.page.locator(".perceptron-description").inner_text()
    assert "not linearly separable" in text and "(0.5, 0.5)" in text
    assert "led back to the line" in text
    label = studio.page.locator(".perceptron-count canvas").get_attribute("aria-label")
    assert "different lines" in label


@pytest.mark.parametrize("batch", [1, 10])
def test_the_chart_of_mistakes_is_replaced_by_a_reason_for_larger_batches(studio: Any, batch: int) -> None:
    optimizer, data = {"name": "perceptron", "learning_rate": 0.1}, {"name": "separable", "samples": 60}
    studio.open(
        config={
            "dataset": data,
            "layers": [],
            "optimizer": optimizer,
            "batch_size": batch,
            "output_activation": "step",
        }
    )
    studio.page.click("#tab-perceptron")
    studio.train_epoch()
    studio.wait_until("state['view:perceptron']?.step === state.run.step")
    studio.wait_until_drawn()
    shown = {
        name: studio.page.locator(f".perceptron-{name} canvas").is_visible() for name in ("plane", "count")
    }
    assert shown == {"plane": True, "count": batch == 1}
    note = studio.page.locator("#panel-perceptron .panel-note")
    assert note.is_visible() == (batch > 1) and ("batch size 1" in note.inner_text()) == (batch > 1)
    if batch > 1:
        studio.page.get_by_role("button", name="Begin again with batch size 1").click()
        studio.wait_until("state.run.config.batch_size === 1 && state.run.step === 0")
        studio.train_epoch()
        studio.page.locator(".perceptron-count canvas").wait_for(state="visible")


def test_both_maps_of_a_linear_network_are_equal(studio: Any) -> None:
    open_lesson(studio, "linear-collapse")
    studio.page.click("#epoch")
    studio.wait_until("state.run.epoch > 0 && state['view:linear_collapse']?.step === state.run.step")
    studio.wait_until_drawn()
    answer = view(studio, "linear_collapse")
    assert answer["equal"] and answer["difference"] <= answer["tolerance"]
    assert "equal up to rounding" in studio.page.locator(".collapse-difference").inner_text()
    deep, single = (studio.pixels(f".collapse-figure:nth-child({i}) canvas").astype(int) for i in (1, 2))
    assert np.abs(deep - single).mean() < 0.5
    assert len(np.unique(deep[..., 0])) > 20


def test_a_non_linear_layer_is_named_and_its_difference_shown(studio: Any) -> None:
    open_lesson(studio, "linear-collapse")
    start_experiment(studio, "One ReLU layer")
    studio.wait_until(
        "state['view:linear_collapse']?.run === state.run.id && state['view:linear_collapse'].step > 100"
    )
    studio.page.click("#train")
    studio.wait_until(
        "state.run.status === 'paused' && state['view:linear_collapse'].step === state.run.step"
    )
    studio.wait_until_drawn()
    text = studio.page.locator(".collapse-difference").inner_text()
    frame = view(studio, "linear_collapse")
    assert text.startswith(f"Outputs of network and single layer compared at {frame['samples']} test points.")
    assert "; rounding explains " in text and text.endswith(" ReLU layers are not linear.")
    assert studio.page.locator(".collapse-difference").get_attribute("data-equal") == "false"


def test_standardised_outputs_are_described_as_such(studio: Any) -> None:
    for name, count in {"sine": 1, "plane": 0}.items():
        studio.open(config={"dataset": {"name": name}, "layers": [{"units": 4, "activation": "linear"}]})
        studio.page.click("#tab-linear_collapse")
        studio.wait_until("state['view:linear_collapse']?.run === state.run.id")
        studio.wait_until_drawn()
        notes = studio.page.locator(".collapse-formula", has_text="1 their standard deviation")
        assert studio.run()["config"]["dataset"]["standardize"] == bool(count)
        assert notes.count() == count


@pytest.mark.parametrize(
    ("name", "title"), [("activations", "Dying ReLU"), ("linear-collapse", "A circle, eight linear layers")]
)
def test_the_run_of_an_experiment_has_the_configuration_that_its_claims_are_measured_with(
    studio: Any, name: str, title: str
) -> None:
    open_lesson(studio, name)
    lesson = LESSONS[name]
    assert studio.run()["config"] == parse(PAUSING | lesson.configuration()).model_dump(mode="json")
    start_experiment(studio, title)
    changes = next(experiment.changes for experiment in lesson.tries if experiment.title == title)
    assert studio.run()["config"] == parse(PAUSING | lesson.configuration(changes)).model_dump(mode="json")


def test_the_notation_of_the_lecture_is_written_into_the_text_of_a_lesson(studio: Any) -> None:
    open_lesson(studio, "perceptron")
    letters = studio.page.locator(".lesson-text math [data-letter]")
    assert letters.first.text_content() == "y"  # the target in w + η (y − ŷ) x
    studio.page.click(".lesson-text .notation-switch")
    assert letters.first.text_content() == "ŷ"


def test_the_network_of_a_lesson_can_be_opened_in_the_studio(studio: Any) -> None:
    open_lesson(studio, "linear-collapse")
    run = studio.run_id
    studio.page.click("#to-studio")
    studio.wait_until("state['view:decision_boundary']")
    assert studio.run_id == run


def test_the_studio_links_to_the_list_of_lessons_and_the_list_to_each_lesson(studio: Any) -> None:
    studio.open()
    studio.page.get_by_role("link", name="Lessons").click()
    studio.page.wait_for_url("**/lessons")
    for name in studio.page.eval_on_selector_all(".lesson-card", "cards => cards.map(card => card.pathname)"):
        studio.page.goto(studio.server.url + name)
        studio.wait_until("state.run && state.points?.run === state.run.id && counters.frames > 2")
        assert studio.page.locator("h1").count() == 1


@pytest.mark.parametrize("name", ["perceptron", "swimming", "linear-collapse"])
def test_a_lesson_fits_a_phone(make_studio: Any, name: str) -> None:
    studio = open_lesson(make_studio(PHONE, has_touch=True), name)
    studio.wait_until_drawn()
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    small = studio.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a, summary")]
            .filter((e) => e.checkVisibility() && !e.matches(".lesson-text p > a"))  // links in a sentence
            .map((e) => [e.ariaLabel ?? e.textContent, e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 43.5 || box.height < 43.5).map(([name]) => name)"""
    )
    assert small == []


def test_the_panels_of_lessons_are_tabs_of_the_studio_where_they_apply(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 60}, "layers": [{"units": 3}]})
    assert not studio.page.locator("#tab-linear_collapse, #tab-perceptron").first.is_visible()
    studio.open_other_tab("Collapse")
    studio.wait_until("counters.draws.linear_collapse && state['view:linear_collapse']?.run === state.run.id")
    studio.wait_until_drawn()
    text = studio.page.locator(".collapse-difference").inner_text()
    assert text.endswith(" Tanh layers are not linear.")
    studio.open_other_tab("Perceptron")
    studio.wait_until("counters.draws.perceptron && state['view:perceptron']?.run === state.run.id")
    studio.wait_until_drawn()
    note = studio.page.locator("#panel-perceptron .panel-note").inner_text()
    assert note == texts().text("panel.perceptron.obstacle.other_rule")
    assert studio.page.locator(".perceptron-plots").is_hidden()
    studio.page.get_by_role("button", name=texts().text("panel.perceptron.choose")).click()
    studio.wait_until("state.run.config.optimizer.name === 'perceptron' && state['view:perceptron']?.rule")
    studio.page.wait_for_selector(".perceptron-plots", state="visible")
    studio.page.select_option("select[aria-label='Data set (restarts)']", "swimming")
    studio.wait_until("state.run.config.dataset.name === 'swimming'")
    studio.page.select_option("select[aria-label='Problem (restarts)']", "multiclass")
    studio.wait_until("state.catalogue.tasks && state.points?.task === 'multiclass'")
    studio.page.wait_for_selector("#tab-perceptron", state="hidden")


def with_time_line(studio: Any) -> Any:
    """Trains the run of a lesson for 60 steps and waits for the time line."""
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 60})
    studio.wait_until("counters.draws.timeline && state.timeline.log.steps.at(-1) === 60")
    return studio


def test_the_time_line_shows_an_earlier_step_in_the_panels_of_a_lesson(studio: Any) -> None:
    with_time_line(open_lesson(studio, "linear-collapse"))
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.page.mouse.click(box["x"] + box["width"] / 3, box["y"] + 20)
    studio.wait_until("state.shown?.step > 0")
    studio.wait_until_drawn()
    shown = studio.state("window.__perceptarium.watched.map((id) => state[`view:${id}`].step)")
    assert set(shown) == {studio.state("state.shown.step")} != {60}
    assert studio.page.url.endswith("/lessons/linear-collapse")  # a reload begins a new run


def test_an_experiment_sets_its_weights_also_while_an_earlier_attempt_is_shown(studio: Any) -> None:
    with_time_line(open_lesson(studio, "swimming"))
    studio.server.call("POST", f"/api/runs/{studio.run_id}/reset")
    studio.page.click(".timeline-attempt")
    studio.page.click("#timeline-attempts [data-attempt='0']")
    studio.wait_until("state.shown?.attempt === 0")
    studio.page.locator(".lesson-try", has_text="The weights of the text").click()
    studio.wait_until("state.run.attempt === 2 && state['view:swimming']?.layers[0].z[5] === 5")
    assert studio.state("state.shown") is None
    weights = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"][0]
    assert np.ravel(weights["weights"]).tolist() == [4, 2, 4]


@pytest.mark.parametrize("query", ["", "?present"])
@pytest.mark.parametrize("size", [None, PHONE])
def test_the_time_line_of_a_lesson_covers_neither_text_nor_panels(
    make_studio: Any, size: Any, query: str
) -> None:
    studio = make_studio(size) if size else make_studio()
    with_time_line(open_lesson(studio, f"linear-collapse{query}"))
    studio.page.wait_for_function(  # panels may still grow
        """() => {
          scrollTo(0, document.body.scrollHeight);
          const box = (id) => document.getElementById(id).getBoundingClientRect();
          return box("panels").bottom <= box("timeline").top;
        }"""
    )
    place = studio.page.locator("#timeline").bounding_box()
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= (size or {"width": 1440})["width"]
    last = studio.page.locator(".lesson-next .button").last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box["y"] + box["height"] <= place["y"]


def train_to_the_goal(studio: Any, title: str, goal: float) -> list[int]:
    """Starts an experiment until its loss is below the goal; the first such step, and the last step."""
    start_experiment(studio, title)
    studio.wait_until(f"state.history.columns.train_loss.some((loss) => loss !== null && loss < {goal})")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")
    studio.wait_until("state.run.status === 'paused'")
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.wait_until("state.history.columns.step.at(-1) === argument", history["step"][-1])
    pairs = zip(history["step"], history["train_loss"], strict=True)
    return [next(step for step, loss in pairs if loss is not None and loss < goal), history["step"][-1]]


def test_the_curve_and_the_results_of_an_experiment_stay_beside_those_of_the_next_one(studio: Any) -> None:
    open_lesson(studio, "activations")
    assert LESSONS["activations"].goal == ("train_loss", 0.05)
    titles = ["Three layers, ReLU", "Three layers, tanh"]
    reached = {title: train_to_the_goal(studio, title, 0.05) for title in titles}
    studio.page.wait_for_function(
        """(reached) => {
          const rows = [...document.querySelectorAll("#lesson-results tbody tr")];
          const cells = rows.map((row) => [...row.cells].slice(0, 3).map((cell) => cell.innerText));
          return JSON.stringify(cells) === JSON.stringify(reached);
        }""",
        arg=[[title, f"{last:,}", f"{step:,}"] for title, (step, last) in reached.items()],
    )
    watch = next(entry.watch for entry in LESSONS["activations"].tries if entry.title == titles[1])
    assert studio.page.locator("#lesson-watch").inner_text() == watch
    names = "document.querySelector('.curves-plot').data?.map(({ name }) => name).join('; ')"
    studio.page.wait_for_function(f"() => {names} === 'train; test; {titles[0]}'")


def test_the_results_of_a_run_of_episodes_have_their_mean_score(studio: Any) -> None:
    open_lesson(studio, "learning-to-act")
    studio.page.locator(".lesson-try").first.click()
    studio.page.get_by_role("button", name=texts().text("lessons.predict.skip"), exact=True).click()
    score = studio.page.locator("#lesson-results tbody tr td").last
    mean = texts().text("panel.curves.part.mean")
    studio.until(lambda: score.count() and f"({mean})" in score.inner_text())


def test_every_experiment_is_above_the_fold(studio: Any) -> None:
    for name in LESSONS:
        studio.page.goto(f"{studio.server.url}/lessons/{name}")
        last = studio.page.locator(".lesson-try").last.bounding_box()
        assert last["y"] + last["height"] < 840, name


@pytest.mark.parametrize("size", [PHONE, {"width": 768, "height": 1024}])
def test_the_panels_stay_in_view_above_the_text_on_small_screens(make_studio: Any, size: Any) -> None:
    studio = open_lesson(make_studio(size), "activations")
    studio.wait_until_drawn()
    studio.page.locator(".lesson-next").scroll_into_view_if_needed()
    box = studio.page.locator("#panel-curves").bounding_box()
    assert 0 <= box["y"] < 10 and 0 <= box["x"] < size["width"] / 4
    assert box["height"] == pytest.approx(0.45 * size["height"], rel=0.1)
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("size", [PHONE, {"width": 768, "height": 1024}])
def test_the_plots_of_the_perceptron_do_not_cover_its_numbers_on_small_screens(
    make_studio: Any, size: Any
) -> None:
    studio = open_lesson(make_studio(size), "perceptron")
    studio.wait_until("counters.draws.perceptron")
    studio.wait_until_drawn()
    plane, count = (
        studio.page.locator(f".perceptron-{name} canvas").bounding_box() for name in ("plane", "count")
    )
    numbers = studio.page.locator(".perceptron-statistics").bounding_box()
    assert min(plane["height"], count["height"]) > 150
    assert max(box["y"] + box["height"] for box in (plane, count)) <= numbers["y"] + 1
    panel = studio.page.locator("#panel-perceptron").bounding_box()
    assert plane["y"] + plane["height"] <= panel["y"] + panel["height"]
