// Clicking or dragging on the learning curves moves the time line, and a line marks the shown step there.

import { h, setProperty } from "../core/dom.js";
import { scoreCurve } from "../panels/curves/curves.js";
import { MARGIN, rightMargin } from "../panels/curves/margin.js";
import { newestStep } from "./attempts.js";
import { snapped } from "./recorded.js";

const SNAP = 3; // pixels
// The area inside the axes: of Plotly, and of the canvas that is shown until Plotly is loaded.
const AREA = ".nsewdrag, .curves-canvas";

/** Returns a panel for the render loop. */
export function followCurves(store, { seek }) {
  const box = document.querySelector("#panel-curves .curves-box");
  const line = h("div", { class: "curves-step", hidden: true });
  const lineOfA = h("div", { class: "curves-step curves-a", hidden: true });
  box.append(lineOfA, line);
  const move = ({ clientX }) => {
    const axis = axisOf(box, store.get());
    if (axis) seek(snapped(store.get().timeline.log.steps, axis, clientX - box.getBoundingClientRect().left, SNAP));
  };
  listenToPointer(box, move);
  box.addEventListener("dblclick", () => resetZoom(box));
  let plot = null;
  const draw = () => {
    const { shown, reference } = store.get();
    const axis = axisOf(box, store.get());
    mark(line, axis, shown);
    mark(lineOfA, axis, reference);
  };
  return {
    name: "curves-step", section: document.getElementById("panel-curves"),
    needs: ["shown", "history", "plotly", "layoutSize", "curveTab", "logScale", "reference"],
    draw: () => {
      draw();
      if (plot || !plotOf(box)?.on) return;
      plot = plotOf(box);
      plot.on("plotly_afterplot", draw);
    },
  };
}

/** Plotly gets the press only with Shift, which zooms; a drag of the axes remains Plotly's. */
function listenToPointer(box, move) {
  const isOurs = (event) => event.target.closest?.(AREA) && !event.shiftKey && !event.button;
  let dragging = false;
  const keep = (event) => isOurs(event) && event.stopPropagation();
  for (const type of ["mousedown", "touchstart"]) box.addEventListener(type, keep, true);
  box.addEventListener("pointerdown", (event) => {
    if (!isOurs(event)) return;
    dragging = true;
    box.setPointerCapture(event.pointerId);
    move(event);
  });
  box.addEventListener("pointermove", (event) => dragging && move(event));
  for (const type of ["pointerup", "pointercancel"]) box.addEventListener(type, () => (dragging = false));
}

const plotOf = (box) => (window.Plotly ? box.querySelector(".curves-plot.js-plotly-plot") : null);

function resetZoom(box) {
  const plot = plotOf(box);
  if (plot) window.Plotly.relayout(plot, { "xaxis.autorange": true, "yaxis.autorange": true });
}

/** The step axis of the curves as shown: `x(step)`, `step(x)` in pixels of the box, and `low`, `high`; or null. */
function axisOf(box, state) {
  const own = state.history.columns.step.at(-1);
  if (!own) return null;
  const inRun = (step) => Math.min(newestStep(state), Math.max(0, Math.round(step)));
  const axis = plotOf(box)?._fullLayout?.xaxis;
  if (axis) {
    return {
      low: axis._offset, high: axis._offset + axis._length,
      x: (step) => axis._offset + axis.d2p(step), step: (x) => inRun(axis.p2d(x - axis._offset)),
    };
  }
  const last = Math.max(own, state.reference ? state.referenceModule.lastStep(state) : 0);
  const width = box.clientWidth - MARGIN.left - rightMargin(scoreCurve(state)[0]);
  return {
    low: MARGIN.left, high: MARGIN.left + width,
    x: (step) => MARGIN.left + (width * step) / last, step: (x) => inRun(((x - MARGIN.left) / width) * last),
  };
}

function mark(line, axis, shown) {
  const x = axis && shown ? axis.x(shown.step) : NaN;
  setProperty(line, "hidden", !(x >= axis?.low - 1 && x <= axis?.high + 1));
  if (!line.hidden) line.style.transform = `translateX(${x}px)`;
}
