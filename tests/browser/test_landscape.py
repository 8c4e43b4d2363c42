"""The Landscape panel: the loss over one weight and over planes, with the numbers of its view."""

from typing import Any

import numpy as np
import pytest

from app.web.texts import text

CONFIG = {"dataset": {"name": "circle"}, "layers": [{"units": 3}], "optimizer": {"learning_rate": 0.05}}
KIND = f"select[aria-label='{text('panel.loss_landscape.kind.choice')}']"
CANVAS = ".landscape-map"


def weight_field(name: str) -> str:
    """The select of layer, unit or source of the first weight."""
    label = f"{text('panel.loss_landscape.first_weight')}: {text(f'panel.loss_landscape.{name}')}"
    return f"select[aria-label='{label}']"


def open_landscape(studio: Any, kind: str = "weight") -> Any:
    studio.open(config=CONFIG)
    studio.train_epoch()
    studio.train_epoch()
    studio.page.click("#tab-loss_landscape")
    studio.wait_until("counters.draws.loss_landscape")
    studio.page.select_option(KIND, kind)
    studio.wait_until(
        "state['view:loss_landscape']?.landscape === argument"
        " && state['view:loss_landscape'].step === state.run.step",
        kind,
    )
    studio.wait_until_drawn()
    return studio


def answer(studio: Any, options: str) -> Any:
    return studio.server.call("GET", f"/api/runs/{studio.run_id}/views/loss_landscape?{options}")


def curve_of(studio: Any) -> Any:
    frame = "state['view:loss_landscape']"
    return studio.state(
        f"({{ values: [...{frame}.values], loss: [...{frame}.loss], present: {frame}.present }})"
    )


def test_the_landscape_of_one_weight_is_the_loss_over_that_weight(studio: Any) -> None:
    open_landscape(studio)
    view = answer(studio, "kind=weight")
    shown = curve_of(studio)
    assert shown["loss"] == pytest.approx(view["loss"], rel=1e-4)
    assert shown["present"]["value"] == pytest.approx(view["present"]["value"])
    description = studio.page.locator(CANVAS).get_attribute("aria-label")
    assert "output, unit 1, from 1" in description
    studio.page.select_option(weight_field("layer"), "0")
    studio.page.select_option(weight_field("unit"), "2")
    studio.page.select_option(weight_field("source"), "-1")
    matches = "(({ layer, unit, text }) => layer === 0 && unit === 2 && text.includes('bias'))"
    studio.wait_until(f"{matches}(state['view:loss_landscape'].weight)")
    view = answer(studio, "kind=weight&layer=0&unit=2&source=-1")
    assert curve_of(studio)["loss"] == pytest.approx(view["loss"], rel=1e-4)


@pytest.mark.parametrize("kind", ["weights", "random", "path"])
def test_a_plane_is_darkest_where_the_loss_is_lowest(studio: Any, kind: str) -> None:
    open_landscape(studio, kind)
    frame = "state['view:loss_landscape']"
    loss = np.array(studio.state(f"[...{frame}.loss]"))
    rows, columns = studio.state(f"[{frame}.y.length, {frame}.x.length]")
    loss = loss.reshape(rows, columns)[::-1]
    image = studio.pixels(CANVAS)
    area = image[8 : image.shape[0] - 30, 46 : image.shape[1] - 92, :3].astype(float)
    assert area.size
    indices = range(2, rows - 2, 6)
    bright = [
        area[int((i + 0.5) * len(area) / rows), int((j + 0.5) * area.shape[1] / columns)].sum()
        for i in indices
        for j in indices
    ]
    values = [loss[i, j] for i in indices for j in indices]
    ranks = [np.argsort(np.argsort(numbers)) for numbers in (bright, values)]
    assert np.corrcoef(*ranks)[0, 1] > 0.8


def test_other_random_directions_change_the_plane(studio: Any) -> None:
    open_landscape(studio, "random")
    before = studio.pixels(CANVAS)
    studio.page.get_by_role("button", name=text("panel.loss_landscape.other")).click()
    studio.wait_until("state['view:loss_landscape'].seed === 1")
    studio.wait_until_drawn()
    assert (studio.pixels(CANVAS) != before).any()


def test_the_plane_can_be_shown_as_a_surface(studio: Any) -> None:
    studio.expected_messages += ["GPU stall", "willReadFrequently"]  # software drawing of 3-D says so
    open_landscape(studio, "random")
    studio.wait_until("state.plotly")
    studio.page.get_by_role("button", name=text("panel.loss_landscape.surface")).click()
    studio.page.wait_for_function(
        "() => document.querySelector('.landscape-surface').data?.[0].type === 'surface'"
    )
    frame = "state['view:loss_landscape']"
    lowest = studio.state(f"Math.min(...{frame}.loss)")
    path = studio.page.evaluate("document.querySelector('.landscape-surface').data[1]")
    assert path["mode"] == "lines" and len(path["x"]) >= 3 and path["z"][-1] is not None
    drawn = studio.page.evaluate("Math.min(...document.querySelector('.landscape-surface').data[0].z.flat())")
    assert drawn == pytest.approx(lowest)
