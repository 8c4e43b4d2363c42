"""The time line: every step of the attempt is shown again in all panels, while the training goes on."""

from typing import Any

import numpy as np
import pytest

from app.web.texts import texts

PHONE = {"width": 390, "height": 844}
PLAY = "state.timeline.play"
SHOWN = "state.shown?.step"


def trained(studio: Any, steps: int = 200, path: str = "/") -> Any:
    """The studio with a run that was trained for a number of steps and pauses, with the time line."""
    studio.open(path)
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": steps})
    studio.wait_until("state.run.step === argument", steps)
    return with_timeline(studio)


def with_timeline(studio: Any) -> Any:
    """Waits until the time line shows the newest step of a paused run, and its bar is drawn up to that step.

    While the newest step is followed the bar is drawn ten times a second: a click means what is drawn.
    """
    studio.wait_until("counters.draws.timeline && state.timeline.log.steps.at(-1) === state.run.step")
    drawn = "document.querySelector('.timeline-bar').getAttribute('aria-valuemax')"
    studio.wait_until(f"{drawn} === String(state.run.step)")
    return studio


def x_of(studio: Any, step: int) -> float:
    """The position of a step in the window, in pixels."""
    box = studio.page.locator(".timeline-bar").bounding_box()
    share = studio.page.evaluate(
        """async ([step, last]) => {
          const { timeScale } = await __probe.importModule("timeline/scale");
          return timeScale(last, 1000).x(step) / 1000;
        }""",
        [step, studio.state("state.run.step")],
    )
    return float(box["x"] + 12 + (box["width"] - 24) * share)


def click(studio: Any, step: int) -> None:
    """Clicks on the bar at a step."""
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.page.mouse.click(x_of(studio, step), box["y"] + box["height"] / 2)


def counter(studio: Any, name: str) -> str:
    return str(studio.page.inner_text(f"[data-counter={name}] dd"))


def position(studio: Any) -> str:
    return str(studio.page.inner_text(".timeline-position"))


def shown_steps(studio: Any) -> set[int]:
    """The steps of the views that the visible panels draw."""
    studio.wait_until_drawn()
    ids = "window.__perceptarium.watched"
    return set(studio.state(f"{ids}.map((id) => state[`view:${{id}}`].step)"))


def record_steps(studio: Any) -> None:
    """Records in the page's variable `seen` the steps to which the time line moves."""
    studio.page.evaluate(
        """() => {
          window.seen = [];
          const check = () => {
            const { step } = window.__perceptarium.state.timeline.play;
            if (window.seen.at(-1) !== step) window.seen.push(step);
            requestAnimationFrame(check);
          };
          check();
        }"""
    )


def test_a_click_on_the_bar_shows_that_step_in_every_panel(studio: Any) -> None:
    trained(studio)
    present = studio.pixels(".boundary-map")
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40")
    assert shown_steps(studio) == {40}
    assert counter(studio, "step") == "40"
    assert position(studio) == texts().text("timeline.position.paused", step=40, newest=200)
    assert (studio.pixels(".boundary-map") != present).any()


def test_the_counters_show_the_measured_values_of_the_shown_step(studio: Any) -> None:
    trained(studio)
    present = counter(studio, "train-loss")
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40")
    studio.wait_until_drawn()
    expected = studio.state(
        "state.history.columns.train_loss[state.history.columns.step.findLastIndex((s) => s <= 40)]"
    )
    assert float(counter(studio, "train-loss")) == pytest.approx(expected, abs=1e-3)
    assert counter(studio, "train-loss") != present
    assert counter(studio, "epoch") == str(studio.state("state['view:network'].epoch"))


def test_the_training_goes_on_and_the_shown_step_stays(studio: Any) -> None:
    trained(studio)
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40 && state['view:decision_boundary'].step === 40")
    studio.page.click("#train")
    studio.wait_until("state.run.step > 400")
    assert studio.state(SHOWN) == 40
    assert studio.state("state['view:decision_boundary'].step") == 40
    assert counter(studio, "step") == "40"


@pytest.mark.parametrize("way", ["button", "key"])
def test_only_follow_shows_the_newest_step_again(studio: Any, way: str) -> None:
    trained(studio)
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40")
    if way == "button":
        studio.page.get_by_role("button", name="Follow", exact=True).click()
    else:
        studio.press("End")
    studio.wait_until("state.shown === null")
    assert shown_steps(studio) == {200}
    assert position(studio) == texts().text("timeline.position.following", step=200)
    assert "in-history" not in (studio.page.get_attribute("html", "class") or "")


def test_dragging_shows_the_steps_below_the_pointer(studio: Any) -> None:
    trained(studio)
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.page.mouse.move(x_of(studio, 180), box["y"] + 20)
    studio.page.mouse.down()
    for step in (150, 100, 60):
        studio.page.mouse.move(x_of(studio, step), box["y"] + 20, steps=3)
        studio.wait_until(f"{SHOWN} === argument", step)
    studio.page.mouse.up()
    assert shown_steps(studio) == {60}


def test_keys_move_by_recorded_steps_and_to_the_first_one(studio: Any) -> None:
    trained(studio)
    recorded = studio.state("state.timeline.log.steps")
    click(studio, 40)
    for key, step in ((",", 39), (".", 40), (".", 41), ("Home", 0)):
        studio.press(key)
        assert studio.state(f"{PLAY}.step") == step
        assert step in recorded
    studio.wait_until(f"{SHOWN} === 0")


def test_bracket_keys_move_between_the_events(studio: Any) -> None:
    studio.open()
    for _ in range(2):
        studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 30})
        studio.server.call("PATCH", f"/api/runs/{studio.run_id}", {"optimizer": {"learning_rate": 0.01}})
        studio.server.call("PATCH", f"/api/runs/{studio.run_id}", {"optimizer": {"learning_rate": 0.02}})
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 30})
    studio.wait_until("state.run.step === 90 && state.timeline?.log.events.length >= 4")
    steps = [studio.press(key) or studio.state(f"{PLAY}.step") for key in ("[", "[", "]")]
    assert steps == [60, 30, 60]


def test_the_number_keys_set_the_speed_of_playing(studio: Any) -> None:
    trained(studio)
    for key, speed in (("1", 0.25), ("3", 1), ("9", 16)):
        studio.press(key)
        assert studio.state(f"{PLAY}.speed") == speed
        studio.wait_until("document.querySelector('.timeline-speed').value === argument", str(speed))
    assert studio.state("state.shown") is None


def test_a_key_typed_into_a_field_does_not_move_the_time_line(studio: Any) -> None:
    trained(studio)
    studio.number_field("optimizer.learning_rate").focus()
    for key in ("1", ".", "Home", "End"):
        studio.press(key)
    assert studio.state(PLAY) == {
        "mode": "following", "step": None, "speed": 1, "direction": 1, "loop": False, "part": None,
    }  # fmt: skip


def test_playing_passes_the_recorded_steps_and_pauses_at_the_last_one(studio: Any) -> None:
    trained(studio)
    click(studio, 40)
    studio.press("9")
    record_steps(studio)
    studio.page.locator(".timeline-play").click()
    studio.wait_until(f"{PLAY}.mode === 'paused' && {SHOWN} === 200")
    seen = studio.page.evaluate("seen")
    assert seen == sorted(seen)
    assert len(seen) > 5
    assert set(seen) <= set(studio.state("state.timeline.log.steps"))
    assert shown_steps(studio) == {200}


def test_playing_backwards_pauses_at_the_first_step(studio: Any) -> None:
    trained(studio)
    click(studio, 60)
    studio.press("9")
    studio.page.locator(".timeline-reverse").click()
    studio.page.locator(".timeline-play").click()
    studio.wait_until(f"{PLAY}.mode === 'paused' && {SHOWN} === 0")


def test_a_part_marked_with_shift_is_repeated(studio: Any) -> None:
    trained(studio)
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.page.keyboard.down("Shift")
    studio.page.mouse.move(x_of(studio, 20), box["y"] + 20)
    studio.page.mouse.down()
    studio.page.mouse.move(x_of(studio, 30), box["y"] + 20, steps=4)
    studio.page.mouse.up()
    studio.page.keyboard.up("Shift")
    assert studio.state(f"{PLAY}.part") == [20, 30]
    assert studio.state("state.shown") is None  # marking does not leave the present
    studio.press("9")
    studio.page.locator(".timeline-play").click()
    studio.wait_until(f"{PLAY}.mode === 'playing'")
    record_steps(studio)
    studio.page.wait_for_function("() => seen.filter((step, i) => step < seen[i - 1]).length >= 2")
    assert all(20 <= step <= 30 for step in studio.page.evaluate("seen"))
    assert studio.state(f"{PLAY}.mode") == "playing"


def test_a_click_on_the_learning_curves_shows_that_step(studio: Any) -> None:
    trained(studio)
    studio.wait_until("state.plotly === 'drawn' && counters.draws['curves-step']")
    studio.wait_until_drawn()
    area = studio.page.locator("#panel-curves .nsewdrag").bounding_box()
    studio.page.mouse.click(area["x"] + area["width"] * 0.3, area["y"] + area["height"] / 2)
    studio.wait_until("state.shown")
    assert studio.state(SHOWN) == pytest.approx(60, abs=3)
    studio.wait_until_drawn()
    line = studio.page.locator(".curves-step:not(.curves-a)").bounding_box()
    assert line["x"] == pytest.approx(area["x"] + area["width"] * 0.3, abs=4)


def test_the_address_says_the_step_and_opens_paused_there(studio: Any) -> None:
    trained(studio)
    path = f"/runs/{studio.run_id}"
    studio.open(path)
    with_timeline(studio)
    click(studio, 40)
    studio.page.wait_for_url(f"**{path}?step=40")
    studio.open(f"{path}?step=33")
    studio.wait_until(f"{SHOWN} === 33 && {PLAY}.mode === 'paused'")
    assert shown_steps(studio) == {33}
    studio.press("End")
    studio.page.wait_for_url(f"**{path}")


def test_an_address_with_a_step_beyond_the_newest_says_so_and_follows(studio: Any) -> None:
    trained(studio)
    path = f"/runs/{studio.run_id}"
    studio.open(f"{path}?step=900")
    studio.page.wait_for_selector("#notices:not([hidden])")
    assert studio.page.inner_text(".notice-text") == texts().text(
        "timeline.no_such_step", step=900, first=0, newest=200
    )
    assert studio.state("state.shown") is None
    studio.page.wait_for_url(f"**{path}")


@pytest.mark.parametrize("step", ["", "abc", "-1", "1.5", "5"])
def test_a_run_without_steps_says_that_it_has_no_step_of_the_address(studio: Any, step: str) -> None:
    run = studio.server.call("POST", "/api/runs", {"start": False})["id"]
    studio.open(f"/runs/{run}?step={step}")
    studio.page.wait_for_selector("#notices:not([hidden])")
    expected = texts().text("timeline.no_such_step", step=step, first=0, newest=0)
    assert studio.page.inner_text(".notice-text") == expected
    studio.page.wait_for_url(f"**/runs/{run}")
    assert studio.state("state.shown") is None


def test_the_progress_of_a_long_replay_is_shown(make_studio: Any) -> None:
    studio = make_studio({"width": 1920, "height": 900})  # a click also reaches steps beside recorded ones
    config = {"layers": [{"units": 512}] * 3, "batch_size": 256, "start": False}
    run = studio.server.call("POST", "/api/runs", config)["id"]
    studio.server.call("POST", f"/api/runs/{run}/step", {"unit": "step", "count": 200})
    recorded = studio.server.call("GET", f"/api/runs/{run}/checkpoints")["steps"]
    last, end = max(zip(recorded, recorded[1:], strict=False), key=lambda gap: gap[1] - gap[0])
    step = end - 2  # a click nearer to the recorded step would show that one
    studio.open(f"/runs/{run}")
    with_timeline(studio)
    studio.page.evaluate(
        """() => {
          const label = document.querySelector(".timeline-position");
          window.seen = [];
          new MutationObserver(() => seen.push(label.textContent)).observe(label, { childList: true });
        }"""
    )
    click(studio, step)
    studio.wait_until(f"{SHOWN} === argument && state['view:network'].step === argument", step)
    studio.wait_until_drawn()
    assert last < step
    assert any("computing" in text for text in studio.page.evaluate("seen"))
    assert position(studio) == texts().text("timeline.position.paused", step=step, newest=200)


def test_points_cannot_be_drawn_into_an_earlier_step(studio: Any) -> None:
    trained(studio)
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40")
    before = studio.run()["config"]["dataset"]
    studio.page.get_by_role("button", name="Draw points").click()
    studio.page.wait_for_selector(".draw-bar .draw-tool")  # its module is loaded with the first click
    studio.page.locator(".boundary-points").click(position={"x": 150, "y": 150})
    studio.page.wait_for_selector("#notices:not([hidden])")
    assert studio.page.inner_text(".notice-text") == texts().text("timeline.present_only")
    assert studio.run()["config"]["dataset"] == before


def test_an_earlier_step_is_shown_with_the_points_that_it_had(studio: Any) -> None:
    trained(studio, 50)
    points = studio.state("state.points.train.inputs.length")
    added = {"add": [{"inputs": [0.5, -1], "target": 1, "part": "train"}]}
    studio.server.call("PATCH", f"/api/runs/{studio.run_id}/points", added)
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 50})
    studio.wait_until("state.run.step === 100 && state.points.train.inputs.length === argument", points + 1)
    studio.wait_until("state.timeline.log.events.some(({ event }) => event.type === 'data')")
    click(studio, 20)
    studio.wait_until("state.points.train.inputs.length === argument", points)
    studio.press("End")
    studio.wait_until("state.points.train.inputs.length === argument", points + 1)


def test_the_mark_of_an_event_says_what_happened(studio: Any) -> None:
    trained(studio, 50)
    studio.server.call("PATCH", f"/api/runs/{studio.run_id}", {"optimizer": {"learning_rate": 0.01}})
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 50})
    studio.wait_until("state.run.step === 100 && state.timeline.log.events.some(({ step }) => step === 50)")
    with_timeline(studio)
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.page.mouse.move(x_of(studio, 50), box["y"] + 20)
    text = texts().text("timeline.event.change", changes="Learning rate 0.01")
    assert texts().text("timeline.at_step", step=50, text=text) in studio.page.inner_text(".timeline-tip")


def test_a_mark_that_the_handle_or_the_star_would_hide_stands_beside_it(studio: Any) -> None:
    studio.open()
    places = studio.page.evaluate(
        """async () => {
          const { freePlace } = await __probe.importModule("timeline/mark-places");
          const taken = [{ x: 100, y: 0, radius: 7 }];
          for (const radius of [6, 4, 4]) taken.push(freePlace(100, radius, taken));
          return [taken, freePlace(140, 4, taken)];
        }"""
    )
    taken, far = places
    for i, first in enumerate(taken):
        for second in taken[:i]:
            distance = np.hypot(first["x"] - second["x"], first["y"] - second["y"])
            assert distance > max(first["radius"], second["radius"])
    assert far == {"x": 140, "y": 0, "radius": 4}


def test_events_whose_marks_would_overlap_have_one_mark_with_their_number(studio: Any) -> None:
    studio.open()
    types = [
        (10, "paused"),
        (10, "change"),
        (12, "diagnosis"),
        (40, "paused"),
        (41, "paused"),
        (60, "change"),
    ]
    groups = studio.page.evaluate(
        """async (types) => {
          const { groups } = await __probe.importModule("timeline/mark-places");
          const { kindOf } = await __probe.importModule("timeline/event-text");
          const events = types.map(([step, type]) => ({ step, event: { type } }));
          return groups(events, (step) => step, 5, kindOf, ["problem", "change", "pause"]);
        }""",
        types,
    )
    assert groups == [
        {"x": 10, "kind": "problem", "count": 2},
        {"x": 40, "kind": "pause", "count": 1},
        {"x": 60, "kind": "change", "count": 1},
    ]


def test_several_changes_at_one_step_are_numbered_in_the_bar(studio: Any) -> None:
    trained(studio, 50)
    studio.page.evaluate("__probe.recordTexts('.timeline-canvas')")
    for rate in (0.01, 0.02, 0.03):
        studio.server.call("PATCH", f"/api/runs/{studio.run_id}", {"optimizer": {"learning_rate": rate}})
    studio.server.call("POST", f"/api/runs/{studio.run_id}/step", {"unit": "step", "count": 50})
    studio.wait_until("state.run.step === 100 && state.timeline.log.events.length >= 3")
    studio.page.wait_for_function("() => __probe.recordedTexts.some(({ text }) => text === '3')")


def test_while_a_run_trains_only_the_recorded_steps_are_requested_again(studio: Any) -> None:
    trained(studio)
    paths: list[str] = []
    studio.page.on("request", lambda request: paths.append(request.url.split("?")[0].rsplit("/", 1)[1]))
    studio.server.call("PATCH", f"/api/runs/{studio.run_id}", {"speed": 20})
    studio.wait_until("state.speed === 20")
    studio.server.call("POST", f"/api/runs/{studio.run_id}/start")
    for _ in range(2):
        with studio.page.expect_request("**/checkpoints"):
            pass
    studio.server.call("POST", f"/api/runs/{studio.run_id}/pause")
    assert not {"attempts", "events", "bookmarks"} & set(paths)


def test_a_reset_shows_the_newest_step_of_the_new_attempt(studio: Any) -> None:
    trained(studio)
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40")
    studio.press("r")
    studio.wait_until("state.run.attempt === 1 && state.shown === null")
    assert shown_steps(studio) == {0}


def test_the_time_line_is_one_row_that_takes_its_place_before_the_first_step(studio: Any) -> None:
    studio.open()
    before = studio.page.locator("#timeline").bounding_box()
    trained(studio)
    assert studio.page.locator("#timeline").bounding_box() == before
    assert before["height"] == 44
    assert before["y"] + before["height"] <= 900
    assert studio.page.evaluate("document.documentElement.scrollHeight") <= 900


def test_on_a_phone_the_time_line_is_as_wide_as_the_window_and_its_targets_are_large(
    make_studio: Any,
) -> None:
    studio = make_studio(PHONE)
    trained(studio)
    for selector in (".timeline-bar", ".timeline-play", ".timeline-follow"):
        box = studio.page.locator(selector).bounding_box()
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["y"] + box["height"] <= 844
    assert studio.page.locator(".timeline-bar").bounding_box()["width"] > 360
    for label in (".timeline-position", ".timeline-place"):  # a third of the window, also in the history
        assert studio.page.locator(label).bounding_box()["width"] >= 100
    click(studio, 40)
    studio.wait_until(f"{SHOWN} === 40")


def test_the_axis_is_logarithmic_from_three_decades_on(studio: Any) -> None:
    studio.open()
    result = studio.page.evaluate(
        """async () => {
          const { timeScale, labelledSteps } = await __probe.importModule("timeline/scale");
          const [short, long] = [timeScale(999, 900), timeScale(90999, 900)];
          const labels = labelledSteps(long);
          return {
            log: [short.log, long.log],
            middle: [short.step(450), long.step(450)],
            round: [0, 1, 17, 999, 90999].map((step) => long.step(long.x(step))),
            labels, gaps: labels.slice(1).map((step, i) => long.x(step) - long.x(labels[i])),
          };
        }"""
    )
    assert result["log"] == [False, True]
    assert result["middle"] == [500, 301]
    assert result["round"] == [0, 1, 17, 999, 90999]
    assert result["labels"] == [0, 10, 100, 1000, 10000, 90999]
    assert min(result["gaps"]) >= 50


def test_playing_counts_recorded_steps_within_the_marked_part(studio: Any) -> None:
    studio.open()
    result = studio.page.evaluate(
        """async () => {
          const playback = await __probe.importModule("timeline/playback");
          const { advanced, atStart, marked, pausedAt, started } = playback;
          const steps = [0, 1, 2, 4, 8, 16];
          const from = (step, changes) => ({ ...atStart(), step, mode: "playing", ...changes });
          const summary = ({ mode, step }) => [mode, step];
          return [
            advanced(from(1), steps, 2), advanced(from(3), steps, 1), advanced(from(8), steps, 5),
            advanced(from(3, { direction: -1 }), steps, 1), advanced(from(1, { direction: -1 }), steps, 9),
            advanced(marked(from(8), 8, 1), steps, 1), advanced(from(16, { loop: true }), steps, 1),
            started(pausedAt(atStart(), 16), steps, 16), started(pausedAt(atStart(), 4), steps, 16),
          ].map(summary);
        }"""
    )
    assert result == [
        ["playing", 4], ["playing", 4], ["paused", 16], ["playing", 2], ["paused", 0],
        ["playing", 1], ["playing", 0], ["playing", 0], ["playing", 4],
    ]  # fmt: skip


def test_the_help_lists_the_keys_of_the_time_line(studio: Any) -> None:
    studio.open()
    studio.press("?")
    keys = studio.page.inner_text("#help-dialog .help-keys")
    for name in ("recorded", "events", "first", "follow", "play_speed"):
        assert texts().text(f"studio.shortcut.{name}.key") in keys
        assert texts().text(f"studio.shortcut.{name}.help") in keys


def test_the_tooltip_says_how_much_the_weights_changed_at_the_step_below_the_pointer(studio: Any) -> None:
    trained(studio)
    recorded = studio.server.call("GET", f"/api/runs/{studio.run_id}/checkpoints")
    norm = recorded["update_norms"][recorded["steps"].index(40)]
    box = studio.page.locator(".timeline-bar").bounding_box()
    studio.page.mouse.move(x_of(studio, 40), box["y"] + 20)
    shown = studio.page.inner_text(".timeline-tip").splitlines()
    before, after = texts().text("timeline.update_norm", norm="|").split("|")
    assert shown[0] == texts().text("timeline.step", step=40)
    assert float(shown[1].removeprefix(before).removesuffix(after)) == pytest.approx(norm, rel=0.01)


def test_the_strip_has_equal_steps_for_equal_ratios_of_changes_and_a_gap_where_they_are_unknown(
    studio: Any,
) -> None:
    studio.open("/")
    heights = studio.page.evaluate(
        """async () => {
          const { drawStrip } = await __probe.importModule("timeline/strip");
          const context = new OffscreenCanvas(60, 32).getContext("2d");
          const log = { steps: [0, 10, 20, 30, 40, 50, 60], norms: [null, 1, 0.1, null, 0.01, 0, 0.001] };
          const draw = { context, colours: { muted: "#000" }, x: (step) => Math.min(60, step) };
          drawStrip(draw, log, { top: 0, bottom: 31, shown: null });
          const { data } = context.getImageData(0, 0, 60, 32);
          const alpha = (x) => Array.from({ length: 32 }, (_, y) => data[4 * (60 * y + x) + 3]);
          return [5, 15, 25, 35, 45, 55].map((x) => alpha(x).filter(Boolean).length);
        }"""
    )
    assert heights[2] == 0
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[3], abs=1)
    assert heights[0] >= 30 and heights[4] == heights[5] in (1, 2, 3)
