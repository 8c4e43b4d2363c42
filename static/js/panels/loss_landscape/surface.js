// The loss over a plane as a Plotly surface that can be rotated.

import { cividis } from "../../core/cividis.js";
import { setAttribute } from "../../core/dom.js";
import { number, separators } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { axisNames } from "./names.js";
import { lossScale } from "./scale.js";

const COLOUR_SCALE = Array.from({ length: 11 }, (_, i) => [i / 10, `rgb(${cividis(i / 10).join()})`]);
const MAX_FRACTION = 0.9; // of the scale: higher losses are clipped, so that they do not flatten the others
const OPTIONS = { displaylogo: false, displayModeBar: false, plotlyServerURL: "" };

export function drawSurface(element, frame, { width, height, colours }) {
  if (width < 100 || height < 80) return;
  const top = lossScale(frame.loss).lossAt(MAX_FRACTION);
  const traces = [surfaceTrace(frame, top), ...pathTraces(frame, top), presentTrace(frame, top)];
  window.Plotly.react(element, traces, { width, height, ...layoutOf(colours) }, OPTIONS);
  setAttribute(element, "role", "img");
  const values = { axes: axisNames(frame).join(", "), loss: number(frame.present.loss) };
  setAttribute(element, "aria-label", t("panel.loss_landscape.surface_description", values));
}

function surfaceTrace({ x, y, loss }, top) {
  const height = (value) => (Number.isFinite(value) ? Math.min(value, top) : null);
  const row = (i) => Array.from(loss.subarray(i * x.length, (i + 1) * x.length), height);
  return {
    type: "surface",
    x: Array.from(x),
    y: Array.from(y),
    z: Array.from(y, (_, i) => row(i)),
    colorscale: COLOUR_SCALE,
    showscale: false,
    hoverinfo: "skip",
    contours: { z: { show: true, usecolormap: false, color: "rgba(255,255,255,.3)" } },
  };
}

/** The path of the training on the surface; no trace without recorded steps. */
function pathTraces(frame, top) {
  const { walked, present } = frame;
  if (!walked?.x.length) return [];
  const x = [...walked.x, present.x];
  const y = [...walked.y, present.y];
  const z = x.map((value, i) => interpolated(frame, value, y[i])).map((value) => value && Math.min(value, top));
  const line = { width: 5, color: "#fff" };
  const hidden = { hoverinfo: "skip", showlegend: false };
  return [{ type: "scatter3d", mode: "lines", name: "path", x, y, z, line, connectgaps: false, ...hidden }];
}

function presentTrace({ present }, top) {
  return {
    type: "scatter3d",
    mode: "markers",
    x: [present.x],
    y: [present.y],
    z: [Math.min(present.loss, top)],
    marker: { size: 4, color: "#fff", line: { color: "#14172a", width: 1 } },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** The loss at (px, py) by bilinear interpolation; null outside the plane. */
function interpolated({ x, y, loss }, px, py) {
  const column = ((px - x[0]) / (x.at(-1) - x[0])) * (x.length - 1);
  const row = ((py - y[0]) / (y.at(-1) - y[0])) * (y.length - 1);
  if (!(column >= 0 && row >= 0 && column <= x.length - 1 && row <= y.length - 1)) return null;
  const [i, j] = [Math.min(x.length - 2, Math.floor(column)), Math.min(y.length - 2, Math.floor(row))];
  const lossAt = (r, c) => loss[r * x.length + c];
  const interpolatedInRow = (r) => lossAt(r, i) + (lossAt(r, i + 1) - lossAt(r, i)) * (column - i);
  const value = interpolatedInRow(j) + (interpolatedInRow(j + 1) - interpolatedInRow(j)) * (row - j);
  return Number.isFinite(value) ? value : null;
}

function layoutOf(colours) {
  const font = { color: colours.text, size: 10 };
  const tickfont = { size: 9, color: colours.muted };
  const axis = (text) => ({ title: { text, font }, gridcolor: colours.line, color: colours.muted, tickfont });
  return {
    separators: separators(),
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    uirevision: "keep",
    font,
    scene: {
      hovermode: false,
      xaxis: axis("→"),
      yaxis: axis("↑"),
      zaxis: axis(t("panel.loss_landscape.loss")),
      camera: { eye: { x: 1.3, y: -1.3, z: 0.9 } },
      aspectmode: "manual",
      aspectratio: { x: 1.2, y: 1.2, z: 0.7 },
    },
  };
}
