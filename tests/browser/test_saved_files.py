"""Files that the menu of a panel saves."""

import base64
import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest


def test_the_menu_saves_the_data_of_a_panel(studio: Any) -> None:
    studio.open()
    studio.train_epoch()
    for file_format in ("JSON", "CSV"):
        studio.page.get_by_role("button", name="Learning: menu").click()
        with studio.page.expect_download() as download:
            studio.page.locator("#menu-panel-curves").get_by_role("button", name=file_format).click()
        text = Path(download.value.path()).read_text()
        history = studio.server.call("GET", f"/api/runs/{studio.run_id}/history")
        if file_format == "JSON":
            assert json.loads(text)["columns"]["train_loss"] == history["train_loss"]
        else:
            rows = list(csv.DictReader(io.StringIO(text)))
            assert [float(row["train_loss"]) for row in rows] == history["train_loss"]


def test_the_weights_are_saved_as_a_table(studio: Any) -> None:
    studio.open(config={"dataset": {"name": "circle"}, "layers": [{"units": 3}]})
    rows = list(csv.DictReader(io.StringIO(studio.save("network", "Save data (CSV)").decode())))
    layers = studio.server.call("GET", f"/api/runs/{studio.run_id}/weights?arrays=plain")["layers"]
    expected = []
    for index, layer in enumerate(layers):
        for source, line in enumerate([*layer["weights"], layer["biases"]]):
            name = str(source) if source < len(layer["weights"]) else "bias"
            expected += [(str(index), str(unit), name, value) for unit, value in enumerate(line)]
    assert [(row["layer"], row["unit"], row["source"]) for row in rows] == [
        parameter[:3] for parameter in expected
    ]
    assert [float(row["value"]) for row in rows] == pytest.approx(
        [parameter[3] for parameter in expected], rel=1e-6
    )


def test_records_lists_and_histograms_become_one_table(studio: Any) -> None:
    studio.open()
    table = studio.page.evaluate(
        """async () => {
          const { toCsv } = await __probe.importModule("panels/shared/csv");
          const grid = Object.assign(Float32Array.of(1, 2, 3, 4, 5, 6), { shape: [2, 3] });
          return toCsv({ id: "x", step: 7, layers: [
            { name: 'say "a, b"', step: null, values: { counts: Int32Array.of(8, 9), low: 0, high: 1 } },
            { name: "c", bend: true, grid, same: [[1, 0, NaN], [0, 1, 0]] },
          ] });
        }"""
    )
    heading, *rows = csv.reader(io.StringIO(table))
    assert heading[:4] == ["step", "layers", "name", "layers.step"]
    records = [{name: cell for name, cell in zip(heading, row, strict=True) if cell} for row in rows]
    first = {"step": "7", "layers": "0", "name": 'say "a, b"'}
    assert records[:2] == [
        first | {"index": "0", "values.low": "0", "values.high": "0.5", "values.counts": "8"},
        first | {"index": "1", "values.low": "0.5", "values.high": "1", "values.counts": "9"},
    ]
    assert [(row["index 1"], row["index 2"], row["grid"], row["same"]) for row in records[2:]] == [
        *(("0", "0", "1", "1"), ("0", "1", "2", "0"), ("0", "2", "3", "NaN")),
        *(("1", "0", "4", "0"), ("1", "1", "5", "1"), ("1", "2", "6", "0")),
    ]


def test_the_menu_saves_an_image_with_its_text_and_explains_the_panel(studio: Any) -> None:
    studio.open()
    image = studio.save_image("decision_boundary")
    for part in (".boundary-map", ".colour-ramp", ".colour-marks", ".point-key", ".panel-title"):
        assert studio.drawn_fraction(image, "decision_boundary", part) > 0.02, part
    ramp = studio.page.locator("#panel-decision_boundary .colour-ramp").bounding_box()
    panel_box = studio.page.locator("#panel-decision_boundary").bounding_box()
    row = image[round(2 * (ramp["y"] - panel_box["y"])) + 8]
    ends = [row[round(2 * (ramp["x"] - panel_box["x"] + at))].astype(int) for at in (6, ramp["width"] - 6)]
    (left_red, _, left_blue), (right_red, _, right_blue) = (colour[:3] for colour in ends)
    assert (
        left_red > left_blue + 60 and right_blue > right_red + 60
    )  # from orange to blue, as the names below it
    studio.page.get_by_role("button", name="Output: menu").click()
    studio.page.locator("#menu-panel-decision_boundary").get_by_role("button", name="What is this?").click()
    assert "Every pixel is an input" in studio.page.locator("dialog[open]").inner_text()


def test_the_saved_image_of_the_curves_has_the_background_of_the_page(make_studio: Any) -> None:
    studio = make_studio(new=True, color_scheme="dark").open()
    studio.train_epoch()
    studio.wait_until("state.plotly === 'drawn'")
    image = studio.save_image("curves")
    background = studio.page.evaluate(
        "getComputedStyle(document.querySelector('#panel-curves')).backgroundColor"
    )
    channels = [int(each) for each in re.findall(r"\d+", background)[:3]]
    assert image[0, 0].tolist() == [*channels, 255]


def test_a_saved_image_has_no_button_of_a_definition(studio: Any) -> None:
    studio.open()
    studio.page.mouse.move(0, 0)
    before = studio.save_image("network")
    studio.page.keyboard.press("Shift")  # loads the module, as any key does
    studio.page.locator("#panel-network .panel-title").hover()
    studio.page.locator("#panel-network .term-button").wait_for()
    studio.page.evaluate("document.querySelector('#panel-network .menu-button').click()")
    assert studio.page.locator("#panel-network .term-button").count() == 1
    with studio.page.expect_download() as download:
        studio.page.evaluate("document.querySelectorAll('#menu-panel-network .menu-item')[1].click()")
    after = studio.page.evaluate(
        "(encoded) => __probe.imagePixels(encoded)",
        base64.b64encode(Path(download.value.path()).read_bytes()).decode(),
    )
    pixels = np.frombuffer(base64.b64decode(after[2]), np.uint8).reshape(after[1], after[0], 4)
    assert (pixels[:100] == before[:100]).all()
