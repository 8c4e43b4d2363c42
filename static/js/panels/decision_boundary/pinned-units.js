// Units kept side by side under the large picture, to be compared while they learn.

import { h, iconButton, setAttribute, setText } from "../../core/dom.js";
import { runConfig, runIdentity } from "../../core/store.js";
import { besideId, sameUnit, unitName } from "../../studio/units.js";
import { drawMap, frameOf, picture } from "./index.js";
import { pictureImage } from "../shared/heat-map.js";
import { fitCanvas } from "../shared/panel.js";

const frames = (state) => state.sideBySide.map((unit) => state[`view:${besideId(unit)}`]?.step).join();

/** A strip in the panel of the large picture; it takes room only where there is something in it. */
export function besidePanel(section, store, actions) {
  const strip = h("div", { class: "beside", role: "group", "aria-label": "Units side by side", hidden: true });
  section.querySelector(".boundary-stack").after(strip);
  return {
    name: "beside", section, moving: true,
    needs: ["sideBySide", "view:network", "view:decision_boundary", frames, "hovered", "theme", "layoutSize", runConfig, runIdentity],
    draw: (state) => draw(strip, state, store, actions),
  };
}

/** Units that the network no longer has go. */
function draw(strip, state, store, actions) {
  const last = state.run?.config?.layers.length ?? 0;
  const held = state.sideBySide.filter(({ layer, unit }) => layer < 0 || layer === last || unit < state.run?.config?.layers[layer]?.units);
  if (held.length < state.sideBySide.length) return store.set({ sideBySide: held });
  const names = state.sideBySide.map((unit) => `${besideId(unit)}/${unitName(state, unit)}`).join();
  if (strip.dataset.names !== names) {
    strip.dataset.names = names;
    strip.hidden = !state.sideBySide.length;
    strip.replaceChildren(...state.sideBySide.map((unit) => figure(unit, state, actions)));
    store.set({ sideBySideCount: state.sideBySide.length }); // the large picture has more or less room now
  }
  state.sideBySide.forEach((unit, i) => show(strip.children[i], unit, state));
}

function figure(unit, state, actions) {
  const name = unitName(state, unit);
  const choose = h("button", { type: "button", class: "beside-map", title: `${name}: show it large`, "aria-label": `${name}: show it large`, on: { click: () => actions.pin(unit, true) } }, h("canvas", { role: "img" }));
  const element = h("figure", {}, choose, h("figcaption", {}, h("span", { text: name }), iconButton("close", `Let go of ${name}`, () => {
    actions.hover(null);
    actions.keep(unit);
  })));
  element.addEventListener("pointerenter", () => actions.hover(unit));
  element.addEventListener("pointerleave", () => actions.hover(null));
  return element;
}

function show(element, unit, state) {
  const canvas = element.querySelector("canvas");
  const size = canvas.parentElement.clientWidth;
  if (size < 20) return;
  fitCanvas(canvas, size, size);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, size, size);
  element.classList.toggle("focused", sameUnit(state.hovered, unit));
  const image = weightsAsImage(state, unit);
  const shown = image ? null : picture(state, unit, state[`view:${besideId(unit)}`]);
  const area = { x: 0, y: 0, width: size, height: size };
  context.imageSmoothingEnabled = false;
  if (image) context.drawImage(image, 0, 0, size, size);
  else if (shown) drawMap(context, shown, area, state, frameOf(shown, area, state, unit), unit);
  setAttribute(canvas, "aria-label", `${unitName(state, unit)}: ${image ? "its weights as an image" : "what it answers over the plane"}`);
  setText(element.querySelector("span"), unitName(state, unit));
}

/** A first unit's weights where the inputs are an image. */
function weightsAsImage(state, { layer, unit }) {
  const network = state["view:network"];
  const pictures = layer === 0 && network?.run === state.run?.id && network.layers[0].pictures;
  return pictures && unit < pictures.shape[0] ? pictureImage(pictures, unit) : null;
}
