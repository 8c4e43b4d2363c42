"""The animation loop draws panels whose state changed, and panels subscribe to views while they are drawn."""

from typing import Any

TWO_PANELS = """async () => {
  const module = performance.getEntriesByType("resource").find(({ name }) => name.includes("/js/")).name;
  const load = (path) => import(module.replace(/[/]js[/].*/, `/js/${path}.js`));
  const [{ startRendering }, { createStore }, { subscribe }] = await Promise.all(
    ["core/render-loop", "core/store", "panels/shared/subscribe"].map(load));
  const store = createStore({ subscriptions: {}, theme: "light" });
  const received = [];
  const panel = (name) => ({
    name, needs: ["theme"],
    draw(state) {
      received.push([name, Object.keys(state.subscriptions)]);
      subscribe(store, name, { view: name });
    },
  });
  const loop = startRendering(store, [panel("first"), panel("second")]);
  await new Promise((resolve) => { store.watch(({ subscriptions }) => subscriptions.second && resolve()); });
  loop.stop();
  return { frames: loop.counters.frames, subscribed: Object.keys(store.get().subscriptions), received };
}"""


def test_panels_first_drawn_in_the_same_frame_keep_both_subscriptions(studio: Any) -> None:
    studio.open()
    result = studio.page.evaluate(TWO_PANELS)
    assert result["frames"] == 1
    assert result["subscribed"] == ["first", "second"]


def test_a_panel_is_drawn_with_the_state_that_the_previous_panel_set(studio: Any) -> None:
    studio.open()
    assert studio.page.evaluate(TWO_PANELS)["received"] == [["first", []], ["second", ["first"]]]


def test_reduced_motion_limits_the_output_to_four_frames_per_second(make_studio: Any) -> None:
    studio = make_studio(reduced_motion="reduce").open()
    studio.press("Space")
    studio.wait_until("state.run.step > 50")
    drawn, milliseconds = studio.page.evaluate("__probe.countDraws('decision_boundary', 1500)")
    assert drawn <= 4 * milliseconds / 1000 + 2
    studio.wait_until(
        "counters.draws.decision_boundary > argument", studio.state("counters.draws.decision_boundary")
    )


def test_a_hidden_window_has_no_subscriptions(studio: Any) -> None:
    studio.open()
    sent = studio.page.evaluate(
        """async () => {
          const { subscriptions } = await __probe.importModule("studio/view-subscriptions");
          const { state } = window.__perceptarium;
          return [subscriptions(state, true), subscriptions(state, false)];
        }"""
    )
    assert sent[0] == []
    assert set(sent[1]) == {"decision_boundary", "network", "activation_histograms"}
