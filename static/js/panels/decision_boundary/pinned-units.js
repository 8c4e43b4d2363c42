// Maps of pinned units side by side below the output map, to compare them during training.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { t } from "../../core/text.js";
import { sideBySideId, sameUnit, unitName } from "../../studio/units.js";
import { pictureImage } from "../shared/images.js";
import { fitCanvas } from "../shared/panel.js";
import { drawMap } from "./map.js";
import { axesOf, plotData } from "./plot-data.js";

const frameSteps = (state) => state.sideBySide.map((unit) => state[`view:${sideBySideId(unit)}`]?.step).join();

/** A job of the render loop that draws the maps; hidden without pinned units. */
export function pinnedUnitsPanel(section, store, actions) {
  const label = t("panel.decision_boundary.pinned_units.group");
  const strip = h("div", { class: "pinned-units", role: "group", "aria-label": label, hidden: true });
  section.querySelector(".boundary-stack").after(strip);
  return {
    name: "pinned_units", section, moving: true,
    needs: [
      "sideBySide", "view:network", "view:decision_boundary", frameSteps, "hovered", "theme", "layoutSize", runConfig,
      runIdentity,
    ],
    draw: (state) => draw(strip, state, store, actions),
  };
}

function draw(strip, state, store, actions) {
  const existing = state.sideBySide.filter((unit) => exists(state, unit));
  if (existing.length < state.sideBySide.length) return store.set({ sideBySide: existing });
  const names = state.sideBySide.map((unit) => `${sideBySideId(unit)}/${unitName(state, unit)}`).join();
  if (strip.dataset.names !== names) {
    strip.dataset.names = names;
    strip.hidden = !state.sideBySide.length;
    strip.replaceChildren(...state.sideBySide.map((unit) => figure(unit, state, actions)));
    store.set({ sideBySideCount: state.sideBySide.length }); // the size of the output map changes
  }
  state.sideBySide.forEach((unit, i) => drawUnit(strip.children[i], unit, state));
}

/** Whether the network still has the unit. */
function exists({ run }, { layer, unit }) {
  const layers = run?.config?.layers ?? [];
  return layer < 0 || layer === layers.length || unit < layers[layer]?.units;
}

function figure(unit, state, actions) {
  const name = unitName(state, unit);
  const title = t("panel.decision_boundary.pinned_units.enlarge", { name });
  const enlarge = h("button", {
    type: "button", class: "pinned-unit-map", title, "aria-label": title, on: { click: () => actions.pin(unit, true) },
  }, h("canvas", { role: "img" }));
  const remove = iconButton("close", t("panel.decision_boundary.pinned_units.remove", { name }), () => {
    actions.hover(null);
    actions.keep(unit);
  });
  const element = h("figure", {}, enlarge, h("figcaption", {}, h("span", { text: name }), remove));
  element.addEventListener("pointerenter", () => actions.hover(unit));
  element.addEventListener("pointerleave", () => actions.hover(null));
  return element;
}

function drawUnit(element, unit, state) {
  const canvas = element.querySelector("canvas");
  const size = canvas.parentElement.clientWidth;
  if (size < 20) return;
  fitCanvas(canvas, size, size);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  element.classList.toggle("focused", sameUnit(state.hovered, unit));
  const image = weightImage(state, unit);
  const plot = image ? null : plotData(state, unit, state[`view:${sideBySideId(unit)}`]);
  const area = { x: 0, y: 0, width: size, height: size };
  context.imageSmoothingEnabled = false;
  if (image) context.drawImage(image, 0, 0, size, size);
  else if (plot) drawMap(context, plot, area, state, axesOf(plot, area, state, unit), unit);
  const name = unitName(state, unit);
  const output = t("panel.decision_boundary.pinned_units.output", { name });
  setAttribute(canvas, "aria-label", image ? t("panel.decision_boundary.pinned_units.weights", { name }) : output);
  setText(element.querySelector("span"), name);
}

/** The weights of a unit of the first layer as an image, for inputs that form one; else null. */
function weightImage(state, { layer, unit }) {
  const network = state["view:network"];
  const pictures = layer === 0 && network && network.run === state.run?.id && network.layers[0].pictures;
  return pictures && unit < pictures.shape[0] ? pictureImage(pictures, unit) : null;
}
