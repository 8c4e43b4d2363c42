"""The page that compares runs: curves, pictures at equal steps, differences, and distances of the weights."""

import csv
from typing import Any

import numpy as np

from app.web.texts import texts
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import violations_in_both_themes

text = texts().text
DATA = {"name": "gauss", "samples": 40}


def create(server: Any, name: str, steps: int, **config: Any) -> str:
    body = {"name": name, "dataset": DATA, "layers": [{"units": 2}], "epochs": 1_000_000_000, "start": False}
    run = str(server.call("POST", "/api/runs", body | config)["id"])
    if steps:
        server.train(run, steps)
    return run


def test_runs_selected_in_the_gallery_are_compared(studio: Any) -> None:
    page, server = studio.page, studio.server
    runs = [create(server, f"chosen {seed}", 2, seed=seed) for seed in range(2)]
    page.goto(f"{server.url}/runs")
    compare = page.get_by_role("link", name=text("gallery.compare"), exact=True)
    page.get_by_label(text("gallery.select", title="chosen 1")).check()
    assert compare.get_attribute("aria-disabled") == "true" and compare.get_attribute("href") is None
    page.get_by_label(text("gallery.select", title="chosen 0")).check()
    compare.click()
    page.locator(".compare-run").nth(1).wait_for()
    assert page.url.endswith(f"/compare?runs={runs[1]},{runs[0]}")


def open_comparison(studio: Any, runs: list[str]) -> None:
    studio.page.goto(f"{studio.server.url}/compare?runs={','.join(runs)}")
    studio.page.locator(".compare-section-weights tbody tr").first.wait_for()


def test_the_differences_of_two_runs_fit_a_phone(make_studio: Any) -> None:
    studio = make_studio(PHONE, has_touch=True)
    names = ("Breast cancer, 8-4", "Spiral, 8-8")
    open_comparison(studio, [create(studio.server, name, 2, layers=[{"units": len(name)}]) for name in names])
    scrolls = "(box) => box.scrollWidth > box.clientWidth + 1"
    assert not studio.page.locator(".compare-section-differences .compare-scroll").evaluate(scrolls)
    assert studio.page.evaluate("__probe.smallControls(44)") == []


def row(page: Any, section: str, label: str) -> list[str]:
    """The cells of the row with this heading."""
    rows = page.locator(f".compare-section-{section} tr")
    found = rows.filter(has=page.get_by_role("rowheader", name=label, exact=True))
    return list(found.first.locator("td").all_inner_texts())


def pictures_at(page: Any, steps: list[int]) -> None:
    """Waits until the pictures show these steps."""
    page.wait_for_function(
        "(steps) => [...document.querySelectorAll('.compare-map canvas')].map(({ dataset }) => dataset.step)"
        ".join() === steps.join()",
        arg=steps,
    )


def test_runs_are_compared_by_curves_pictures_differences_and_weights(studio: Any) -> None:
    page, server = studio.page, studio.server
    rates = {"slow": 0.003, "quick": 0.03, "wide": 0.03}
    runs = [
        create(server, name, steps, optimizer={"learning_rate": rates[name]}, layers=[{"units": units}])
        for name, steps, units in (("slow", 20, 2), ("quick", 12, 2), ("wide", 6, 3))
    ]
    open_comparison(studio, runs)
    pictures_at(page, [20, 12, 6])
    slider = page.get_by_label(text("compare.maps.step"))
    slider.fill("8")
    pictures_at(page, [8, 8, 6])
    slider.press("ArrowLeft")
    pictures_at(page, [7, 7, 6])

    answer = server.call("GET", f"/api/runs/compare?runs={','.join(runs)}")
    assert row(page, "differences", "Learning rate") == ["0.003", "0.03", "0.03"]
    losses = [run["latest"]["test_loss"] for run in answer["runs"]]
    cells = row(page, "differences", "Loss, test")
    assert [round(float(cell.split()[0]), 2) for cell in cells] == [round(loss, 2) for loss in losses]
    assert ("★" in cells[1]) == (losses[1] < losses[0])
    page.locator(f"[data-baseline='{runs[1]}']").check()
    page.wait_for_function(
        "() => document.querySelectorAll('.compare-section-weights thead th')[1]?.innerText[0] === 'A'"
    )
    first, second = (server.call("GET", f"/api/runs/{run}/weights?step=7")["layers"][0] for run in runs[:2])
    difference = [np.ravel(first[name]) - np.ravel(second[name]) for name in ("weights", "biases")]
    norm = float(np.linalg.norm(np.concatenate(difference)))
    assert abs(float(row(page, "weights", "layer 1")[0].split()[0]) - norm) < 0.01 * norm
    assert row(page, "weights", "layer 1")[1] == text("compare.weights.shapes")

    chart = page.locator(".compare-chart canvas")
    assert "A, slow" in str(chart.get_attribute("aria-label"))
    page.get_by_label(text("compare.curves.scale.label")).select_option("log")
    page.get_by_label(text("compare.curves.x.label")).select_option("epoch")
    page.wait_for_function(
        "() => document.querySelector('.compare-chart canvas').ariaLabel.includes('by Epoch')"
    )
    assert violations_in_both_themes(page) == []
    contrasts = page.evaluate("__probe.textContrasts()")  # axe-core does not judge text with a shadow
    assert [(label, ratio) for label, ratio in contrasts if ratio < 4.5] == []
    with page.expect_download() as download:
        page.locator(".compare-section-curves").get_by_role("button", name=text("compare.save_csv")).click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "run,letter,step,epoch,seconds,test_loss"
    assert len(lines) == 1 + sum(len(server.call("GET", f"/api/runs/{run}/history")["step"]) for run in runs)


def test_pictures_follow_the_training_and_a_deleted_run_drops_out(studio: Any) -> None:
    page, server = studio.page, studio.server
    runs = [create(server, name, 3, seed=seed) for seed, name in enumerate(("first", "second", "third"))]
    studio.expected_messages.append("404")  # a picture of the deleted run may be on its way
    open_comparison(studio, runs)
    pictures_at(page, [3, 3, 3])
    for run in runs:
        server.train(run, 5)
    pictures_at(page, [8, 8, 8])
    server.call("DELETE", f"/api/runs/{runs[1]}")
    page.get_by_text(text("compare.deleted", run="second")).wait_for()
    page.wait_for_function("() => document.querySelectorAll('.compare-map').length === 2")
    assert page.locator(".compare-run").count() == 2
    assert page.url.endswith(f"?runs={runs[0]},{runs[2]}")
    assert row(page, "differences", "Weight seed") == ["0", "2"]
    page.goto(f"{server.url}/compare?runs={runs[0]},{runs[1]},{runs[2]}")
    page.get_by_text(text("compare.missing", count=1)).wait_for()
    assert page.locator(".compare-run").count() == 2
    page.goto(f"{server.url}/compare")
    page.get_by_text(text("compare.too_few")).wait_for()


def test_the_curves_go_over_the_training_time_also_of_runs_that_train_on(studio: Any) -> None:
    page, server = studio.page, studio.server
    runs = [create(server, name, 20, seed=seed) for seed, name in enumerate(("first", "second"))]
    open_comparison(studio, runs)
    curves = page.locator(".compare-section-curves")
    page.get_by_label(text("compare.curves.x.label")).select_option("seconds")
    curves.get_by_text(text("experiment.curves.explain_seconds"), exact=True).wait_for()
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer) if "/api/runs/compare" in answer.url else None)
    server.train(runs[0], 30)
    seconds = seconds_of(server.call("GET", f"/api/runs/compare?runs={','.join(runs)}"))
    assert seconds == sorted(seconds) and seconds[0] == 0 < seconds[-1]
    studio.until(lambda: any(seconds_of(answer.json()) == seconds for answer in answers))

    def saved_seconds() -> list[float]:
        with page.expect_download() as download:
            curves.get_by_role("button", name=text("compare.save_csv")).click()
        rows = csv.DictReader(download.value.path().read_text().splitlines())
        return [float(row["seconds"] or "nan") for row in rows if row["letter"] == "A"]

    # Again if the page has not taken the answer yet; not often: browsers stop the eleventh download in a row.
    studio.until(lambda: saved_seconds() == seconds)


def seconds_of(answer: Any) -> list[float]:
    """The training times of the first run of a comparison."""
    return list(answer["history"]["runs"][0]["seconds"] or [])
