"""Lessons: what stands beside the prose is measured on a run, and every try is one click."""

from typing import Any

import numpy as np
import pytest

PHONE = {"width": 390, "height": 844}


def opened(studio: Any, name: str) -> Any:
    studio.page.goto(f"{studio.server.url}/lessons/{name}")
    studio.wait("state.catalogue && state.run && state.points?.run === state.run.id")
    # This link follows the run from when what is to be tried can be pressed.
    studio.wait("document.getElementById('to-studio').getAttribute('href') === `/runs/${state.run.id}`")
    return studio


def attempt(studio: Any, title: str) -> None:
    """Click what is to be tried, and wait for its run."""
    before = studio.run_id
    studio.page.locator(".lesson-try", has_text=title).first.click()
    studio.wait("state.run.id !== argument || state.run.attempt > 0", before)


def view(studio: Any, name: str) -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/{name}")


def table(studio: Any) -> list[list[str]]:
    rows = studio.page.locator(".swim-table tbody tr")
    return [rows.nth(i).locator("td").all_inner_texts() for i in range(8)]


def test_the_swimming_example_is_the_lectures_number_for_number(studio: Any) -> None:
    opened(studio, "swimming")
    studio.wait("state['view:swimming']?.layers[0].z[5] === 5 && counters.draws.swimming")
    studio.drawn()
    expected = []
    for warm, empty, safe in [(a, b, c) for a in (0, 1) for b in (0, 1) for c in (0, 1)]:
        z = 4 * warm + 2 * empty + 4 * safe - 3
        y = "1 swim" if z >= 0 else "0 stay"
        expected.append([str(warm), str(empty), str(safe), str(z), y, f"✓ {y[2:]}"])
    assert table(studio) == expected
    assert studio.page.locator(".swim-threshold").inner_text() == "Threshold −b = 3"
    told = "".join(studio.page.locator(".swim-sum").text_content().split())
    assert told == "z=4·1+2·0+4·1−3=5≥0⇒y=1:swim"
    weights = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights")["layers"][0]
    assert np.ravel(weights["weights"]).tolist() == [4, 2, 4] and weights["biases"] == [-3]


def test_moving_a_weight_moves_it_in_the_network_and_in_all_eight_answers(studio: Any) -> None:
    opened(studio, "swimming")
    studio.wait("state['view:swimming']?.layers[0].z[5] === 5")
    studio.drawn()
    bias = studio.page.locator("[data-field='swimming.bias'] input.number")
    bias.fill("-5")
    bias.press("Enter")
    studio.wait("state['view:swimming'].layers[0].biases[0] === -5")
    studio.drawn()
    rows = table(studio)
    assert [row[3] for row in rows] == ["-5", "-1", "-3", "1", "-1", "3", "1", "5"]
    assert rows[1][5] == rows[4][5] == "✗ swim" and rows[5][5] == "✓ swim"
    assert studio.page.locator(".swim-threshold").inner_text() == "Threshold −b = 5"
    studio.page.locator(".swim-table tbody tr").nth(4).locator("button").click()
    told = "".join(studio.page.locator(".swim-sum").text_content().split())
    assert told == "z=4·1+2·0+4·0−5=−1<0⇒y=0:stay"


def test_the_rule_learns_the_lectures_answers_with_weights_of_its_own(studio: Any) -> None:
    opened(studio, "swimming")
    attempt(studio, "Learn them instead")
    studio.wait("state.run.status === 'running'")
    studio.page.locator("#speed").fill("8")
    studio.wait("state['view:perceptron']?.errors === 0 && state['view:perceptron'].mistakes > 0")
    studio.page.click("#train")
    studio.wait("state.run.status === 'paused' && state['view:swimming'].step === state.run.step")
    studio.drawn()
    assert all(row[5].startswith("✓") for row in table(studio))
    told = view(studio, "perceptron")
    assert told["errors"] == 0 and told["mistakes"] <= told["bound"]


@pytest.mark.parametrize("gate", ["AND", "OR"])
def test_the_count_stands_beside_the_bound(studio: Any, gate: str) -> None:
    opened(studio, "perceptron")
    attempt(studio, gate)
    studio.page.locator("#speed").fill("8")
    studio.wait("state['view:perceptron']?.errors === 0 && state['view:perceptron'].step > 100")
    studio.page.click("#train")
    studio.wait("state.run.status === 'paused' && state['view:perceptron'].step === state.run.step")
    studio.drawn()
    told = view(studio, "perceptron")
    statistics = studio.page.locator(".perceptron-statistics")
    names, values = (statistics.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
    facts = dict(zip(names, values, strict=True))
    assert facts["Mistakes"] == str(told["mistakes"]) and facts["Misclassified"] == "0 / 4"
    assert facts["Bound"] == str(int(told["bound"])) == {"AND": "51", "OR": "27"}[gate]
    assert told["mistakes"] <= told["bound"]


def test_the_line_is_where_the_network_changes_its_mind(studio: Any) -> None:
    opened(studio, "perceptron")
    studio.page.click("#epoch")
    studio.wait("state.run.epoch > 0 && state['view:perceptron']?.step === state.run.step")
    studio.drawn()
    told = view(studio, "perceptron")
    picture = studio.picture(".perceptron-plane canvas").astype(int)
    size = picture.shape[0]
    left, top, side = 30, 8, (size - 38, size - 32)
    for x, y in [(-0.3, -0.3), (1.3, 1.3), (-0.3, 1.3), (1.3, -0.3), (0.5, 1.25), (1.2, 0.5)]:
        z = told["weights"][0] * x + told["weights"][1] * y + told["bias"]
        if abs(z) < 0.25:
            continue
        column, row = left + side[0] * (x + 0.5) / 2, top + side[1] * (1 - (y + 0.5) / 2)
        red, _, blue, _ = picture[round(row), round(column)]
        assert (red > blue) == (z > 0), (x, y, z)


def test_before_the_first_mistake_all_is_of_the_class_the_step_says_at_zero(studio: Any) -> None:
    opened(studio, "perceptron")
    studio.wait("state['view:perceptron']?.step === 0")
    studio.drawn()
    assert view(studio, "perceptron")["errors"] == 3  # of AND: z = 0 everywhere, so the step says 1
    red, _, blue, _ = studio.picture(".perceptron-plane canvas")[30, 60].astype(int)
    assert red > blue


def test_xor_is_said_to_return_and_why(studio: Any) -> None:
    opened(studio, "perceptron")
    attempt(studio, "It never settles")
    studio.page.locator("#speed").fill("8")
    studio.wait("state['view:perceptron']?.returns?.first && state['view:perceptron'].mistakes > 30")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")
    studio.wait("state.run.status !== 'running'")
    studio.drawn()
    words = studio.page.locator(".perceptron-description").inner_text()
    assert "not linearly separable" in words and "(0.5, 0.5)" in words
    assert "led back to the line" in words
    label = studio.page.locator(".perceptron-count canvas").get_attribute("aria-label")
    assert "different lines" in label


@pytest.mark.parametrize("batch", [1, 10])
def test_mistakes_are_drawn_where_they_are_counted_and_else_it_is_said_why(studio: Any, batch: int) -> None:
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
    studio.epoch()
    studio.wait("state['view:perceptron']?.step === state.run.step")
    studio.drawn()
    shown = {
        name: studio.page.locator(f".perceptron-{name} canvas").is_visible() for name in ("plane", "count")
    }
    assert shown == {"plane": True, "count": batch == 1}
    note = studio.page.locator("#panel-perceptron .panel-note")
    assert note.is_visible() == (batch > 1) and ("batch size 1" in note.inner_text()) == (batch > 1)


def test_two_pictures_of_a_linear_network_are_one(studio: Any) -> None:
    opened(studio, "linear-collapse")
    studio.page.click("#epoch")
    studio.wait("state.run.epoch > 0 && state['view:linear_collapse']?.step === state.run.step")
    studio.drawn()
    told = view(studio, "linear_collapse")
    assert told["equal"] and told["difference"] <= told["tolerance"]
    assert "equal up to rounding" in studio.page.locator(".collapse-difference").inner_text()
    one, other = (studio.picture(f".collapse-figure:nth-child({i}) canvas").astype(int) for i in (1, 2))
    assert np.abs(one - other).mean() < 0.5
    assert len(np.unique(one[..., 0])) > 20


def test_a_bend_is_named_and_its_difference_measured(studio: Any) -> None:
    opened(studio, "linear-collapse")
    attempt(studio, "Bend one layer")
    studio.wait(
        "state['view:linear_collapse']?.run === state.run.id && state['view:linear_collapse'].step > 100"
    )
    studio.page.click("#train")
    studio.wait("state.run.status === 'paused' && state['view:linear_collapse'].step === state.run.step")
    studio.drawn()
    words = studio.page.locator(".collapse-difference").inner_text()
    assert "Non-linear layer: layer 2 (ReLU)." in words
    assert studio.page.locator(".collapse-difference").get_attribute("data-equal") == "false"


def test_answers_in_units_of_their_own_are_said_to_be_so(studio: Any) -> None:
    for name, told in {"sine": 1, "plane": 0}.items():
        studio.open(config={"dataset": {"name": name}, "layers": [{"units": 4, "activation": "linear"}]})
        studio.page.click("#tab-linear_collapse")
        studio.wait("state['view:linear_collapse']?.run === state.run.id")
        studio.drawn()
        words = studio.page.locator(".collapse-formula", has_text="1 their standard deviation")
        assert (studio.run()["config"]["dataset"]["standardize"], words.count()) == (bool(told), told)


def test_a_lesson_s_network_can_be_taken_to_the_studio(studio: Any) -> None:
    opened(studio, "linear-collapse")
    run = studio.run_id
    studio.page.click("#to-studio")
    studio.wait("state['view:decision_boundary']")
    assert studio.run_id == run


def test_the_studio_leads_to_the_lessons_and_they_to_each(studio: Any) -> None:
    studio.open()
    studio.page.get_by_role("link", name="Lessons").click()
    studio.page.wait_for_url("**/lessons")
    for name in studio.page.eval_on_selector_all(".lesson-card", "cards => cards.map(card => card.pathname)"):
        studio.page.goto(studio.server.url + name)
        studio.wait("state.run && state.points?.run === state.run.id && counters.frames > 2")
        assert studio.page.locator("h1").count() == 1


@pytest.mark.parametrize("name", ["perceptron", "swimming", "linear-collapse"])
def test_a_lesson_fits_a_phone(make_studio: Any, name: str) -> None:
    studio = opened(make_studio(PHONE, has_touch=True), name)
    studio.drawn()
    assert studio.page.evaluate("document.documentElement.scrollWidth") <= 390
    small = studio.page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a, summary")]
            .filter((e) => e.checkVisibility())
            .map((e) => [e.ariaLabel ?? e.textContent, e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 43.5 || box.height < 43.5).map(([name]) => name)"""
    )
    assert small == []


def test_the_studio_has_both_pictures_as_tabs_where_they_apply(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "gauss", "samples": 60}, "layers": [{"units": 3}]})
    studio.page.click("#tab-linear_collapse")
    studio.wait("counters.draws.linear_collapse && state['view:linear_collapse']?.run === state.run.id")
    studio.drawn()
    words = studio.page.locator(".collapse-difference").inner_text()
    assert "Non-linear layer: layer 1 (Tanh)." in words
    studio.page.click("#tab-perceptron")
    studio.wait("counters.draws.perceptron && state['view:perceptron']?.run === state.run.id")
    studio.drawn()
    assert "choose it as the optimizer" in studio.page.locator("#panel-perceptron .panel-note").inner_text()
    assert studio.page.locator(".perceptron-plots").is_hidden()
    studio.page.select_option("select[aria-label='Data set (restarts)']", "swimming")
    studio.wait("state.run.config.dataset.name === 'swimming'")
    studio.page.select_option("select[aria-label='Problem (restarts)']", "multiclass")
    studio.wait("state.catalogue.tasks && state.points?.task === 'multiclass'")
    studio.page.wait_for_selector("#tab-perceptron", state="hidden")
