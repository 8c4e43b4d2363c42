"""The section of the page of an experiment that shows in which minima its runs are."""

import csv
from typing import Any

import pytest

from app.web.texts import texts

text = texts().text
CONFIG = {"dataset": {"name": "gauss", "samples": 40}, "layers": [{"units": 2}]}


def number(value: float) -> str:
    """Three significant digits, as the page has it for numbers from 0.0001 to 1000."""
    return f"{float(f'{value:.3g}'):g}"


def test_the_minima_are_named_and_their_distances_the_line_and_the_map_are_drawn(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    experiment = create_experiment(CONFIG, {"seed": {"count": 4}}, True, steps=60)
    address = f"/api/experiments/{experiment}"
    minima = page.locator(".experiment-minima")
    summary = server.call("GET", f"{address}/summary")
    found = [(len(each["members"]), number(each["loss"])) for each in summary["minima"]]
    for runs, loss in found:
        minima.get_by_text(text("experiment.minima.cluster", runs=runs, loss=loss)).wait_for()
        minima.get_by_role("row", name=f"{loss} {runs} ").wait_for()
    matrix, line, drawn = (minima.locator(".minima-part").nth(index) for index in range(3))
    ends = [select.input_value() for select in line.get_by_role("combobox").all()[:2]]
    between = server.call("GET", f"{address}/line?runs={','.join(ends)}")
    note = text(
        "experiment.minima.line_note",
        distance=number(between["distance"]),
        unaligned=number(between["unaligned_distance"]),
        samples=between["samples"],
    )
    line.get_by_text(note).wait_for()
    explained = sum(server.call("GET", f"{address}/map")["explained"])
    assert f"{round(explained * 100)}%" in (drawn.locator("canvas").get_attribute("aria-label") or "")
    with page.expect_download() as saved:
        matrix.get_by_role("button", name=text("experiment.save_csv")).click()
    rows = list(csv.DictReader(saved.value.path().read_text().splitlines()))
    distances = summary["distances"]
    index = {run: place for place, run in enumerate(distances["runs"])}
    expected = [distances["weights"][index[row["run_1"]]][index[row["run_2"]]] for row in rows]
    assert len(rows) == 6 and [float(row["distance"]) for row in rows] == pytest.approx(expected)
    # A click on a cell draws the line between its two runs.
    box = matrix.locator("canvas").bounding_box()
    assert box is not None
    matrix.locator("canvas").click(position={"x": box["width"] * 0.95, "y": box["height"] * 0.4})
    clicked = [select.input_value() for select in line.get_by_role("combobox").all()[:2]]
    pair = rows[4]  # the second and the fourth
    assert clicked == [pair["run_1"], pair["run_2"]]


def test_two_runs_have_a_line_and_no_map_and_the_page_says_so(studio: Any, create_experiment: Any) -> None:
    create_experiment(CONFIG, {"seed": {"count": 2}}, True, steps=20)
    minima = studio.page.locator(".experiment-minima")
    minima.get_by_text(text("experiment.minima.map_missing.too_few_ends")).wait_for()


def test_runs_of_different_shapes_have_no_distances_and_the_page_says_so(
    studio: Any, create_experiment: Any
) -> None:
    create_experiment(CONFIG, {"layers": [[{"units": 2}], [{"units": 3}]]}, True, steps=20)
    minima = studio.page.locator(".experiment-minima")
    minima.get_by_text(text("experiment.minima.none")).wait_for()
    assert not minima.locator(".minima-part").first.is_visible()
