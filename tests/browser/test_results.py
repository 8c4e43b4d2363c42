"""The Results panel: every number is that of its view; a worst point leads to its trace."""

import csv
import io
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.web.texts import text

CONFIG = {"dataset": {"name": "iris"}, "layers": [{"units": 4}], "optimizer": {"learning_rate": 0.02}}


def labelled(element: str, key: str) -> str:
    """The selector of a control whose label is the text of a key."""
    return f"{element}[aria-label='{text(key)}']"


PAGE = labelled("select", "panel.results.page_choice")


def open_results(studio: Any, config: dict[str, Any] | None = None, page: str | None = None) -> Any:
    studio.open(config=config or CONFIG)
    studio.train_epoch()
    studio.train_epoch()
    studio.page.click("#tab-results")
    studio.wait_until("state['view:results']?.step === state.run.step && counters.draws.results")
    studio.wait_until_drawn()
    if page:
        studio.page.select_option(PAGE, page)
        studio.wait_until_drawn()
    return studio


def three_digits(value: float) -> str:
    """Three significant digits, as the page writes them."""
    text = f"{float(f'{value:.3g}'):g}"
    return text if text != "1" or value == 1 else f"{value:.5f}".rstrip("0")


def answer(studio: Any, options: str = "") -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/results?{options}")


def test_the_confusion_matrix_is_that_of_the_view(studio: Any) -> None:
    open_results(studio)
    cells = studio.page.locator(".confusion tbody td").all_inner_texts()
    counts = np.array([int(cell.replace(",", "")) for cell in cells]).reshape(3, 3)
    assert counts.tolist() == answer(studio)["confusion"]["counts"]
    names = studio.page.locator(".confusion thead th").all_inner_texts()
    assert names == answer(studio)["classes"]
    saved = list(csv.DictReader(io.StringIO(studio.save("results", "Save data (CSV)").decode())))
    assert [int(row["count"]) for row in saved] == counts.ravel().tolist()
    assert [(row["true"], row["predicted"]) for row in saved] == list(product(names, names))
    assert studio.page.locator(".metrics").inner_text().startswith("test part, 45 points · Accuracy")
    studio.page.select_option(labelled("select", "panel.results.part_choice"), "train")
    studio.wait_until("state['view:results'].part === 'train'")
    studio.wait_until_drawn()
    assert studio.page.locator(".metrics").inner_text().startswith("training part, 105 points · Accuracy")
    cells = studio.page.locator(".confusion tbody td").all_inner_texts()
    assert sum(int(cell) for cell in cells) == answer(studio, "part=train")["samples"]


def test_the_classes_table_is_that_of_the_view(studio: Any) -> None:
    open_results(studio, page="classes")
    rows = studio.page.locator("#panel-results tbody tr")
    for index, row in enumerate(answer(studio)["per_class"]):
        cells = rows.nth(index).locator("td")
        names = ("precision", "recall", "f1", "support", "predicted")
        shown = [cells.nth(i).get_attribute("title") for i in range(5)]
        for cell, name in zip(shown, names, strict=True):
            assert cell == "none" if row[name] is None else float(cell) == pytest.approx(row[name], rel=1e-4)


def test_the_threshold_changes_the_confusion_matrix(studio: Any) -> None:
    open_results(studio, {"dataset": {"name": "circle"}, "layers": [{"units": 4}]})
    studio.page.locator(labelled("input", "panel.results.threshold.title")).fill("0.8")
    studio.wait_until("Math.abs(state['view:results'].threshold - 0.8) < 1e-9")
    studio.wait_until_drawn()
    view = answer(studio, "threshold=0.8")
    cells = studio.page.locator(".confusion tbody td").all_inner_texts()
    assert [int(cell) for cell in cells] == np.ravel(view["confusion"]["counts"]).tolist()
    studio.page.get_by_role("button", name=text("panel.results.threshold.reset")).click()
    studio.wait_until("state['view:results'].threshold === 0.5")


def test_curves_show_their_areas_and_errors(studio: Any) -> None:
    open_results(studio, page="roc")
    view = answer(studio)
    legend = studio.page.locator(".chart-legend").inner_text()
    for curve in view["roc"]:
        assert f"{curve['label']}: {three_digits(curve['auc'])}" in legend
    image = studio.pixels(".chart canvas")
    assert (image[..., 3] > 0).mean() > 0.02
    studio.page.select_option(PAGE, "calibration")
    studio.wait_until_drawn()
    error = view["calibration"][0]["expected_calibration_error"]
    assert three_digits(error) in studio.page.locator(".chart-legend").inner_text()


def test_curves_of_two_classes_name_the_positive_one(studio: Any) -> None:
    open_results(studio, {"dataset": {"name": "breast_cancer"}, "layers": []}, "roc")
    for page in ("roc", "sweep"):
        studio.page.select_option(PAGE, page)
        studio.wait_until_drawn()
        assert "positive class: malignant" in studio.page.locator(f".chart.{page} .chart-legend").inner_text()


@pytest.mark.parametrize("page", ["roc", "sweep", "calibration"])
def test_the_legend_stands_beside_the_plot_and_the_matrix_has_columns_of_equal_width(
    studio: Any, page: str
) -> None:
    open_results(studio, {"dataset": {"name": "discs", "samples": 90}, "layers": [{"units": 3}]}, page)
    plot = studio.page.locator(".results-content .chart canvas").bounding_box()
    legend = studio.page.locator(".results-content .chart-legend").bounding_box()
    assert plot["x"] + plot["width"] <= legend["x"] + 1
    studio.page.select_option(PAGE, "confusion")
    studio.wait_until_drawn()
    cells = studio.page.locator(".confusion").first.locator("tbody td").all()
    widths = [cell.bounding_box()["width"] for cell in cells]
    assert max(widths) - min(widths) < 1


def test_a_worst_point_leads_to_its_trace(studio: Any) -> None:
    open_results(studio, page="worst")
    worst = answer(studio)["worst"][0]
    button = studio.page.locator("#panel-results tbody button").first
    assert button.inner_text() == f"point {worst['index']}"
    saved = next(csv.DictReader(io.StringIO(studio.save("results", "Save data (CSV)").decode())))
    assert (int(saved["index"]), saved["target"]) == (worst["index"], worst["target"])
    outputs = [float(saved[f"output {k}"]) for k in range(3)]
    assert outputs == pytest.approx(worst["outputs"], rel=1e-5)
    button.click()
    studio.wait_until("state['view:sample_trace']")
    assert studio.state("state['view:sample_trace'].index") == worst["index"]
    assert studio.state("state['view:sample_trace'].part") == "test"
    assert studio.state("state['view:sample_trace'].loss.value") == pytest.approx(worst["loss"], rel=1e-4)


def test_regression_has_residuals_and_no_confusion(studio: Any) -> None:
    open_results(studio, {"dataset": {"name": "sine"}, "layers": [{"units": 4}]})
    pages = studio.page.locator(f"{PAGE} option").all_inner_texts()
    assert pages == ["Residuals", "Worst points", "One point"]
    residual = answer(studio)["residuals"][0]
    legend = studio.page.locator(".chart-legend").inner_text()
    assert three_digits(residual["spread"]) in legend


def test_one_point_shows_the_probability_of_every_class(studio: Any) -> None:
    open_results(studio, page="sample")
    studio.page.get_by_label(text("panel.shared.point_index")).fill("7")
    studio.press("Enter")
    studio.wait_until("state['view:results'].sample.index === 7")
    studio.wait_until_drawn()
    sample = answer(studio, "index=7")["sample"]
    cells = studio.page.locator(".output-values td:nth-child(3)").all_inner_texts()
    assert cells == [three_digits(entry["value"]) for entry in sample["outputs"]]
    assert sum(entry["value"] for entry in sample["outputs"]) == pytest.approx(1, abs=1e-5)
    widths = [entry.bounding_box()["width"] for entry in studio.page.locator(".output-bar i").all()]
    assert int(np.argmax(widths)) == int(np.argmax([entry["value"] for entry in sample["outputs"]]))
    studio.page.get_by_role("button", name="Trace", exact=True).click()
    studio.wait_until("state['view:sample_trace']?.part === 'test' && state['view:sample_trace'].index === 7")


def test_every_label_has_its_own_threshold(studio: Any) -> None:
    open_results(studio, {"dataset": {"name": "discs"}, "layers": [{"units": 4}]})
    studio.page.select_option(labelled("select", "panel.results.threshold.label"), "1")
    studio.page.get_by_label(text("panel.results.threshold.title"), exact=True).fill("0.2")
    studio.wait_until("state['view:results'].thresholds[1] === 0.2")
    studio.wait_until_drawn()
    labels = len(answer(studio)["classes"])
    thresholds = ",".join("0.2" if index == 1 else "0.5" for index in range(labels))
    cells = studio.page.locator(".confusion tbody td").all_inner_texts()
    expected = answer(studio, f"thresholds={thresholds}")["confusion_labels"]
    assert [int(cell) for cell in cells] == np.ravel([entry["counts"] for entry in expected]).tolist()


def test_every_label_has_its_own_confusion_matrix(studio: Any) -> None:
    open_results(studio, {"dataset": {"name": "discs"}, "layers": [{"units": 4}]})
    view = answer(studio)["confusion_labels"]
    assert studio.page.locator(".confusion caption").all_inner_texts() == [entry["label"] for entry in view]
    cells = studio.page.locator(".confusion tbody td").all_inner_texts()
    assert [int(cell) for cell in cells] == np.ravel([entry["counts"] for entry in view]).tolist()


@pytest.mark.parametrize("page", ["confusion", "classes", "worst", "sample"])
def test_tables_are_saved_as_images(studio: Any, page: str) -> None:
    open_results(studio, page=page)
    content = studio.page.locator("#panel-results .results-content")
    content.evaluate("(element) => { element.scrollTop = 40; }")
    image = studio.save_image("results")
    content.evaluate("(element) => { element.scrollTop = 0; }")
    assert studio.drawn_fraction(image, "results", "table") > 0.02
    assert studio.drawn_fraction(image, "results", ".metrics") > 0.02
    # To the last row, also of those that have to be scrolled to.
    assert studio.drawn_fraction(image, "results", "tbody tr:last-child td") > 0.02
    if page != "confusion":
        return
    # Each cell has its colour where its letters leave room.
    panel_box = studio.page.locator("#panel-results").bounding_box()
    for cell in studio.page.locator(".confusion tbody td").all():
        box = cell.bounding_box()
        row, column = round(2 * (box["y"] + 5 - panel_box["y"])), round(2 * (box["x"] + 5 - panel_box["x"]))
        colour = cell.evaluate("(element) => getComputedStyle(element).backgroundColor")
        shown = "rgb({}, {}, {})".format(*image[row, column, :3])
        assert shown == colour


def test_classes_are_shown_in_the_order_of_the_data_set(studio: Any) -> None:
    config = {"dataset": {"name": "breast_cancer", "test_fraction": 0.5}, "layers": [{"units": 4}]}
    open_results(studio, config, "confusion")
    frame = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/results")
    assert frame["confusion"]["labels"] == ["malignant", "benign"]
    table = studio.page.locator("table.confusion")
    assert table.locator("thead th").all_inner_texts() == ["benign", "malignant"]
    assert table.locator("tbody th").all_inner_texts() == ["benign", "malignant"]
    shown = [int(text.replace(",", "")) for text in table.locator("tbody td").all_inner_texts()]
    (malignant, missed), (alarms, benign) = frame["confusion"]["counts"]
    assert shown == [benign, alarms, missed, malignant]
    marks = studio.page.locator(".colour-marks > span").all_inner_texts()
    assert (marks[0].strip(), marks[2].strip()) == ("benign (1)", "malignant (0)")
    said = text("panel.results.positive", name="malignant")
    assert said in studio.page.inner_text("#panel-results .metrics")
