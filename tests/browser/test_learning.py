"""A new user presses Train and sees the network learn; every picture is held against other calculations."""

import json
import math
from typing import Any

import numpy as np
import pytest

from engine.catalogue import catalogue

LEFT, RIGHT, TOP, BOTTOM = 30, 10, 8, 26  # the margins of the large picture, in pixels
BLUE, ORANGE = (0, 114, 178), (213, 94, 0)


def place(image: np.ndarray, x: float, y: float) -> tuple[int, int]:
    """Row and column of a point of the plane on the large picture."""
    size = len(image)
    width, height = size - LEFT - RIGHT, size - TOP - BOTTOM
    return round(TOP + height * (6 - y) / 12), round(LEFT + width * (x + 6) / 12)


def inside(image: np.ndarray) -> np.ndarray:
    """The picture without its axes."""
    return image[TOP + 2 : -BOTTOM - 2, LEFT + 2 : -RIGHT - 2]


def test_the_first_visit_shows_a_network_its_data_and_a_picture_without_training(studio: Any) -> None:
    studio.open()
    assert studio.run()["status"] == "paused"
    assert studio.run()["step"] == 0
    assert studio.page.locator("#train").inner_text() == "Train"
    assert studio.page.locator(".thumbnail").count() >= 8
    assert "Press Train" in studio.page.locator("#panel-curves .empty-note").inner_text()


def test_every_training_point_lies_where_its_coordinates_say_in_the_colour_of_its_class(studio: Any) -> None:
    studio.open()
    points = studio.server.call("GET", f"/api/runs/{studio.run_id}/points")["train"]
    inputs, targets = np.array(points["inputs"]), points["targets"]
    # Points that another one covers are left to it.
    alone = [i for i in range(len(inputs)) if np.sort(np.abs(inputs - inputs[i]).max(axis=1))[1] > 0.22]
    assert len(alone) > 20
    right = 0
    image = studio.picture(".boundary-points")
    for i in alone:
        colour = image[place(image, *inputs[i])].tolist()
        right += math.dist(colour[:3], BLUE if targets[i] == 0 else ORANGE) < 60 and colour[3] == 255
    assert right >= 0.9 * len(alone)


def test_test_points_can_be_hidden_and_shown(studio: Any) -> None:
    studio.open()
    with_test = studio.picture(".boundary-points")
    studio.page.get_by_role("button", name="Test points").click()
    studio.drawn()
    without = studio.picture(".boundary-points")
    assert (without[..., 3] > 0).sum() < (with_test[..., 3] > 0).sum()
    studio.page.get_by_role("button", name="Test points").click()
    studio.drawn()
    assert np.array_equal(studio.picture(".boundary-points"), with_test)


def test_the_colours_of_the_boundary_are_what_the_network_predicts(studio: Any) -> None:
    studio.open()
    for _ in range(4):
        studio.epoch()
    studio.drawn()
    grid = [[x, y] for x in np.linspace(-5, 5, 12) for y in np.linspace(-5, 5, 12)]
    answer = studio.server.call("POST", f"/api/runs/{studio.run_id}/predict", {"inputs": grid})
    outputs = np.array(answer["outputs"]).ravel()
    sure = [i for i in range(len(grid)) if abs(outputs[i] - 0.5) > 0.15]
    assert len(sure) > 30
    image = studio.picture(".boundary-map")
    for i in sure:
        red, _, blue, _ = image[place(image, *grid[i])].tolist()
        assert (red > blue) == (outputs[i] > 0.5), (grid[i], outputs[i], red, blue)


def test_train_moves_the_boundary_the_curves_and_the_histograms(studio: Any) -> None:
    studio.open()
    before = studio.picture(".boundary-map"), studio.picture(".layers-canvas")
    studio.page.click("#train")
    studio.wait(
        "state.run.status === 'running' && state.run.step > 300 && state.history.columns.step.length > 10"
    )
    assert studio.page.locator("#train").inner_text() == "Pause"
    studio.page.click("#train")
    studio.wait("state.run.status === 'paused'")
    studio.drawn()
    after = studio.picture(".boundary-map"), studio.picture(".layers-canvas")
    assert (inside(before[0]) != inside(after[0])).any(axis=-1).mean() > 0.5
    assert (before[1] != after[1]).any(axis=-1).mean() > 0.02
    assert studio.state("state.history.columns.train_loss.at(-1) < state.history.columns.train_loss[0]")
    assert studio.page.locator('[data-counter="step"] dd').inner_text() == f"{studio.run()['step']:,}"


def test_the_curves_are_the_history_point_for_point(studio: Any) -> None:
    studio.open()
    studio.page.click("#train")
    studio.wait("state.history.columns.step.length > 15 && state.plotly")
    studio.page.click("#train")
    studio.wait("state.run.status === 'paused'")
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.wait("state.history.columns.step.length >= argument", len(history["step"]))
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
    assert [trace["name"] for trace in traces] == ["train", "test"]
    assert traces[0]["x"] == history["step"]
    assert traces[0]["y"] == history["train_loss"]
    assert traces[1]["y"] == history["test_loss"]


def test_metrics_have_a_curve_of_their_own(studio: Any) -> None:
    studio.open()
    studio.epoch()
    studio.epoch()
    studio.wait("state.plotly")
    studio.page.select_option("select[aria-label='Curve shown']", "accuracy")
    history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
    studio.page.wait_for_function(
        "y => JSON.stringify(document.querySelector('.curves-plot').data?.[0]?.y) === y",
        arg=json.dumps(history["metrics"]["train_accuracy"], separators=(",", ":")),
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


def test_the_histograms_are_those_of_the_values_computed_by_hand(studio: Any) -> None:
    studio.open()
    studio.epoch()
    studio.epoch()
    studio.drawn()
    base = f"/api/runs/{studio.run_id}"
    weights, points = (
        studio.server.call("GET", f"{base}/weights"),
        studio.server.call("GET", f"{base}/points"),
    )
    studio.wait("state['view:activation_histograms'].step === argument", weights["step"])
    counts = "Object.fromEntries(['preactivations', 'activations'].map((name) => [name, plain(layer[name])]))"
    plain = "const plain = (held) => ({ ...held, counts: [...held.counts] });"
    shown = studio.page.evaluate(
        f"() => {{ {plain} return __perceptarium.state['view:activation_histograms'].layers"
        f".map((layer) => {counts}); }}"
    )
    expected = forward(weights, points["test"]["inputs"])
    assert len(shown) == len(expected) == 3
    for layer, (z, a) in zip(shown, expected, strict=True):
        for held, values in ((layer["preactivations"], z), (layer["activations"], a)):
            assert held["low"] == pytest.approx(values.min(), rel=1e-3, abs=1e-4)
            assert held["high"] == pytest.approx(values.max(), rel=1e-3, abs=1e-4)
            counts = np.histogram(values, bins=len(held["counts"]), range=(held["low"], held["high"]))[0]
            assert sum(held["counts"]) == values.size
            # In float32 a value on the border of two bins may fall into the other one.
            assert np.abs(counts - held["counts"]).sum() <= 0.02 * values.size + 4


def test_a_bar_of_the_strip_is_as_tall_as_its_count(studio: Any) -> None:
    studio.open()
    studio.epoch()
    studio.drawn()
    counts = np.array(
        studio.state("[...state['view:activation_histograms'].layers[0].preactivations.counts]")
    )
    whole = studio.picture(".layers-canvas")
    pitch, tall = whole.shape[1] / 4, round((whole.shape[0] - 3 * 16 - 6) / 2)
    image = whole[2 : 2 + tall, round(pitch + 8) : round(2 * pitch - 8)]
    background = image[0, 0, :3].astype(int)
    column = [int((i + 0.45) * (pitch - 16) / len(counts)) for i in range(len(counts))]
    painted = np.array(
        [(np.abs(image[:, x, :3].astype(int) - background).sum(axis=1) > 60).sum() for x in column]
    )
    # The curve of the activation crosses some bars: compare where it does not, by rank.
    assert np.corrcoef(painted, counts)[0, 1] > 0.85


@pytest.mark.parametrize("name", [set_["name"] for set_ in catalogue()["datasets"]])
def test_every_data_set_is_drawn_and_learns(desk: Any, name: str) -> None:
    config = {
        "dataset": {"name": name},
        "layers": [{"units": 6}],
        "epochs": 100000,
        "optimizer": {"learning_rate": 0.02},
    }
    desk.open(config=config)
    assert desk.run()["config"]["dataset"]["name"] == name
    before = inside(desk.picture(".boundary-map"))
    for _ in range(3):
        desk.epoch()
    desk.drawn()
    assert (inside(desk.picture(".boundary-map")) != before).any()
    assert desk.page.locator(".boundary-map").get_attribute("aria-label")
