// The cursor step: the step under the pointer in one chart over the steps; all such charts mark it.

/** Sets the cursor step to `stepAt(x, y)` while the pointer is over the canvas; `source` names the chart. */
export function setCursorOnHover(canvas, store, source, stepAt) {
  const setCursor = (step) =>
    store.get().stepCursor?.step !== step && store.set({ stepCursor: step === undefined ? null : { step, source } });
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => setCursor(stepAt(offsetX, offsetY)));
  canvas.addEventListener("pointerleave", () => setCursor(undefined));
}

/** The index of the step nearest to `step`; -1 in an empty list. */
export function nearestIndex(steps, step) {
  let best = steps.length - 1;
  for (let i = 0; i < steps.length; i++) if (Math.abs(steps[i] - step) < Math.abs(steps[best] - step)) best = i;
  return best;
}

/** A render-loop job that sets and shows the cursor step in a Plotly chart; `steps()`: the steps of its first curve. */
export function plotCursor(plot, section, store, steps) {
  const source = "curves";
  let listening = false;
  const isOwn = () => (store.get().stepCursor ?? { source }).source === source;
  const listen = () => {
    plot.on("plotly_hover", ({ points }) => {
      const step = points[0].x;
      if (isOwn() && store.get().stepCursor?.step !== step) store.set({ stepCursor: { step, source } });
    });
    plot.on("plotly_unhover", () => isOwn() && store.set({ stepCursor: null }));
    listening = true;
  };
  return {
    name: "cursor",
    section,
    needs: ["stepCursor", "history", "plotly"],
    draw({ stepCursor }) {
      if (!plot.on) return;
      if (!listening) listen();
      if (stepCursor?.source === source) return;
      const index = stepCursor ? nearestIndex(steps(), stepCursor.step) : -1;
      if (index >= 0) window.Plotly.Fx.hover(plot, { xval: steps()[index] }, ["xy"]);
      else window.Plotly.Fx.unhover(plot);
    },
  };
}
