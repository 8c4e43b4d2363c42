"""The decision boundary panel of each task: residuals, surface, probabilities, all outputs, any plane."""

import json
from typing import Any

import numpy as np
import pytest

from app.web.texts import text

MODE = f"select[aria-label='{text('panel.decision_boundary.mode.name')}']"
# The colours of cividis as the map shows them, paler than the points: mixed with 48 % of the neutral colour.
CIVIDIS = {0.0: (118, 135, 156), 0.5: (176, 176, 175), 1.0: (250, 238, 144)}


def open_studio(studio: Any, config: dict[str, Any]) -> Any:
    studio.open(config={"optimizer": {"learning_rate": 0.05}, **config})
    studio.train_epoch()
    studio.train_epoch()
    studio.wait_until("state['view:decision_boundary'].step === state.run.step")
    studio.wait_until_drawn()
    return studio


def boundary(studio: Any, **options: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in options.items())
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/decision_boundary?{query}")


def map_of(studio: Any) -> np.ndarray:
    """The inside of the map, without axes, rows from the top."""
    image = studio.pixels(".boundary-map").astype(int)
    return image[8:-26, 30:-10, :3]


def residual_pixels(studio: Any) -> int:
    """How much of the curve's image has the colour of residuals (violet: more blue than green)."""
    inside = map_of(studio)
    return int(((inside[..., 2] - inside[..., 1]) > 30).sum())


def test_residuals_can_be_hidden(studio: Any) -> None:
    open_studio(studio, {"dataset": {"name": "sine", "samples": 60}, "layers": [{"units": 4}]})
    before = residual_pixels(studio)
    assert before > 300
    assert "residual" in studio.page.locator("div.legend").inner_text()
    studio.page.get_by_role("button", name="Residuals").click()
    studio.wait_until_drawn()
    assert residual_pixels(studio) < before / 20
    assert "residual" not in studio.page.locator("div.legend").inner_text()


def test_a_residual_ends_at_the_curve(studio: Any) -> None:
    open_studio(
        studio, {"dataset": {"name": "sine", "samples": 10, "test_fraction": 0}, "layers": [{"units": 4}]}
    )
    view, points = (
        boundary(studio, resolution=200),
        studio.server.call("GET", f"/api/runs/{studio.run_id}/points"),
    )
    inside = map_of(studio)
    height, width = inside.shape[:2]
    truths = np.ravel(points["train"]["targets"])
    low, high = min(truths.min(), -1), max(truths.max(), 1)
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    grid = np.linspace(*view["x"], 200)
    for (x,), truth in zip(points["train"]["inputs"], points["train"]["targets"], strict=True):
        curve = float(np.interp(x, grid, view["values"][0][0]))
        column = round((x - view["x"][0]) / (view["x"][1] - view["x"][0]) * (width - 1))
        rows = sorted(
            round((high - value) / (high - low) * (height - 1)) for value in (curve, np.ravel(truth)[0])
        )
        if rows[1] - rows[0] < 24:
            continue
        middle = inside[rows[0] + 8 : rows[1] - 8, max(0, column - 1) : column + 2]
        assert ((middle[..., 2] - middle[..., 1]) > 20).any(axis=1).mean() > 0.9


def test_an_output_over_two_inputs_can_be_shown_as_a_surface(studio: Any) -> None:
    studio.expected_messages += ["GPU stall", "willReadFrequently"]  # software drawing of 3-D says so
    open_studio(studio, {"dataset": {"name": "multi_gauss", "samples": 100}, "layers": [{"units": 6}]})
    marks = studio.page.locator(".colour-marks").inner_text()
    studio.wait_until("state.plotly")
    studio.page.select_option(MODE, "surface")
    studio.page.wait_for_selector(".boundary-surface .main-svg, .boundary-surface canvas")
    drawn_samples = studio.page.evaluate(
        "() => document.querySelector('.boundary-surface').data[0].z.map((row) => Array.from(row))"
    )
    view = np.array(boundary(studio)["values"][0])[::2, ::2]
    assert np.array(drawn_samples) == pytest.approx(view, abs=1e-5)
    assert studio.page.locator(".colour-marks").inner_text() == marks
    assert not studio.page.locator(".boundary-map").is_visible()
    studio.page.select_option(MODE, "map")
    studio.page.wait_for_selector(".boundary-surface", state="detached")
    assert studio.page.locator(".boundary-map").is_visible()


def test_the_probability_of_a_class_is_drawn_from_0_to_1(studio: Any) -> None:
    open_studio(
        studio,
        {
            "dataset": {"name": "blobs", "classes": 3, "samples": 90, "test_fraction": 0},
            "layers": [{"units": 6}],
        },
    )
    studio.page.select_option(MODE, "2")
    studio.wait_until("state.displayModule && state.displayMode === '2'")
    studio.wait_until_drawn()
    values = np.array(boundary(studio)["values"][2])[::-1]
    inside = map_of(studio)
    height, width = inside.shape[:2]
    for row, column in [(5, 5), (50, 90), (90, 10), (20, 60), (75, 75)]:
        place = inside[round((row + 0.5) / 100 * height), round((column + 0.5) / 100 * width)]
        nearest = min(CIVIDIS, key=lambda stop: np.abs(np.array(CIVIDIS[stop]) - place).sum())
        assert abs(nearest - values[row, column]) < 0.35, (row, column)
    assert "probability" in studio.page.locator("div.legend").inner_text()


@pytest.mark.parametrize(("name", "outputs"), [("blobs", 3), ("discs", 3)])
def test_every_output_is_drawn_as_its_own_map(studio: Any, name: str, outputs: int) -> None:
    open_studio(studio, {"dataset": {"name": name, "samples": 90}, "layers": [{"units": 6}]})
    studio.page.select_option(MODE, "all_outputs")
    studio.wait_until("state.displayModule && state.displayMode === 'all_outputs'")
    studio.wait_until_drawn()
    image = studio.pixels(".boundary-map").astype(int)
    size = image.shape[0]
    side, left, top = (size - 40 - 6) / 2, 30, 8
    side = min(side, (size - 34 - 40) / 2)
    values = np.array(boundary(studio)["values"])
    spread = []
    for k in range(outputs):
        x, y = left + (k % 2) * (side + 6), top + (k // 2) * (side + 20) + 16
        cell = image[round(y + 3) : round(y + side - 3), round(x + 3) : round(x + side - 3), :3]
        tone = cell[..., 0] - cell[..., 2]
        expected = values[k][::-1]
        rows, columns = (np.linspace(4, n - 5, 12).astype(int) for n in cell.shape[:2])
        expected_samples = expected[
            np.ix_(np.linspace(4, 95, 12).astype(int), np.linspace(4, 95, 12).astype(int))
        ]
        drawn_samples = tone[np.ix_(rows, columns)]
        if expected_samples.std() > 0.02:
            spread.append(np.corrcoef(drawn_samples.ravel(), expected_samples.ravel())[0, 1])
    assert spread and min(spread) > 0.8


def test_any_two_inputs_can_span_the_plane_with_the_others_fixed(studio: Any) -> None:
    open_studio(studio, {"dataset": {"name": "iris"}, "layers": [{"units": 5}]})
    assert "principal" in studio.state("state['view:decision_boundary'].axes.join()")
    studio.page.get_by_role("button", name="Plane", exact=True).click()
    studio.page.select_option("select[aria-label='Plane']", "two")
    studio.wait_until("state['view:decision_boundary'].axes[0].startsWith('sepal length')")
    studio.page.select_option("select[aria-label='y-axis']", "petal width (cm)")
    fixed_value = studio.page.locator(".plane-fixed input.number").last
    fixed_value.fill("6.5")
    fixed_value.press("Enter")
    studio.wait_until("state['view:decision_boundary'].held['petal length (cm)'] === 6.5")
    studio.wait_until_drawn()
    axes, name = ["sepal length (cm)", "petal width (cm)"], "petal length (cm)"
    query = {"axes": json.dumps(axes), "held": json.dumps({name: 6.5})}
    view = boundary(studio, **{key: value.replace(" ", "%20") for key, value in query.items()})
    assert view["axes"] == studio.state("state['view:decision_boundary'].axes") == axes
    shown = studio.page.evaluate(
        "() => Array.from(window.__perceptarium.state['view:decision_boundary'].values)"
    )
    assert np.array(shown) == pytest.approx(np.ravel(view["values"]), abs=1e-5)
    assert "petal length (cm) 6.5" in studio.page.locator(".plot-note").inner_text()
    studio.press("Escape")
    studio.page.select_option("select[aria-label='Data set (restarts)']", "wine")
    studio.wait_until(
        "state.run.config.dataset.name === 'wine' && state['view:decision_boundary'].run === state.run.id"
    )
    assert "principal" in studio.state("state['view:decision_boundary'].axes.join()")
