"""The Activations panel: an activation and its derivative, and the pre-activations of every layer."""

from typing import Any

import numpy as np
import pytest

CONFIG = {"dataset": {"name": "circle"}, "layers": [{"units": 4, "activation": "prelu"}, {"units": 3}]}


def open_activations(studio: Any) -> Any:
    studio.open(config=CONFIG)
    studio.page.click("#tab-activation_curves")
    studio.wait_until("counters.draws.activation_curves && state['view:activation_curves']")
    studio.wait_until_drawn()
    return studio


def answer(studio: Any, options: str) -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/activation_curves?{options}")


def test_an_activation_is_drawn_with_its_derivative_for_the_selected_alpha_and_range(studio: Any) -> None:
    open_activations(studio)
    studio.page.select_option("select[aria-label='Activation shown']", "elu")
    studio.wait_until("state['view:activation_curves'].activation.name === 'elu'")
    studio.page.locator("input[aria-label='α']").fill("2.5")
    studio.wait_until("state['view:activation_curves'].activation.alpha === 2.5")
    studio.wait_until_drawn()
    curves = studio.state(
        "(({ z, activation: { f, slope } }) => ({ z: [...z], f: [...f], slope: [...slope] }))"
        "(state['view:activation_curves'])"
    )
    z = np.array(curves["z"])
    assert curves["f"] == pytest.approx(np.where(z > 0, z, 2.5 * np.expm1(z)), abs=1e-5)
    assert curves["slope"] == pytest.approx(np.where(z > 0, 1, 2.5 * np.exp(z)), abs=1e-5)
    before = studio.pixels(".activation-chart canvas")
    assert (before[..., 3] > 0).mean() > 0.02
    studio.page.locator("input[aria-label='range']").fill("12")
    studio.wait_until("Math.abs(state['view:activation_curves'].z[0] + 12) < 1e-6")
    studio.wait_until_drawn()
    assert (studio.pixels(".activation-chart canvas") != before).any()


def test_every_layer_shows_the_fraction_of_small_derivatives(studio: Any) -> None:
    open_activations(studio).train_epoch()
    studio.wait_until("state['view:activation_curves'].step === state.run.step")
    studio.wait_until_drawn()
    layers = answer(studio, "activation=tanh")["layers"]
    captions = studio.page.locator(".activation-layer figcaption")
    assert captions.count() == len(layers) == 3
    for index, layer in enumerate(layers):
        share = float(captions.nth(index).get_attribute("title").split()[0])
        assert share == pytest.approx(layer["flat"], abs=1e-6)
        assert "pre-activations from" in studio.page.locator(".activation-layer canvas").nth(
            index
        ).get_attribute("aria-label")


def test_learned_alphas_are_drawn_over_the_steps_only_with_prelu(studio: Any) -> None:
    open_activations(studio).train_epoch()
    studio.wait_until("state['view:activation_curves'].step === state.run.step")
    studio.wait_until_drawn()
    layers = answer(studio, "activation=tanh")["layers"]
    label = studio.page.locator(".alpha-chart canvas").get_attribute("aria-label")
    shown = [float(text) for text in label.split(": ")[1].split(", ")]
    assert shown == pytest.approx(layers[0]["alpha"], rel=6e-3, abs=1e-3)
    before = studio.run_id
    studio.page.select_option("select[aria-label^='Activation of layer 1']", "relu")
    studio.wait_until(
        "state.run.id !== argument && state['view:activation_curves'].run === state.run.id", before
    )
    studio.wait_until_drawn()
    assert not studio.page.locator(".activation-alphas").is_visible()


def test_the_chart_of_learned_alphas_starts_with_the_recorded_steps(studio: Any) -> None:
    studio.open(config=CONFIG)
    studio.train_epoch()
    studio.train_epoch()
    studio.page.click("#tab-activation_curves")
    studio.wait_until("state['earlier:activation_curves']?.length >= 2 && counters.draws.activation_curves")
    studio.wait_until_drawn()
    recorded = studio.state(
        "state['earlier:activation_curves'].map(({ step, layers }) => [step, [...layers[0].alpha]])"
    )
    assert recorded[0] == [0, [0.25] * 4]
    for step, alphas in recorded:
        path = f"/api/runs/{studio.run_id}/views/activation_curves?step={step}"
        assert studio.server.call("GET", path)["layers"][0]["alpha"] == pytest.approx(alphas)


def test_softmax_is_drawn_over_the_z_of_one_unit_beside_others_that_a_note_names(studio: Any) -> None:
    open_activations(studio)
    studio.page.select_option("select[aria-label='Activation shown']", "softmax")
    studio.wait_until("state['view:activation_curves'].activation.name === 'softmax'")
    studio.wait_until_drawn()
    z = np.array([-1.0, 5.1, 2.2, 0.7, 1.1])
    studio.page.locator("[data-reading] , input[aria-label='z']").first.fill("100")  # z = -1 of -6 to 6
    studio.wait_until_drawn()
    share = np.exp(z)[0] / np.exp(z).sum()
    shown = studio.page.locator(".activation-reading").inner_text()
    assert shown == f"f(-1) = {share:.4g}, f′(-1) = {share * (1 - share):.4g}"
    assert "5.1, 2.2, 0.7, 1.1" in studio.page.locator(".activation-left .aside").inner_text()


def test_the_cursor_step_of_one_chart_is_shown_in_the_others(studio: Any) -> None:
    studio.open(config=CONFIG)
    studio.train_epoch()
    studio.train_epoch()
    studio.page.click("#tab-activation_curves")
    studio.wait_until(
        "state['earlier:activation_curves']?.length >= 2 && state.plotly === 'drawn' && counters.draws.cursor"
    )
    studio.wait_until_drawn()
    lines = studio.page.locator(".alpha-chart canvas")
    lines.hover(position={"x": 50, "y": 40})
    studio.wait_until("state.stepCursor?.source === 'alphas'")
    studio.wait_until_drawn()
    assert studio.state("state.stepCursor.step") == 0
    assert lines.get_attribute("aria-label").startswith("Learned α at step 0: 0.25")
    label = studio.page.locator("#panel-curves .hoverlayer")
    assert "step 0" in label.text_content()
    studio.page.mouse.move(0, 0)
    studio.wait_until("state.stepCursor === null")
    studio.wait_until_drawn()
    studio.page.locator("#panel-curves .curves-plot").hover()
    studio.wait_until("state.stepCursor?.source === 'curves'")
    studio.wait_until_drawn()
    step = studio.state("state.stepCursor.step")
    shown = studio.state("state['earlier:activation_curves'].map(({ step }) => step).concat(state.run.step)")
    nearest = min(shown, key=lambda shown_step: abs(shown_step - step))
    assert f"step {nearest}:" in lines.get_attribute("aria-label")
