"""The sections of the page of an experiment that show numbers: curves, results and fields."""

import re
from typing import Any

import pytest

from app.web.texts import texts

text = texts().text
CONFIG = {"dataset": {"name": "gauss", "samples": 40}, "layers": [{"units": 2}]}


def number(value: float) -> str:
    """Three significant digits, as the page has it for numbers from 0.0001 to 1000."""
    return f"{float(f'{value:.3g}'):g}"


def test_the_curves_and_results_of_the_groups_are_drawn_with_their_numbers(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    vary = {"optimizer.learning_rate": [1e-6, 0.05], "seed": {"count": 4}}
    experiment = create_experiment(CONFIG, vary, True, steps=60)
    curves, results = page.locator(".experiment-curves"), page.locator(".experiment-results")
    read = server.call("GET", f"/api/experiments/{experiment}/curves")
    summary = server.call("GET", f"/api/experiments/{experiment}/summary")
    names = ["1e-6", "0.05"]
    for name, group, statistics in zip(names, read["groups"], summary["groups"], strict=True):
        assert group["median"][-1] == pytest.approx(statistics["median"])
        curves.get_by_role("button", name=f"{name}: {number(statistics['median'])} ").wait_for()
        results.get_by_role("row", name=f"{name} 4 0 {number(statistics['median'])} ").wait_for()
    beats = text("experiment.results.beats", first="0.05", second="1e-6", share=100, low=100, high=100)
    results.get_by_text(beats).wait_for()
    for canvas in (curves.locator("canvas"), results.locator("canvas")):
        assert "N = 4" in (canvas.get_attribute("aria-label") or "")
    curves.get_by_role("button", name="1e-6: ").click()
    assert curves.get_by_role("button", name="1e-6: ").get_attribute("aria-pressed") == "false"
    best = max(summary["members"], key=lambda member: member["value"])["value"]
    results.get_by_label(text("experiment.results.goal")).fill(str(best))
    results.get_by_label(text("experiment.results.goal")).press("Tab")
    results.get_by_role("cell", name=text("experiment.results.of", count=4, of=4)).first.wait_for()
    with page.expect_download() as saved:
        results.get_by_role("button", name=text("experiment.save_csv")).click()
    lines = saved.value.path().read_text().splitlines()
    assert len(lines) == 1 + 8 + 2 and "interquartile_mean" in lines[0]


def test_two_fields_have_a_heat_map_and_the_table_sorts_and_compares_with_a_baseline(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    vary = {"optimizer.learning_rate": [0.001, 0.05], "batch_size": [4, 16], "seed": {"count": 2}}
    experiment = create_experiment(CONFIG, vary, True, steps=40)
    fields = page.locator(".experiment-fields")
    members = server.call("GET", f"/api/experiments/{experiment}")["members"]
    losses = [member["latest"]["test_loss"] for member in members]
    # In the order of the members the seed changes fastest, then the batch size.
    medians = [number(sum(losses[first : first + 2]) / 2) for first in (0, 4, 2, 6)]
    for median in medians:
        fields.locator(".heat-map td span", has_text=re.compile(f"^{median}$")).first.wait_for()
    assert fields.locator(".heat-map td span").all_inner_texts() == medians
    table = fields.locator(".fields-table")
    shown = table.locator("tbody tr td:nth-child(6)")
    assert shown.all_inner_texts() == [number(loss) for loss in sorted(losses)]
    table.get_by_role("button", name=text("experiment.metric.test_loss")).click()
    assert shown.all_inner_texts() == [number(loss) for loss in sorted(losses, reverse=True)]
    table.get_by_role("radio").first.check()
    differences = table.locator("tbody tr td:nth-child(7)").all_inner_texts()
    assert differences[0] == "0" and differences[-1] == number(min(losses) - max(losses))
    with page.expect_download() as saved:
        fields.get_by_role("button", name=text("experiment.save_csv")).click()
    lines = saved.value.path().read_text().splitlines()
    assert len(lines) == 1 + 8 and lines[0].endswith("test_loss,difference")


def test_the_axis_is_logarithmic_where_one_run_would_flatten_the_others_until_another_one_is_chosen(
    studio: Any, create_experiment: Any
) -> None:
    config = CONFIG | {"optimizer": {"name": "sgd"}}
    create_experiment(config, {"optimizer.learning_rate": [0.01, 0.02, 1000]}, True, steps=40)
    curves = studio.page.locator(".experiment-curves")
    logarithmic = text("experiment.log_axis", metric=text("experiment.metric.test_loss"))
    curves.get_by_role("img", name=logarithmic).wait_for()
    curves.get_by_label(text("experiment.scale")).select_option("linear")
    curves.get_by_role("img", name=logarithmic).wait_for(state="detached")


@pytest.mark.parametrize(
    ("ends", "is_log"),
    [
        (
            [0.0002, 0.002, 0.01, 0.02, 0.1, 0.1, 0.2, 0.2],
            True,
        ),  # a quarter below a twentieth of 0.2
        ([0.0002, 0.02, 0.05, 0.05, 0.1, 0.1, 0.2, 0.2], False),
        ([0.1, 3], True),
        ([0.0, 0.1, 3], False),
        ([], False),
    ],
)
def test_an_axis_is_logarithmic_where_a_linear_one_shows_a_quarter_of_the_runs_as_one_line(
    shared_studio: Any, ends: list[float], is_log: bool
) -> None:
    shared_studio.open()
    found = shared_studio.page.evaluate(
        """async (curves) => {
          const main = document.querySelector('script[src$="/studio/boot.js"]').src;
          const { needsLog } = await import(main.replace("studio/boot.js", "panels/shared/log-axis.js"));
          return needsLog(curves);
        }""",
        [[value] for value in ends],
    )
    assert found == is_log


def test_the_numbers_of_a_section_are_copied_which_the_page_says(studio: Any, create_experiment: Any) -> None:
    studio.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    create_experiment(CONFIG, {"seed": {"count": 2}}, True, steps=5)
    results = studio.page.locator(".experiment-results")
    results.locator(".plot-table").wait_for()
    results.get_by_role("button", name=text("experiment.copy")).click()
    results.get_by_text(text("experiment.copied")).wait_for()
    lines = studio.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(lines) == 1 + 2 + 1 and lines[0].startswith("seed\trun\ttest_loss")


def test_groups_that_differ_in_one_field_are_shown_under_its_name(
    studio: Any, create_experiment: Any
) -> None:
    create_experiment(CONFIG, {"batch_size": [2, 8], "seed": {"count": 2}}, True, steps=20)
    page = studio.page
    page.locator(".experiment-curves").get_by_text("Batch size", exact=True).wait_for()
    results = page.locator(".experiment-results")
    results.get_by_role("columnheader", name="Batch size", exact=True).wait_for()
    results.get_by_role(
        "heading", name=text("experiment.results.comparisons_of", fields="Batch size")
    ).wait_for()


@pytest.mark.parametrize("count", [2, 8])
def test_intervals_of_few_runs_are_said_to_be_too_narrow(
    studio: Any, create_experiment: Any, count: int
) -> None:
    create_experiment(CONFIG, {"seed": {"count": count}}, True, steps=5)
    note = studio.page.locator(".experiment-results .plot-note").first
    note.get_by_text(text("experiment.results.explain")).wait_for()
    assert (text("experiment.results.few") in note.inner_text()) == (count < 8)


@pytest.mark.parametrize("sizes", [[16, 32], [2, 4, 8, 16, 32]], ids=len)
def test_groups_of_several_fields_are_named_by_their_values_alone(
    studio: Any, create_experiment: Any, sizes: list[int]
) -> None:
    layers = [[{"units": 3}], [{"units": 2, "activation": "relu"}]]
    create_experiment(CONFIG, {"batch_size": sizes, "layers": layers}, True, steps=5)
    curves = studio.page.locator(".experiment-curves")
    curves.get_by_text("Batch size · Hidden layers", exact=True).wait_for()
    curves.get_by_role("button", name="16 · 3 tanh: ").wait_for()
    curves.get_by_role("button", name="32 · 2 relu: ").wait_for()
    studio.page.locator(".wall-card", has_text="Hidden layers 2 relu").first.wait_for()


def test_parallel_coordinates_choose_runs_by_a_drag_by_numbers_and_by_the_best(
    studio: Any, create_experiment: Any
) -> None:
    page, server = studio.page, studio.server
    layers = [[{"units": 2}], [{"units": 3, "activation": "relu"}]]
    vary = {"optimizer.learning_rate": [0.001, 0.01, 0.1], "batch_size": [4, 8], "layers": layers}
    experiment = create_experiment(CONFIG, vary, True, steps=20)
    fields = page.locator(".experiment-fields")
    canvas = fields.locator(".parallel-plot canvas")
    fields.get_by_role("img", name="12 of 12 runs").wait_for()
    page.locator(".experiment-results .plot-table").wait_for()  # what is above it has its height
    # The axis of the learning rate is the first one, at 58 pixels: a drag from its middle to its end.
    canvas.hover(position={"x": 58, "y": 250})
    page.mouse.down()
    canvas.hover(position={"x": 58, "y": 338})
    page.mouse.up()
    rows = fields.locator(".fields-table tbody tr")
    assert rows.count() == 4
    assert {row.split("\t")[0] for row in rows.all_inner_texts()} == {"0.001"}
    canvas.click(position={"x": 58, "y": 170})
    assert rows.count() == 12
    fields.get_by_text(text("experiment.parallel.ranges")).click()
    fields.get_by_label("Hidden layers", exact=True).select_option("3 relu")
    fields.get_by_label(text("experiment.parallel.to", name="Batch size")).fill("5")
    fields.get_by_label(text("experiment.parallel.to", name="Batch size")).press("Tab")
    assert rows.count() == 3
    fields.get_by_label(text("experiment.parallel.best")).fill("1")
    fields.get_by_label(text("experiment.parallel.best")).press("Tab")
    fields.get_by_text(text("experiment.parallel.chosen", count=1, total=12)).wait_for()
    members = server.call("GET", f"/api/experiments/{experiment}")["members"]
    relu = [each for each in members if each["values"]["layers"][0]["units"] == 3]
    best = min(each["latest"]["test_loss"] for each in relu if each["values"]["batch_size"] == 4)
    assert rows.all_inner_texts()[0].split("\t")[5] == number(best)
    fields.get_by_role("button", name=text("experiment.parallel.clear")).click()
    assert rows.count() == 12
