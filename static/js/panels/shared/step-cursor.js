// The cursor step: the step under the pointer in any chart over the steps, which all such charts mark.

/** Makes the step under the pointer, `stepAt(x, y)`, the cursor step while the pointer is over the canvas. */
export function setCursorOnHover(canvas, store, by, stepAt) {
  const setCursor = (step) =>
    store.get().stepCursor?.step !== step && store.set({ stepCursor: step === undefined ? null : { step, by } });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => setCursor(stepAt(offsetX, offsetY)));
  canvas.addEventListener("pointerleave", () => setCursor(undefined));
}

/** The index of the step nearest to `step`; -1 in an empty list. */
export function nearest(steps, step) {
  let best = steps.length - 1;
  for (let i = 0; i < steps.length; i++) if (Math.abs(steps[i] - step) < Math.abs(steps[best] - step)) best = i;
  return best;
}

/** A job of the render loop that keeps the cursor step of a Plotly chart; `steps()` are those of its first curve. */
export function plotCursor(plot, section, store, steps) {
  const by = "curves";
  let listening = false;
  const own = () => (store.get().stepCursor ?? { by }).by === by;
  const listen = () => {
    plot.on("plotly_hover", ({ points }) => {
      const step = points[0].x;
      if (own() && store.get().stepCursor?.step !== step) store.set({ stepCursor: { step, by } });
    });
    plot.on("plotly_unhover", () => own() && store.set({ stepCursor: null }));
    listening = true;
  };
  return {
    name: "cursor",
    section,
    needs: ["stepCursor", "history", "plotly"],
    draw({ stepCursor: moment }) {
      if (!plot.on) return;
      if (!listening) listen();
      if (moment?.by === by) return;
      const at = moment ? nearest(steps(), moment.step) : -1;
      if (at >= 0) window.Plotly.Fx.hover(plot, { xval: steps()[at] }, ["xy"]);
      else window.Plotly.Fx.unhover(plot);
    },
  };
}
