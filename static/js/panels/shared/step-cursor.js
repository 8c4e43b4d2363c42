// The moment somebody points at on any picture over the steps; every such picture shows it.

/** Let a canvas tell the store the step under the pointer, as `stepAt(x, y)` finds it, and that the pointer left. */
export function tellMoment(canvas, store, by, stepAt) {
  const tell = (step) => store.get().moment?.step !== step && store.set({ moment: step === undefined ? null : { step, by } });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => tell(stepAt(offsetX, offsetY)));
  canvas.addEventListener("pointerleave", () => tell(undefined));
}

/** Where in a list of steps the one nearest to `step` stands; -1 in an empty list. */
export function nearest(steps, step) {
  let best = steps.length - 1;
  for (let i = 0; i < steps.length; i++) if (Math.abs(steps[i] - step) < Math.abs(steps[best] - step)) best = i;
  return best;
}

/** A job for the loop that keeps a Plotly plot over the steps at the moment; `steps()` are those of its first curve. */
export function momentOf(plot, section, store, steps) {
  const by = "curves";
  let told = false;
  const own = () => (store.get().moment ?? { by }).by === by;
  const tell = () => {
    plot.on("plotly_hover", ({ points }) => own() && store.get().moment?.step !== points[0].x && store.set({ moment: { step: points[0].x, by } }));
    plot.on("plotly_unhover", () => own() && store.set({ moment: null }));
    told = true;
  };
  return {
    name: "moment", section, needs: ["moment", "history", "plotly"],
    draw({ moment }) {
      if (!plot.on) return;
      if (!told) tell();
      if (moment?.by === by) return;
      const at = moment ? nearest(steps(), moment.step) : -1;
      if (at >= 0) window.Plotly.Fx.hover(plot, { xval: steps()[at] }, ["xy"]);
      else window.Plotly.Fx.unhover(plot);
    },
  };
}
