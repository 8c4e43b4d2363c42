"""The page gets rounded values while its run trains: what it shows, and what it saves."""

import json
from typing import Any

import numpy as np

SHOWN = """() => {
  const { step, rounded, values } = window.__perceptarium.state["view:decision_boundary"];
  return { step, rounded, values: Array.from(values) };
}"""


def exact_values(studio: Any, step: int) -> np.ndarray:
    answer = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/decision_boundary?step={step}")
    return np.array(answer["values"], np.float32).ravel()


def test_the_map_of_a_training_run_is_within_its_bound_and_what_is_saved_and_left_is_exact(
    studio: Any,
) -> None:
    studio.open()
    studio.page.click("#train")
    studio.wait_until("state['view:decision_boundary'].rounded && state['view:decision_boundary'].step > 100")
    shown = studio.page.evaluate(SHOWN)
    saved = json.loads(studio.save("decision_boundary", "Save data (JSON)"))
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused'")
    shown_exactly = "(({ rounded, step }) => !rounded && step === state.run.step)"
    studio.wait_until(f"{shown_exactly}(state['view:decision_boundary'])")
    left = studio.page.evaluate(SHOWN)

    exact = exact_values(studio, shown["step"])
    values = np.array(shown["values"], np.float32)
    assert shown["rounded"] and (values != exact).any()
    assert np.abs(values - exact).max() <= (exact.max() - exact.min()) / 255 + 1e-6
    assert ((values >= 0.5) == (exact >= 0.5)).all()
    assert np.abs(np.array(saved["columns"]["output_0"]) - exact_values(studio, saved["step"])).max() < 1e-6
    assert left["step"] == studio.run()["step"]
    assert (np.array(left["values"], np.float32) == exact_values(studio, left["step"])).all()
