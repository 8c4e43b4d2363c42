"""Points: shape and colour of their class, a mark for their part of the data, and the same in the legend."""

from itertools import combinations
from typing import Any

import numpy as np

from app.web.texts import text

COLOURS_OF_CLASSES = [(0, 114, 178), (213, 94, 0)]
GLYPHS = """async () => {
  const { glyph } = await __probe.importModule("panels/shared/shapes");
  const image = (index, part) => glyph(index, part, "rgb(255,255,255)").toDataURL();
  return Array.from({ length: 10 }, (_, index) => image(index, "train"));
}"""
COLOURS = """async () => {
  const { CLASSES, diverging } = await __probe.importModule("core/colours");
  return [CLASSES, [0, 0.25, 0.75, 1].map(diverging)];
}"""
LEGEND = """async () => {
  const { glyph } = await __probe.importModule("panels/shared/shapes");
  const { NEUTRAL, css } = await __probe.importModule("core/colours");
  const expected = [
    glyph(0, "train"), glyph(1, "train"), glyph(0, "train", css(NEUTRAL)), glyph(0, "test", css(NEUTRAL)),
  ];
  const shown = [...document.querySelectorAll("#panel-decision_boundary .legend .glyph")];
  return [shown, expected].map((list) => list.map((canvas) => canvas.toDataURL()));
}"""
CENTRES = """() => {
  const { points } = window.__perceptarium.state;
  const canvas = document.querySelector(".boundary-points");
  const [left, top, width, height] = [30, 8, canvas.clientWidth - 40, canvas.clientHeight - 34];
  const [x, y] = ["x", "y"].map((axis) => window.__perceptarium.state["view:decision_boundary"][axis]);
  const place = (part) => ([a, b], i) => ({
    part, target: points[part].targets[i],
    x: left + (width * (a - x[0])) / (x[1] - x[0]), y: top + height - (height * (b - y[0])) / (y[1] - y[0]),
  });
  return ["train", "test"].flatMap((part) => points[part].inputs.map(place(part)));
}"""


def alone(point: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    """Whether no other point is drawn over this one."""
    return all(
        other is point or np.hypot(other["x"] - point["x"], other["y"] - point["y"]) > 12 for other in others
    )


def test_ten_classes_have_ten_shapes_also_in_the_pictures_of_the_data_sets(studio: Any) -> None:
    studio.open()
    images = studio.page.evaluate(GLYPHS)
    assert len(set(images)) == 10
    # In 104 pixels: a square of class 1 around (94, 10) and a circle of class 0 around (10, 94).
    corners = """() => {
      const copy = new OffscreenCanvas(104, 104).getContext("2d", { willReadFrequently: true });
      copy.drawImage(document.querySelector(".thumbnail[data-name='gate_and'] canvas"), 0, 0);
      const isDrawn = (x, y) => copy.getImageData(x, y, 1, 1).data[3] > 0;
      return isDrawn(94, 10) && [isDrawn(86, 2), isDrawn(2, 86)];
    }"""
    assert studio.page.wait_for_function(corners).json_value() == [True, False]


def test_no_colour_of_a_class_is_near_a_colour_of_a_sign(studio: Any) -> None:
    studio.open()
    classes, signs = studio.page.evaluate(COLOURS)
    for name in classes:
        for sign in signs:
            assert np.linalg.norm(np.subtract(name, sign)) > 50, (name, sign)
    for first, second in combinations(classes, 2):
        assert np.linalg.norm(np.subtract(first, second)) > 50, (first, second)


def test_a_test_point_has_a_dark_cross_inside_and_a_training_point_has_none(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "moons", "samples": 60}})
    points = studio.page.evaluate(CENTRES)
    image = studio.pixels(".boundary-points").astype(int)
    checked = {"train": 0, "test": 0}
    for point in filter(lambda point: alone(point, points), points):
        row, column = round(point["y"]), round(point["x"])
        inside = image[row - 1 : row + 2, column - 1 : column + 2]
        assert (inside[..., 3] == 255).all()
        brightness = inside[..., :3].sum(axis=-1).min() / sum(COLOURS_OF_CLASSES[point["target"]])
        assert (brightness < 0.75) == (point["part"] == "test"), (point, brightness)
        checked[point["part"]] += 1
    assert min(checked.values()) > 3


def test_the_legend_shows_the_glyphs_of_the_points_and_the_names_of_the_classes(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "moons"}})
    studio.wait_until_drawn()
    shown, expected = studio.page.evaluate(LEGEND)
    assert shown == expected
    legend = studio.page.locator("#panel-decision_boundary .legend").inner_text()
    names = studio.state("state.points.classes")
    for value, name in enumerate(names):
        assert text("panel.shared.legend.class", name=name, value=value) in legend
