// The legend of the policy map and the mean values over the states.

import { cividis } from "../../core/cividis.js";
import { classColour, css } from "../../core/colours.js";
import { h, setProperty, setText } from "../../core/dom.js";
import { integer, number, percent } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { glyph } from "../shared/shapes.js";
import { ENTROPY, MOST_PROBABLE } from "./quantities.js";

const RAMP = `linear-gradient(90deg, ${Array.from({ length: 9 }, (_, i) => css(cividis(i / 8))).join(", ")})`;

/** The colour scale with its ends; hidden for the most probable action, which has the glyphs of the bars. */
export function showLegend(element, frame, quantity) {
  setProperty(element, "hidden", quantity === MOST_PROBABLE);
  const maximum = quantity === ENTROPY ? t("panel.policy.maximum_entropy", { value: number(frame.most) }) : "1";
  if (element.hidden || element.dataset.maximum === maximum) return;
  element.dataset.maximum = maximum;
  const marks = ["0", maximum].map((text) => h("span", { text }));
  element.replaceChildren(
    h("div", { class: "colour-ramp", style: { background: RAMP } }),
    h("div", { class: "colour-marks" }, marks),
  );
}

/** Means over the states as bars with their numbers: the probability of each action, and the entropy. */
export function showMeans(element, frame) {
  const names = frame.names.join();
  if (element.dataset.names !== names) {
    element.dataset.names = names;
    element.replaceChildren(
      h("p", { class: "aside" }),
      ...frame.names.map((name, i) => buildBar(name, css(classColour(i)), glyph(i))),
      buildBar(t("panel.policy.entropy"), "var(--accent)"),
    );
  }
  const [heading, ...bars] = element.children;
  setText(heading, t("panel.policy.mean", { count: frame.states, number: integer(frame.states) }));
  frame.mean_policy.forEach((probability, i) => showBar(bars[i], probability, percent(probability)));
  const entropy = t("panel.policy.nats", { value: number(frame.mean_entropy) });
  showBar(bars.at(-1), frame.mean_entropy / frame.most, entropy);
}

function buildBar(name, colour, shape) {
  const track = h("i", { class: "mean-track" }, h("i", { style: { background: colour } }));
  return h("div", { class: "mean-row" }, h("span", {}, shape, name), track, h("output", {}));
}

function showBar(row, fraction, text) {
  const [, track, output] = row.children;
  track.firstChild.style.width = `${100 * fraction}%`;
  setText(output, text);
}
