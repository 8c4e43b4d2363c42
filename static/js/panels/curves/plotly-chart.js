// The curves drawn with Plotly, with zoom and hover.

import { separators } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { LARGE } from "../shared/axes.js";
import { MARGIN, rightMargin } from "./margin.js";
import { scoreRange } from "./score-range.js";

const DASHES = { train: "solid", validation: "dot", test: "dash", score: "dashdot" };
const FONT_SIZE = Math.round(11 * LARGE);
const TRANSPARENT = "rgba(0,0,0,0)";
const CONFIG = {
  displaylogo: false, displayModeBar: false, responsive: false, plotlyServerURL: "", doubleClick: "reset",
};

/** Draws the curves, the score if it is shown, and the point `end` at which the run diverged, or null. */
export function drawPlot(plot, { curves, score, end }, state, size) {
  const bands = curves.filter(({ low }) => low).flatMap((curve) => bandTraces(curve, state.colours));
  const traces = [...bands, ...curves.map(curveTrace), ...(score ? [scoreTrace(score)] : []),
    ...(end ? [endTrace(end, state.colours)] : [])];
  window.Plotly.react(plot, traces, { ...size, ...layout(state, curves.length > 0, score) }, CONFIG);
}

function curveTrace({ part, title, x, y, colour, thin }) {
  const name = t(`panel.curves.part.${part}`);
  return {
    type: "scatter", mode: x.length < 3 ? "lines+markers" : "lines", name, x, y, connectgaps: true,
    hovertemplate: `${title} (${name}) %{y:.3g}<extra></extra>`,
    line: { color: colour, width: thin ? 1 : 2, dash: DASHES[part] }, ...thin,
  };
}

/** The score, on the axis at the right. */
const scoreTrace = ({ title, column, ...curve }) => ({
  ...curveTrace({ title, ...curve }), name: title, yaxis: "y2",
  hovertemplate: `${title} %{y:${isShare(column) ? ".1%" : ".3g"}}<extra></extra>`,
});

const isShare = (column) => column.endsWith("accuracy");

/** A cross at the step at which the run diverged. */
function endTrace({ x, y }, colours) {
  const name = t("panel.curves.diverged");
  return {
    type: "scatter", mode: "markers", name, x: [x], y: [y], cliponaxis: false,
    hovertemplate: `${name}<extra></extra>`, marker: { symbol: "x", size: FONT_SIZE, color: colours.warning },
  };
}

/** The two percentiles, filled between. */
function bandTraces({ x, low, high }, { accent }) {
  const edge = (y, name, fill) => ({
    type: "scatter", mode: "lines", x, y, name, connectgaps: true, showlegend: false,
    line: { width: 0, color: accent }, hovertemplate: `${name} %{y:.3g}<extra></extra>`, ...fill,
  });
  const fillcolor = `color-mix(in srgb, ${accent} 24%, transparent)`;
  return [
    edge(low, t("panel.curves.percentile_10")),
    edge(high, t("panel.curves.percentile_90"), { fill: "tonexty", fillcolor }),
  ];
}

function layout({ colours, logScale, curveTab, history, run }, visible, score) {
  const { left, top, bottom } = MARGIN;
  const muted = { size: FONT_SIZE, color: colours.muted };
  const text = { size: FONT_SIZE, color: colours.text };
  const lines = { gridcolor: colours.line, zerolinecolor: colours.line, linecolor: colours.line };
  const axis = { visible, ...lines, tickfont: muted, automargin: false };
  const step = t("panel.curves.step");
  return {
    separators: separators(),
    margin: { l: left, r: rightMargin(score), t: top, b: bottom },
    paper_bgcolor: TRANSPARENT,
    plot_bgcolor: TRANSPARENT,
    font: { family: "system-ui, sans-serif", ...text },
    uirevision: `${run?.id}/${history.attempt}/${curveTab}/${logScale}`, // keeps the zoom while these stay the same
    xaxis: {
      ...axis, rangemode: "tozero", title: { text: step, standoff: 4, font: muted },
      unifiedhovertitle: { text: `${step} %{x:,d}` },
    },
    yaxis: {
      ...axis, type: logScale ? "log" : "linear", rangemode: logScale ? "normal" : "tozero", exponentformat: "e",
      nticks: Math.round((logScale ? 3 : 6) / LARGE), // per decade at most 1, 2 and 5, or their labels overlap
    },
    ...(score && { yaxis2: scoreAxis(score, { ...axis, tickfont: { ...muted, color: score.colour } }) }),
    showlegend: true,
    legend: { orientation: "h", x: 1, xanchor: "right", y: 1.02, yanchor: "bottom", font: text },
    hovermode: "x unified",
    hoverlabel: { bgcolor: colours.panel, bordercolor: colours.line, font: { color: colours.text } },
    dragmode: "pan",
  };
}

const scoreAxis = (score, axis) => ({
  ...axis, overlaying: "y", side: "right", showgrid: false, zeroline: false, range: scoreRange(score), fixedrange: true,
  tickmode: "auto", nticks: Math.round(6 / LARGE), tickformat: isShare(score.column) ? ".0%" : "",
  title: { text: score.title, standoff: 4, font: axis.tickfont },
});
