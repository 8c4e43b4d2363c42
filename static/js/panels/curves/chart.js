// The chart of the loss and the metrics: on a canvas until Plotly is loaded, then with Plotly.

import { setAttribute, setProperty } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { fitCanvas } from "../shared/panel.js";
import { plotCursor } from "../shared/step-cursor.js";
import { drawCurves } from "./canvas-chart.js";
import { curvesOf, divergencePoint, isLogarithmic, scoreCurve } from "./curves.js";
import { drawPlot } from "./plotly-chart.js";
import { divergedAt } from "./shown.js";

/** Draws the curves of a state in the elements of the panel `view`. */
export function drawChart(view, state) {
  const { canvas, plot } = view;
  const { colours } = state;
  const coloured = (curve) => ({ colour: colourOf(curve.part, colours), ...curve });
  const curves = [...curvesOf(state), ...(state.referenceModule?.curvesOfReference(state) ?? []),
    ...(state.curvesBefore?.(state) ?? []), ...(state.tries?.curvesOfTries(state) ?? [])].map(coloured);
  const [score] = scoreCurve(state).map(coloured);
  view.count = curves.length;
  const end = divergencePoint(state, curves);
  const logScale = isLogarithmic(state, curves);
  view.logarithmic.show(logScale);
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  if (window.Plotly && curves.length && !view.isPlot) beginPlot(view);
  setProperty(canvas, "hidden", Boolean(view.isPlot));
  setProperty(plot, "hidden", !view.isPlot);
  setAttribute(view.isPlot ? plot : canvas, "aria-label", describe(score ? [...curves, score] : curves, state));
  if (view.isPlot) return drawPlot(plot, { curves, score, end }, { ...state, logScale }, { width, height });
  fitCanvas(canvas, width, height);
  drawCurves(canvas.getContext("2d"), curves, { width, height, score, end, log: logScale, colours });
}

/** From now on the curves are drawn with Plotly, which marks the cursor step. */
function beginPlot(view) {
  const { store, plot, shell, loop } = view;
  view.isPlot = true;
  loop.add([plotCursor(plot, shell.section, store, () => curvesOf(store.get())[0]?.x ?? [])]);
  store.set({ plotly: "drawn" });
}

const colourOf = (part, { strong, accent, muted, score }) =>
  ({ train: strong, test: accent, validation: muted, mean: accent, score })[part];

function describe(curves, state) {
  if (!curves.length) return t("panel.curves.no_points");
  const texts = curves.map(({ part, title, x, y }) => {
    const values = { title, value: number(y.at(-1)), step: x.at(-1) };
    if (part === "score") return t("panel.curves.score_description", values);
    return t("panel.curves.description", { ...values, part: t(`panel.curves.part.${part}`) });
  });
  const step = divergedAt(state);
  if (step !== null) texts.push(t("panel.curves.diverged_at", { step }));
  return texts.join("; ");
}
