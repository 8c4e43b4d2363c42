"""The Trace panel: the forward and backward pass of a point, with the numbers of its view."""

import re
from typing import Any

import pytest

from app.web.texts import text

CONFIG = {"dataset": {"name": "circle"}, "layers": [{"units": 4}, {"units": 3, "activation": "sigmoid"}]}


def open_trace(studio: Any, config: dict[str, Any] | None = None) -> Any:
    studio.open(config=config or CONFIG)
    studio.page.click("#tab-sample_trace")
    studio.wait_until("counters.draws.sample_trace && state['view:sample_trace']")
    studio.wait_until_drawn()
    return studio


def go_to(studio: Any, name: str) -> str:
    """Presses the arrow key until the step of this name is shown; returns its text."""
    content = studio.page.locator(".trace-content")
    studio.page.focus(".trace-scroller")
    for _ in range(40):
        if content.get_attribute("data-step") == name:
            return str(content.inner_text())
        position = studio.page.locator(".trace-position").inner_text()
        studio.press("ArrowRight")
        studio.page.wait_for_function(
            "(t) => document.querySelector('.trace-position').textContent !== t", arg=position
        )
    raise AssertionError(name)


def numbers(text: str) -> list[float]:
    found = re.findall(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?", text.replace("−", "-"))
    return [float(match.replace(",", "")) for match in found]


def contains_number(value: float, text: str) -> bool:
    return any(number == pytest.approx(value, rel=6e-4, abs=1e-9) for number in numbers(text))


def answer(studio: Any, options: str = "index=0") -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/sample_trace?{options}")


def test_a_click_on_a_point_traces_that_point(studio: Any) -> None:
    studio.open(config=CONFIG)
    points = studio.server.call("GET", f"/api/runs/{studio.run_id}/points")["train"]["inputs"]
    x, y = points[7]
    box = studio.page.locator(".boundary-points").bounding_box()
    size = box["width"]
    position = {"x": 30 + (size - 40) * (x + 6) / 12, "y": 8 + (size - 34) * (6 - y) / 12}
    studio.page.locator(".boundary-points").click(position=position)
    studio.wait_until("state['view:sample_trace']")
    studio.wait_until_drawn()
    assert studio.page.locator("#panel-sample_trace").is_visible()
    shown = studio.state("[...state['view:sample_trace'].inputs.raw]")
    assert shown == pytest.approx([x, y], abs=0.2)
    content = studio.page.locator(".trace-content").inner_text()
    assert contains_number(shown[0], content)
    assert contains_number(shown[1], content)


def test_arrow_keys_move_through_the_trace_and_train_only_outside_it(studio: Any) -> None:
    open_trace(studio)
    studio.page.focus(".trace-scroller")
    studio.press("ArrowRight")
    studio.page.wait_for_function(
        "() => document.querySelector('.trace-position').textContent.startsWith('2 of')"
    )
    studio.press("ArrowLeft")
    studio.page.wait_for_function(
        "() => document.querySelector('.trace-position').textContent.startsWith('1 of')"
    )
    assert studio.run()["step"] == 0
    studio.page.focus("#train")
    studio.press("ArrowRight")
    studio.wait_until("state.run.step === 1")


def test_forward_numbers_are_those_of_the_view(studio: Any) -> None:
    open_trace(studio)
    trace = answer(studio)
    content = go_to(studio, "weighted_sum")
    layer = trace["layers"][0]
    for value in [*layer["z"][0], *layer["biases"], *layer["weights"][1]]:
        assert contains_number(value, content), value
    content = go_to(studio, "activation")
    for value in [*trace["layers"][0]["a"][0], *trace["layers"][0]["slopes"][0]]:
        assert contains_number(value, content), value
    content = go_to(studio, "loss")
    assert contains_number(trace["loss"]["value"], content)
    assert contains_number(trace["error"]["target_minus_output"][0][0], content)
    assert contains_number(trace["error"]["output_minus_target"][0][0], content)
    assert text("panel.sample_trace.loss.error") in content


def test_backward_numbers_are_those_of_the_view(studio: Any) -> None:
    open_trace(studio)
    studio.page.select_option("select[aria-label='Layer of the chosen weight']", "0")
    studio.page.select_option("select[aria-label='Unit of the chosen weight']", "2")
    studio.page.select_option("select[aria-label='Source of the chosen weight']", "1")
    chosen = "{ letter: 'w', layer: 0, unit: 2, source: 1 }"
    studio.wait_until(f"JSON.stringify(state['view:sample_trace'].chain.weight) === JSON.stringify({chosen})")
    trace = answer(studio, "index=0&layer=0&unit=2&source=1")
    content = go_to(studio, "delta")
    for value in trace["layers"][1]["deltas"][0]:
        assert contains_number(value, content), value
    content = go_to(studio, "chain")
    for factor in trace["chain"]["factors"]:
        assert contains_number(factor["values"][0], content), factor["name"]
    assert contains_number(trace["gradient"]["total"], content)
    content = go_to(studio, "numeric")
    assert contains_number(trace["numeric"]["estimate"], content)
    assert contains_number(trace["numeric"]["relative_error"], content)
    content = go_to(studio, "update")
    for name in ("before", "after"):
        assert contains_number(trace["update"][name], content), name
    assert studio.state("state.tracePosition") == {"layer": 0, "unit": 2, "source": 1}


def formula(studio: Any, index: int = 0) -> str:
    """The text of a formula of the step shown."""
    shown = studio.page.locator(".trace-content math").nth(index).text_content()
    return "".join(shown.replace("\u00a0", "").split())


def test_the_prediction_is_written_with_a_hat_unless_the_notation_of_the_lecture_is_chosen(
    studio: Any,
) -> None:
    open_trace(studio)
    go_to(studio, "loss")
    assert formula(studio).startswith("outputŷ=") and formula(studio, 1).startswith("e=y−ŷ=")
    assert formula(studio, 3).startswith("E=−Σ[ylnŷ+(1−y)ln(1−ŷ)]=")
    studio.page.click("#panel-sample_trace .notation-switch")
    studio.wait_until_drawn()
    assert formula(studio).startswith("outputy=") and formula(studio, 1).startswith("e=ŷ−y=")
    assert text("panel.sample_trace.loss.lecture_sum") in studio.page.locator(".trace-content").inner_text()
    studio.page.reload()
    studio.wait_until("counters.draws.sample_trace && state['view:sample_trace']")
    studio.page.click("#wizard")
    assert text("studio.wizard.letters.lecture") in studio.page.locator("#wizard-dialog").inner_text()
    studio.page.click("#wizard-dialog .notation-switch")
    assert text("studio.wizard.letters.common") in studio.page.locator("#wizard-dialog").inner_text()


def test_the_first_index_of_a_weight_is_that_of_its_unit_and_in_the_lecture_that_of_its_input(
    studio: Any,
) -> None:
    open_trace(studio)
    studio.page.select_option("select[aria-label='Layer of the chosen weight']", "0")
    studio.page.select_option("select[aria-label='Unit of the chosen weight']", "2")
    studio.page.select_option("select[aria-label='Source of the chosen weight']", "1")
    studio.wait_until("state['view:sample_trace'].chain.weight.source === 1")
    studio.wait_until("state['view:sample_trace'].chain.weight.unit === 2")
    shown = go_to(studio, "chain")
    assert formula(studio).startswith("∂E∂w32[1]=") and text("panel.sample_trace.chain.unit_first") in shown
    assert "∑kwk3[2]δk[2]" in formula(studio, 1)
    studio.page.click("#panel-sample_trace .notation-switch")
    studio.wait_until_drawn()
    assert formula(studio).startswith("∂E∂w23[1]=") and "∑kw3k[2]δk[2]" in formula(studio, 1)


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam", "perceptron"])
def test_the_update_is_shown_with_the_quantities_of_its_optimizer(studio: Any, name: str) -> None:
    layers: list[dict[str, Any]] = [] if name == "perceptron" else [{"units": 3}]
    config = {"dataset": {"name": "separable"}, "layers": layers, "optimizer": {"name": name}}
    open_trace(studio, config)
    trace = answer(studio)
    shown = go_to(studio, "update")
    assert text(f"panel.sample_trace.update.note.{name}") in shown
    for term, value in trace["update"]["terms"].items():
        assert contains_number(value, shown), term


def test_the_network_marks_the_traced_layer_while_the_tab_is_open(studio: Any) -> None:
    open_trace(studio)
    first = studio.pixels(".network-canvas")
    go_to(studio, "weighted_sum")
    studio.wait_until_drawn()
    assert (studio.pixels(".network-canvas") != first).any()
    assert studio.state("state.tracePosition.layer") == 0
    studio.page.click("#tab-activation_histograms")
    studio.wait_until("state.tracePosition === null")


def test_the_points_of_a_batch_are_columns(studio: Any) -> None:
    open_trace(studio)
    studio.page.select_option("select[aria-label='One point or a batch']", "4")
    studio.wait_until("state['view:sample_trace'].samples === 4")
    studio.wait_until_drawn()
    trace = answer(studio, "batch=4")
    content = go_to(studio, "weighted_sum")
    for row in trace["layers"][0]["z"]:
        assert contains_number(row[2], content)
    assert "4×4" in content


@pytest.mark.parametrize("name", ["iris", "sine", "discs"])
def test_every_task_can_be_traced_to_the_end(studio: Any, name: str) -> None:
    open_trace(studio, {"dataset": {"name": name}, "layers": [{"units": 3, "activation": "prelu"}]})
    go_to(studio, "chain")
    go_to(studio, "update")
    position, count = studio.page.locator(".trace-position").inner_text().split(" of ")
    assert position == count


def test_the_selected_unit_is_limited_to_the_units_of_a_smaller_network(studio: Any) -> None:
    open_trace(studio)
    studio.page.select_option("select[aria-label='Layer of the chosen weight']", "0")
    studio.page.select_option("select[aria-label='Unit of the chosen weight']", "3")
    studio.wait_until("state['view:sample_trace'].chain.weight.unit === 3")
    before = studio.run_id
    studio.page.fill("input[aria-label^='Units in layer 1']", "2")
    studio.press("Enter")
    studio.wait_until("state.run.id !== argument && state['view:sample_trace'].run === state.run.id", before)
    assert studio.state("state['view:sample_trace'].chain.weight.unit") == 1
