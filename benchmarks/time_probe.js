// Runs in the page before its own scripts: how long a press or move of the pointer on the time line takes to be drawn.
{
  const PANELS = ["decision_boundary", "network", "activation_histograms"];
  const drawn = {}; // the step that each panel drew last
  const measured = { pointer: null, event: null, milliseconds: null, last: null, steps: 0 };
  window.timeProbe = measured;

  /** Called after a panel was drawn: the animation loop counts its drawings. */
  function onDrawn(name) {
    const { state } = window.__perceptarium;
    drawn[name] = state[`view:${name}`]?.step;
    const step = drawn[name];
    if (!state.shown || PANELS.some((panel) => drawn[panel] !== step)) return;
    if (measured.last !== step) measured.steps += 1; // the next step may be on its way
    measured.last = step;
    if (measured.event === null || step !== state.shown.step || step === measured.before) return;
    measured.milliseconds = performance.now() - measured.event;
    measured.event = null;
  }

  /** From now on notes the drawings of the panels. */
  window.watchPanels = () => {
    const { draws } = window.__perceptarium.counters;
    for (const name of PANELS) {
      let count = draws[name] ?? 0;
      Object.defineProperty(draws, name, {
        enumerable: true,
        get: () => count,
        set: (value) => {
          count = value;
          onDrawn(name);
        },
      });
    }
  };

  /** The next move of the pointer on the time line is measured; one that leads to the shown step counts as -1 ms. */
  window.awaitMove = () => Object.assign(measured, {
    pointer: true, milliseconds: null, event: null, before: window.__perceptarium.state.shown?.step,
  });
  addEventListener("pointermove", (event) => {
    if (!measured.pointer) return;
    Object.assign(measured, { pointer: null, event: event.timeStamp });
    setTimeout(() => {
      const { timeline } = window.__perceptarium.state;
      if (timeline.play.step === measured.before) Object.assign(measured, { event: null, milliseconds: -1 });
    });
  }, true);

  /** Times of the frames over so many milliseconds, and how many steps all panels drew meanwhile. */
  window.countPlayed = (duration) => new Promise((done) => {
    const times = [];
    const before = measured.steps;
    const frame = (now) => {
      times.push(now);
      if (now - times[0] < duration) return requestAnimationFrame(frame);
      done({ times, steps: measured.steps - before });
    };
    requestAnimationFrame(frame);
  });
}
