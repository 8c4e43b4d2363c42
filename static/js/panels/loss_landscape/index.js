// The loss landscape: over one weight with tangent and next step, or over a plane with the path of the training.

import { h, setText } from "../../core/dom.js";
import { percent, words } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { drawPlane, drawWeight } from "./drawing.js";
import { landscapeControls } from "./controls.js";
import { surface } from "./surface.js";
import { panelShell } from "../shared/panel.js";
import { bounds, fitted } from "../sample_trace/choice.js";
import { t } from "../../core/text.js";

const START = {
  kind: "weight",
  layer: null,
  unit: 0,
  source: 0,
  layer_2: null,
  unit_2: 0,
  source_2: 1,
  span: null,
  seed: 0,
  solid: false,
};

export function panel(section, { store }) {
  const shell = panelShell(section, {
    title: t("panel.loss_landscape.tab"),
    line: "",
    data: () => store.get()["view:loss_landscape"] ?? {},
    table: () => grid(store.get()["view:loss_landscape"]),
  });
  const set = (changes) => store.set({ landscapeOptions: { ...store.get().landscapeOptions, ...changes } });
  const controls = landscapeControls(set);
  const canvas = h("canvas", { role: "img", class: "landscape-map" });
  const solid = h("div", { class: "landscape-solid", hidden: true });
  const note = h("p", { class: "panel-note" });
  const caption = h("p", { class: "aside landscape-words" });
  const box = h("div", { class: "landscape-box" }, canvas, solid, note);
  shell.tools.append(controls.tools);
  shell.body.append(controls.element, box, caption);
  const view = { store, controls, canvas, solid, note, caption, box };
  return {
    name: "loss_landscape",
    section,
    moving: true,
    view,
    needs: [
      "view:loss_landscape",
      "progress:loss_landscape",
      "landscapeOptions",
      "theme",
      "layoutSize",
      "openTabs",
      "plotly",
      "viewError",
      runConfig,
      runIdentity,
    ],
    draw: (state) => draw(view, state),
  };
}

/** The subscription for a choice, limited to the weights of the network. */
export function landscapeSubscription(chosen, limits) {
  const { kind, span, seed } = chosen;
  const first = fitted({ ...chosen, part: "train", index: 0 }, limits);
  const second = fitted(
    { layer: chosen.layer_2, unit: chosen.unit_2, source: chosen.source_2, part: "train", index: 0 },
    limits,
  );
  const one =
    kind === "weight" || kind === "weights" ? { layer: first.layer, unit: first.unit, source: first.source } : {};
  const two =
    kind === "weights" ? { layer_2: second.layer, unit_2: second.unit, source_2: apart(first, second, limits) } : {};
  return {
    view: "loss_landscape",
    options: { kind, ...one, ...two, ...(span ? { span } : {}), ...(kind === "random" ? { seed } : {}) },
    id: "loss_landscape",
  };
}

/** The source of the second weight; another one where both weights would be the same. */
function apart(first, second) {
  if (["layer", "unit", "source"].some((key) => first[key] !== second[key])) return second.source;
  return second.source === -1 ? 0 : -1;
}

function draw(view, state) {
  const { store, controls, canvas, solid, note, caption, box } = view;
  const chosen = { ...START, ...state.landscapeOptions };
  const limits = bounds(state);
  const subscription = landscapeSubscription(chosen, limits);
  controls.show(chosen, subscription.options, limits);
  if (!same(subscription, state.subscriptions.loss_landscape))
    store.set({ subscriptions: { ...state.subscriptions, loss_landscape: subscription }, viewError: null });
  const frame = state["view:loss_landscape"];
  const fits = frame?.run === state.run?.id && frame.landscape === chosen.kind;
  setText(note, fits ? "" : waiting(state, chosen));
  note.hidden = fits;
  const three = chosen.solid && fits && chosen.kind !== "weight" && Boolean(window.Plotly);
  canvas.hidden = !fits || three;
  solid.hidden = !three;
  setText(caption, fits ? explanation(frame) : "");
  if (!fits) return;
  const size = { width: box.clientWidth, height: box.clientHeight, colours: state.colours };
  if (three) surface(solid, frame, size);
  else if (frame.landscape === "weight") drawWeight(canvas, frame, state.colours);
  else drawPlane(canvas, frame, size);
}

function waiting(state, { kind }) {
  if (state.viewError)
    return kind === "path"
      ? `${state.viewError.message}. ${t("panel.loss_landscape.path_hint")}`
      : state.viewError.message;
  const done = state["progress:loss_landscape"]?.progress;
  return done ? t("panel.loss_landscape.progress", { share: percent(done) }) : t("panel.loss_landscape.computing");
}

function explanation(frame) {
  if (frame.landscape === "weight") return t("panel.loss_landscape.weight_key");
  const share = frame.explained
    ? ` ${t("panel.loss_landscape.explained", { shares: frame.explained.map(percent).join(", ") })}`
    : "";
  return [`${words(frame.variant)}.${share}`, frame.reduced].filter(Boolean).join(" ");
}

/** The loss at every point of the curve or the plane. */
function grid(frame) {
  if (!frame) return {};
  const { x, y, values, loss } = frame;
  if (values) return { columns: { weight: values, loss } };
  const across = x.length;
  return {
    columns: {
      x: Array.from(loss, (_, i) => x[i % across]),
      y: Array.from(loss, (_, i) => y[Math.floor(i / across)]),
      loss,
    },
  };
}
