"""Training on the page: panels show the data of the run, checked by independent calculations."""

import json
import math
from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue

LEFT, RIGHT, TOP, BOTTOM = 30, 10, 8, 26  # margins of the output map in pixels
BLUE, ORANGE = (0, 114, 178), (213, 94, 0)


def pixel_at(image: np.ndarray, x: float, y: float) -> tuple[int, int]:
    """Row and column of a point of the input plane in the output map."""
    size = len(image)
    width, height = size - LEFT - RIGHT, size - TOP - BOTTOM
    return round(TOP + height * (6 - y) / 12), round(LEFT + width * (x + 6) / 12)


def plot_area(image: np.ndarray) -> np.ndarray:
    """The image without its axes."""
    return image[TOP + 2 : -BOTTOM - 2, LEFT + 2 : -RIGHT - 2]


def test_the_first_visit_shows_a_run_that_is_not_trained_yet(studio: Any) -> None:
    studio.open()
    assert studio.run()["status"] == "paused"
    assert studio.run()["step"] == 0
    assert studio.run()["config"]["epochs"] == 10**8  # it does not end by itself while one looks
    assert studio.page.locator("#train").inner_text() == "Train"
    assert studio.page.locator(".thumbnail").count() >= 8
    assert "Press Train" in studio.page.locator("#panel-curves .empty-note p").inner_text()
    studio.page.locator("#panel-curves .empty-note button").click()
    studio.wait_until("state.run.status === 'running' && state.history.columns.step.length")
    studio.page.locator("#panel-curves .empty-note").wait_for(state="hidden")


def test_training_points_are_drawn_at_their_coordinates_in_the_colour_of_their_class(studio: Any) -> None:
    studio.open()
    points = studio.server.call("GET", f"/api/runs/{studio.run_id}/points")
    inputs, targets = np.array(points["train"]["inputs"]), points["train"]["targets"]
    drawn = np.concatenate([inputs, points["test"]["inputs"]])
    # Points that overlap another one are not checked.
    separate = [i for i in range(len(inputs)) if np.sort(np.abs(drawn - inputs[i]).max(axis=1))[1] > 0.22]
    assert len(separate) > 20
    correct = 0
    image = studio.pixels(".boundary-points")
    for i in separate:
        colour = image[pixel_at(image, *inputs[i])].tolist()
        correct += math.dist(colour[:3], BLUE if targets[i] == 0 else ORANGE) < 60 and colour[3] == 255
    assert correct >= 0.9 * len(separate)


def test_test_points_can_be_hidden_and_shown(studio: Any) -> None:
    studio.open()
    with_test = studio.pixels(".boundary-points")
    studio.page.get_by_role("button", name="Test points").click()
    studio.wait_until_drawn()
    without = studio.pixels(".boundary-points")
    assert (without[..., 3] > 0).sum() < (with_test[..., 3] > 0).sum()
    studio.page.get_by_role("button", name="Test points").click()
    studio.wait_until_drawn()
    assert np.array_equal(studio.pixels(".boundary-points"), with_test)


def test_the_colours_of_the_output_map_are_those_of_the_predictions(studio: Any) -> None:
    studio.open()
    for _ in range(4):
        studio.train_epoch()
    studio.wait_until_drawn()
    grid = [[x, y] for x in np.linspace(-5, 5, 12) for y in np.linspace(-5, 5, 12)]
    answer = studio.server.call("POST", f"/api/runs/{studio.run_id}/predict", {"inputs": grid})
    outputs = np.array(answer["outputs"]).ravel()
    indices = [i for i in range(len(grid)) if abs(outputs[i] - 0.5) > 0.15]
    assert len(indices) > 30
    image = studio.pixels(".boundary-map")
    for i in indices:
        red, _, blue, _ = image[pixel_at(image, *grid[i])].tolist()
        assert (red > blue) == (outputs[i] > 0.5), (grid[i], outputs[i], red, blue)


def test_training_changes_the_boundary_the_curves_and_the_histograms(studio: Any) -> None:
    studio.open()
    before = studio.pixels(".boundary-map"), studio.pixels(".layers-canvas")
    studio.page.click("#train")
    studio.wait_until(
        "state.run.status === 'running' && state.run.step > 300 && state.history.columns.step.length > 10"
    )
    assert studio.page.locator("#train").inner_text() == "Pause"
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused'")
    studio.wait_until_drawn()
    after = studio.pixels(".boundary-map"), studio.pixels(".layers-canvas")
    assert (plot_area(before[0]) != plot_area(after[0])).any(axis=-1).mean() > 0.5
    assert (before[1] != after[1]).any(axis=-1).mean() > 0.02
    assert studio.state("state.history.columns.train_loss.at(-1) < state.history.columns.train_loss[0]")
    assert studio.page.locator('[data-counter="step"] dd').inner_text() == f"{studio.run()['step']:,}"


def test_the_curves_show_every_point_of_the_history(studio: Any) -> None:
    studio.open()
    studio.page.click("#train")
    studio.wait_until("state.history.columns.step.length > 15 && state.plotly")
    studio.page.click("#train")
    studio.wait_until("state.run.status === 'paused'")
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.wait_until("state.history.columns.step.length >= argument", len(history["step"]))
    columns = studio.state("state.history.columns")
    for name in ("step", "epoch", "train_loss", "validation_loss", "test_loss", "penalty"):
        assert columns[name] == history[name], name
    assert studio.state("state.history.metrics") == history["metrics"]
    studio.page.wait_for_function(
        "n => document.querySelector('.curves-plot').data?.[0]?.x.length === n", arg=len(history["step"])
    )
    traces = studio.page.evaluate(
        "document.querySelector('.curves-plot').data.map(({ name, x, y }) => ({ name, x, y }))"
    )
    assert [trace["name"] for trace in traces] == ["train", "test", "Test accuracy"]
    assert traces[0]["x"] == history["step"]
    assert traces[0]["y"] == history["train_loss"]
    assert traces[1]["y"] == history["test_loss"]
    # The score has an axis of its own at the right, with its name and per cent.
    assert traces[2]["y"] == history["metrics"]["test_accuracy"]
    assert studio.page.locator(".curves-plot .y2title").text_content() == "Test accuracy"
    ticks = studio.page.locator(".curves-plot .y2tick text").all_text_contents()
    assert ticks[0] == "0%" and ticks[-1] == "100%"
    without_score = "() => document.querySelector('.curves-plot').data.length === 2"
    studio.page.select_option("select[aria-label='Curve shown']", "accuracy")
    studio.page.wait_for_function(without_score)  # no second axis beside another curve than the loss


def test_a_metric_has_its_own_curve(studio: Any) -> None:
    studio.open()
    studio.train_epoch()
    studio.train_epoch()
    studio.wait_until("state.plotly")
    studio.page.select_option("select[aria-label='Curve shown']", "accuracy")
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.page.wait_for_function(
        "y => JSON.stringify(document.querySelector('.curves-plot').data?.[0]?.y) === y",
        arg=json.dumps(history["metrics"]["train_accuracy"], separators=(",", ":")),
    )
    titles = studio.page.locator("select[aria-label='Curve shown'] option").all_text_contents()
    # Of two classes these three count one, which they name.
    assert {f"{name} (first arm)" for name in ("Precision", "Recall", "F1")} | {"Loss", "Accuracy"} <= set(
        titles
    )


ACTIVATIONS = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}


def forward(weights: dict[str, Any], inputs: list[list[float]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pre-activations and activations of every layer, one sample and one unit at a time."""
    preparation = weights["preprocessing"]
    rows = [
        [(value - m) / s for value, m, s in zip(row, preparation["mean"], preparation["scale"], strict=True)]
        for row in inputs
    ]
    layers = []
    for layer in weights["layers"]:
        matrix, biases = layer["weights"], layer["biases"]
        z = np.array(
            [
                [sum(row[i] * matrix[i][j] for i in range(len(row))) + biases[j] for j in range(len(biases))]
                for row in rows
            ]
        )
        a = ACTIVATIONS[layer["activation"]](z)
        layers.append((z, a))
        rows = a.tolist()
    return layers


def test_the_histograms_are_those_of_an_independent_forward_pass(studio: Any) -> None:
    studio.open()
    studio.train_epoch()
    studio.train_epoch()
    studio.wait_until_drawn()
    base = f"/api/runs/{studio.run_id}"
    weights, points = (
        studio.server.call("GET", f"{base}/weights"),
        studio.server.call("GET", f"{base}/points"),
    )
    studio.wait_until("state['view:activation_histograms'].step === argument", weights["step"])
    counts = (
        "Object.fromEntries(['preactivations', 'activations'].map((name) => [name, copied(layer[name])]))"
    )
    copied = "const copied = (histogram) => ({ ...histogram, counts: [...histogram.counts] });"
    shown = studio.page.evaluate(
        f"() => {{ {copied} return __perceptarium.state['view:activation_histograms'].layers"
        f".map((layer) => {counts}); }}"
    )
    expected = forward(weights, points["test"]["inputs"])
    assert len(shown) == len(expected) == 3
    for layer, (z, a) in zip(shown, expected, strict=True):
        for histogram, values in ((layer["preactivations"], z), (layer["activations"], a)):
            assert histogram["low"] == pytest.approx(values.min(), rel=1e-3, abs=1e-4)
            assert histogram["high"] == pytest.approx(values.max(), rel=1e-3, abs=1e-4)
            counts = np.histogram(
                values, bins=len(histogram["counts"]), range=(histogram["low"], histogram["high"])
            )[0]
            assert sum(histogram["counts"]) == values.size
            # In float32 a value on the border of two bins may fall into the other one.
            assert np.abs(counts - histogram["counts"]).sum() <= 0.02 * values.size + 4


def test_the_height_of_a_histogram_bar_increases_with_its_count(studio: Any) -> None:
    studio.open()
    studio.train_epoch()
    studio.wait_until_drawn()
    counts = np.array(
        studio.state("[...state['view:activation_histograms'].layers[0].preactivations.counts]")
    )
    strip = studio.pixels(".layers-canvas")
    column_width, bar_area_height = strip.shape[1] / 4, round((strip.shape[0] - 3 * 16 - 6) / 2)
    image = strip[2 : 2 + bar_area_height, round(column_width + 8) : round(2 * column_width - 8)]
    background = image[0, 0, :3].astype(int)
    columns = [int((i + 0.45) * (column_width - 16) / len(counts)) for i in range(len(counts))]
    heights = np.array(
        [(np.abs(image[:, x, :3].astype(int) - background).sum(axis=1) > 60).sum() for x in columns]
    )
    # The curve of the activation crosses some bars: compare where it does not, by rank.
    assert np.corrcoef(heights, counts)[0, 1] > 0.85


@pytest.mark.parametrize("name", [entry["name"] for entry in catalogue()["datasets"]])
def test_every_data_set_is_drawn_and_learns(shared_studio: Any, name: str) -> None:
    config = {
        "dataset": {"name": name},
        "layers": [{"units": 6}],
        "epochs": 100000,
        "optimizer": {"learning_rate": 0.02},
    }
    shared_studio.open(config=config)
    assert shared_studio.run()["config"]["dataset"]["name"] == name
    before = plot_area(shared_studio.pixels(".boundary-map"))
    for _ in range(3):
        shared_studio.train_epoch()
    shared_studio.wait_until_drawn()
    assert (plot_area(shared_studio.pixels(".boundary-map")) != before).any()
    assert shared_studio.page.locator(".boundary-map").get_attribute("aria-label")


def test_the_axis_is_logarithmic_where_a_curve_fell_to_a_small_part_of_its_maximum(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "blobs"}, "layers": [{"units": 6}]})
    log = studio.page.locator("#panel-curves .panel-tools .chip")
    studio.train_epoch()
    studio.wait_until_drawn()
    assert log.get_attribute("aria-pressed") == "false"
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 1500})
    studio.wait_until("state.run.step > 1500 && state.history.columns.step.at(-1) > 1400")
    losses = studio.state("state.history.columns.train_loss")
    assert max(losses) > 20 * losses[-1]
    studio.page.wait_for_selector("#panel-curves .panel-tools .chip[aria-pressed=true]")
    log.click()
    studio.page.wait_for_selector("#panel-curves .panel-tools .chip[aria-pressed=false]")
