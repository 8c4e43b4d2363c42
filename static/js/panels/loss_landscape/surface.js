// The plane as a Plotly surface that can be rotated.

import { cividis } from "../../core/colours.js";
import { setAttribute } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { lossScale } from "./drawing.js";
import { t } from "../../core/text.js";

const SCALE = Array.from({ length: 11 }, (_, i) => [i / 10, `rgb(${cividis(i / 10).join()})`]);
const CUT = 0.9; // values above this share of the scale are cut, so that a steep rim does not flatten the rest

/** The loss at a point, interpolated between its four neighbours; null outside. */
function height({ x, y, loss }, px, py) {
  const [column, row] = [
    ((px - x[0]) / (x.at(-1) - x[0])) * (x.length - 1),
    ((py - y[0]) / (y.at(-1) - y[0])) * (y.length - 1),
  ];
  if (!(column >= 0 && row >= 0 && column <= x.length - 1 && row <= y.length - 1)) return null;
  const [i, j] = [Math.min(x.length - 2, Math.floor(column)), Math.min(y.length - 2, Math.floor(row))];
  const at = (r, c) => loss[r * x.length + c];
  const along = (r) => at(r, i) + (at(r, i + 1) - at(r, i)) * (column - i);
  const value = along(j) + (along(j + 1) - along(j)) * (row - j);
  return Number.isFinite(value) ? value : null;
}

/** The path of the training on the surface. */
function pathOn(frame, top) {
  if (!frame.walked?.x.length) return [];
  const [x, y] = [
    [...frame.walked.x, frame.present.x],
    [...frame.walked.y, frame.present.y],
  ];
  const z = x.map((value, i) => height(frame, value, y[i])).map((value) => value && Math.min(value, top));
  return [
    {
      type: "scatter3d",
      mode: "lines",
      x,
      y,
      z,
      line: { width: 5, color: "#fff" },
      hoverinfo: "skip",
      showlegend: false,
      connectgaps: false,
      name: "path",
    },
  ];
}

export function surface(element, frame, { width, height, colours }) {
  if (width < 100 || height < 80) return;
  const columns = frame.x.length;
  const top = lossScale(frame.loss).at(CUT);
  const z = Array.from(frame.y, (_, row) =>
    Array.from(frame.loss.subarray(row * columns, (row + 1) * columns), (value) =>
      Number.isFinite(value) ? Math.min(value, top) : null,
    ),
  );
  const font = { color: colours.text, size: 10 };
  const axis = (text) => ({
    title: { text, font },
    gridcolor: colours.line,
    color: colours.muted,
    tickfont: { size: 9, color: colours.muted },
  });
  const here = {
    type: "scatter3d",
    mode: "markers",
    x: [frame.present.x],
    y: [frame.present.y],
    z: [Math.min(frame.present.loss, top)],
    marker: { size: 4, color: "#fff", line: { color: "#14172a", width: 1 } },
    hoverinfo: "skip",
    showlegend: false,
  };
  const plane = {
    type: "surface",
    x: Array.from(frame.x),
    y: Array.from(frame.y),
    z,
    colorscale: SCALE,
    showscale: false,
    hoverinfo: "skip",
    contours: { z: { show: true, usecolormap: false, color: "rgba(255,255,255,.3)" } },
  };
  const walked = pathOn(frame, top);
  const layout = {
    width,
    height,
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
  window.Plotly.react(element, [plane, ...walked, here], layout, {
    displaylogo: false,
    displayModeBar: false,
    plotlyServerURL: "",
  });
  setAttribute(element, "role", "img");
  setAttribute(
    element,
    "aria-label",
    t("panel.loss_landscape.surface_description", {
      axes: frame.axes.join(", "),
      loss: number(frame.present.loss),
    }),
  );
}
