// The loss over one weight with tangent and next step, or over a plane with the path of the training.

import { h, setProperty, setText } from "../../core/dom.js";
import { integer, percent } from "../../core/formats.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { limitsOf } from "../sample_trace/selection.js";
import { partText, showPart } from "../shared/data-part.js";
import { panelShell } from "../shared/panel.js";
import { subscribe } from "../shared/subscribe.js";
import { landscapeControls } from "./controls.js";
import { drawCurve } from "./curve.js";
import { drawPlane } from "./plane.js";
import { landscapeSubscription } from "./subscription.js";
import { drawSurface } from "./surface.js";

const VIEW = "view:loss_landscape";
const FIRST_WEIGHT = { layer: null, unit: 0, source: 0 };
const SECOND_WEIGHT = { layer_2: null, unit_2: 0, source_2: 1 };
const INITIAL = { kind: "weight", ...FIRST_WEIGHT, ...SECOND_WEIGHT, span: null, seed: 0, isSurface: false };
const NEEDS = [VIEW, "progress:loss_landscape", "landscapeOptions", "theme", "layoutSize", "openTabs", "plotly"];

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.loss_landscape.tab"),
    line: "",
    data: () => store.get()[VIEW] ?? {},
    table: () => lossTable(store.get()[VIEW]),
  });
  const set = (changes) => store.set({ landscapeOptions: { ...store.get().landscapeOptions, ...changes } });
  const controls = landscapeControls(set);
  const canvas = h("canvas", { role: "img", class: "landscape-map", "aria-label": t("panel.loss_landscape.tab") });
  const surface = h("div", { class: "landscape-surface", hidden: true });
  const note = h("p", { class: "panel-note" });
  const caption = h("p", { class: "aside landscape-caption" });
  const box = h("div", { class: "landscape-box" }, canvas, surface, note);
  shell.tools.append(controls.tools);
  shell.body.append(h("div", { class: "landscape" }, controls.element, box, caption));
  const view = { shell, store, controls, canvas, surface, note, caption, box };
  return {
    name: "loss_landscape",
    section,
    moving: true,
    view,
    needs: [...NEEDS, "viewError", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function draw(view, state) {
  const { note, caption } = view;
  const selected = { ...INITIAL, ...state.landscapeOptions };
  subscribeToSelected(view, state, selected);
  const frame = state[VIEW];
  const isCurrent = Boolean(frame) && frame.run === state.run?.id && frame.landscape === selected.kind;
  setText(note, isCurrent ? "" : waitingText(state, selected));
  setProperty(note, "hidden", isCurrent);
  setText(caption, isCurrent ? captionOf(frame) : "");
  showPart(view.shell, t("panel.loss_landscape.line", { part: isCurrent ? partText("train", frame.samples) : "…" }));
  drawLandscape(view, isCurrent ? frame : null, selected, state.colours);
}

function subscribeToSelected({ store, controls }, state, selected) {
  const limits = limitsOf(state);
  const subscription = landscapeSubscription(selected, limits);
  controls.show(selected, subscription.options, limits);
  subscribe(store, "loss_landscape", subscription, { viewError: null });
}

/** Draws the curve, the plane or the surface; hides them without a frame. */
function drawLandscape({ canvas, surface, box }, frame, selected, colours) {
  const isSurface = Boolean(frame) && selected.isSurface && selected.kind !== "weight" && Boolean(window.Plotly);
  setProperty(canvas, "hidden", !frame || isSurface);
  setProperty(surface, "hidden", !isSurface);
  if (!frame) return;
  const size = { width: box.clientWidth, height: box.clientHeight, colours };
  if (isSurface) drawSurface(surface, frame, size);
  else if (frame.landscape === "weight") drawCurve(canvas, frame, colours);
  else drawPlane(canvas, frame, size);
}

function waitingText({ viewError, "progress:loss_landscape": progress }, { kind }) {
  if (viewError && kind === "path") return `${viewError.message}. ${t("panel.loss_landscape.path_hint")}`;
  if (viewError) return viewError.message;
  return progress?.progress
    ? t("panel.loss_landscape.progress", { share: percent(progress.progress) })
    : t("panel.loss_landscape.computing");
}

/** The text on the directions, the variance they explain, and the reduced resolution for large networks. */
function captionOf({ landscape: kind, explained, reduced, reduced_parameters: numbers }) {
  if (kind === "weight") return t("panel.loss_landscape.weight_key");
  const shares = explained?.map(percent).join(", ");
  const variance = shares && t("panel.loss_landscape.explained", { shares });
  const size = reduced && reducedText(reduced, numbers);
  return [t(`panel.loss_landscape.variant.${kind}`), variance, size].filter(Boolean).join(" ");
}

const reducedText = (reduced, numbers) =>
  numbers ? t("panel.loss_landscape.reduced", formatted(numbers)) : reduced;

const formatted = (numbers) => Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, integer(value)]));

/** The loss at every point of the curve or the plane. */
function lossTable(frame) {
  if (!frame) return {};
  const { x, y, values, loss } = frame;
  if (values) return { columns: { weight: values, loss } };
  const column = (i) => x[i % x.length];
  const row = (i) => y[Math.floor(i / x.length)];
  return { columns: { x: Array.from(loss, (_, i) => column(i)), y: Array.from(loss, (_, i) => row(i)), loss } };
}
