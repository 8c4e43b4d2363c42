"""A denoising autoencoder on the page: chosen as a problem, with its own panels."""

from math import floor
from typing import Any

import pytest

from app.web.texts import text

SMALL: dict[str, Any] = {
    "paradigm": "autoencoder",
    "dataset": {"name": "light_curves", "samples": 120, "test_fraction": 0.3},
    "layers": [{"units": 12}, {"units": 3}, {"units": 12}],
    "batch_size": 16,
}


def tabs(studio: Any) -> list[str]:
    return [tab.inner_text() for tab in studio.page.locator(".tab:visible").all()]


def select_problem(studio: Any, task: str) -> None:
    studio.page.select_option("select[aria-label^='Problem']", task)


def test_selecting_a_problem_changes_paradigm_form_and_panels(studio: Any) -> None:
    studio.open()
    assert "Results" in tabs(studio)
    assert "Reconstruction" not in tabs(studio)
    select_problem(studio, "reconstruction")
    studio.wait_until("state['view:reconstruction'] && state.run.config.paradigm === 'autoencoder'")
    studio.wait_until(
        "document.querySelector('[data-field=\"corruption.noise\"]')".replace("document", "window.document")
    )
    assert {"Reconstruction", "Bottleneck"} <= set(tabs(studio))
    assert "Results" not in tabs(studio)
    assert not studio.page.locator("#panel-decision_boundary").is_visible()
    select_problem(studio, "binary")
    studio.wait_until("state.run.config.paradigm === 'supervised' && state['view:decision_boundary']")
    studio.page.wait_for_selector("#panel-decision_boundary", state="visible")
    studio.page.wait_for_selector("[data-field='corruption.noise']", state="detached")
    assert "Bottleneck" not in tabs(studio)


def test_the_table_shows_the_numbers_of_the_view(studio: Any) -> None:
    studio.open(config=SMALL)
    studio.wait_until("state['view:reconstruction']")
    for _ in range(3):
        studio.train_epoch()
    studio.wait_until("state['view:reconstruction'].step === state.run.step && state.run.step > 0")
    studio.wait_until_drawn()
    view = studio.server.call("GET", f"/api/runs/{studio.run_id}/views/reconstruction")
    for method in ("before", "moving average", "Savitzky-Golay", "after"):
        cells = studio.page.locator(f"#panel-reconstruction tr[data-method='{method}'] td").all_inner_texts()
        shown = [float(cell.split()[0].replace("−", "-")) for cell in cells]
        assert shown == pytest.approx([view["snr"][part][method] for part in ("train", "test")], rel=6e-3)
    best = studio.page.locator("#panel-reconstruction td[data-best]")
    assert best.count() == 1


def test_buttons_show_the_next_and_the_previous_rows(studio: Any) -> None:
    studio.open(config=SMALL)
    studio.wait_until("state['view:reconstruction']")
    rows = "[...state['view:reconstruction'].rows.test.clean]"
    first = studio.state(rows)
    studio.page.get_by_label(text("panel.reconstruction.next")).click()
    studio.wait_until("state['view:reconstruction'].rows.test.first === 3")
    assert studio.state(rows) != first
    studio.page.get_by_label(text("panel.reconstruction.previous")).click()
    studio.wait_until("state['view:reconstruction'].rows.test.first === 0")
    assert studio.state(rows) == first


def test_the_codes_of_three_units_are_drawn_without_projection(studio: Any) -> None:
    studio.open(config=SMALL)
    studio.wait_until("state['view:reconstruction']")
    studio.page.click("#tab-bottleneck")
    studio.wait_until("counters.draws.bottleneck && state['view:bottleneck']")
    studio.wait_until_drawn()
    line = studio.page.locator("#panel-bottleneck .panel-line").inner_text()
    assert line == f"{text('panel.bottleneck.units', count=3)}; test part, 36 points"
    assert "RR Lyrae" in studio.page.locator(".bottleneck-key").inner_text()
    purity = studio.state("state['view:bottleneck'].purity")
    shares = {name: f"{floor(100 * share + 0.5)}%" for name, share in purity.items()}
    shown = studio.page.locator(".bottleneck-purity").inner_text()
    assert shown == text("panel.bottleneck.purity", count=10, **shares)
    label = studio.page.locator(".bottleneck-canvas").get_attribute("aria-label")
    assert label == text("panel.bottleneck.description", count=36, axes="unit 1, unit 2, unit 3")


def test_the_trace_of_a_row_shortens_long_lists_of_numbers(studio: Any) -> None:
    studio.open(config=SMALL)
    studio.wait_until("state['view:reconstruction']")
    studio.page.click("#tab-sample_trace")
    prefix = text("panel.sample_trace.inputs.target", target="")[:-1]
    target = studio.page.locator("#panel-sample_trace p").filter(has_text=prefix).first
    target.wait_for()
    shortened = text("panel.sample_trace.more", values="", count=56)
    assert target.inner_text().split(prefix)[1].endswith(f"{shortened}.")


def test_the_gallery_shows_a_reconstructed_row(studio: Any) -> None:
    config = {**SMALL, "name": "Stars", "start": False}
    run = studio.server.call("POST", "/api/runs", config)
    studio.page.goto(f"{studio.server.url}/runs")
    card = studio.page.locator(f".run-card:has(a[href='/runs/{run['id']}'])")
    card.locator("canvas").wait_for()
    studio.until(lambda: studio.pixels(f".run-card a[href='/runs/{run['id']}'] canvas").any())
    assert "Stars" in card.inner_text()
    studio.server.call("DELETE", f"/api/runs/{run['id']}")


def test_the_list_of_data_sets_ends_with_a_complete_row(make_studio: Any) -> None:
    studio = make_studio().open(config=SMALL)
    for width, height in ((1440, 900), (1280, 720), (1920, 1080)):
        studio.page.set_viewport_size({"width": width, "height": height})
        studio.wait_until("state.layoutSize.startsWith(`${argument}`)", width)
        studio.page.evaluate(
            """() => {
              const sets = document.querySelector(".thumbnails");
              while (sets.children.length < 14) sets.append(sets.lastChild.cloneNode(true));
            }"""
        )
        bottom, bottoms = studio.page.evaluate(
            """() => {
              const bottomOf = (element) => element.getBoundingClientRect().bottom;
              const grid = document.querySelector(".thumbnail-grid");
              return [bottomOf(grid), [...grid.querySelectorAll(".thumbnail")].map(bottomOf)];
            }"""
        )
        assert 0 <= bottom - max(each for each in bottoms if each <= bottom) < 5
        assert not any(bottom < each < bottom + 50 for each in bottoms)
        assert studio.page.locator(".form-body").evaluate("(body) => body.scrollHeight <= body.clientHeight")


def test_only_data_with_several_inputs_are_offered_and_the_set_of_an_older_run_stays(studio: Any) -> None:
    planar = {**SMALL, "dataset": {"name": "spiral", "samples": 60}, "layers": [{"units": 2}]}
    names = {"light_curves", "iris", "wine", "breast_cancer", "digits", "swimming"}
    for config, expected in ((SMALL, names), (planar, names | {"spiral"})):
        studio.open(config=config)
        thumbnails, bar = studio.page.evaluate(
            """() => ["data-name", "value"].map((attribute) => [...document.querySelectorAll(
              { "data-name": ".thumbnail", value: "[aria-label^='Data set'] option" }[attribute]
            )].map((element) => element.getAttribute(attribute)))"""
        )
        assert set(thumbnails) >= expected and set(bar) >= expected
        assert set(thumbnails) == set(bar)
        assert "spiral_arms" not in bar and ("spiral" in bar) == (config is planar)
