// Beside the map of the difference: its scale, what differs in a sentence, and the measured values of A and B.

import { h, setText } from "../core/dom.js";
import { integer, number, percent } from "../core/formats.js";
import { t } from "../core/text.js";
import { GRADIENT } from "../panels/shared/legend.js";
import { oneOfMany, taskOf } from "../panels/shared/scales.js";
import { focusUnit } from "../studio/units.js";
import { differentSettings, measuredSteps, measuredValues } from "./numbers.js";

/** Returns { element, show(state, result) }; `result` is that of comparison(). */
export function createSummary(section) {
  const labels = ["", "0", ""].map((text) => h("span", { text }));
  const bar = h("div", { class: "colour-bar" },
    h("div", { class: "colour-ramp", style: { background: GRADIENT } }), h("div", { class: "colour-marks" }, labels));
  const line = h("p", { class: "reference-line" });
  const table = numberTable(2);
  const button = h("button", {
    type: "button", class: "button small reference-settings", "data-compare": true, "aria-haspopup": "dialog",
  });
  const element = h("div", { class: "reference-summary area-s" }, bar, line, table.element, button);
  const show = (state, result) => {
    const scale = result.difference?.scale;
    bar.hidden = !scale;
    if (scale) [-scale.reach, scale.reach].forEach((value, i) => setText(labels[2 * i], number(value)));
    setText(line, sentence(state, result));
    table.show(measuredValues(state), measuredSteps(state), 3);
    setText(button, t("reference.settings_differ", { count: differentSettings(state).length }));
  };
  return { element, show, section };
}

/** What differs on the plane, or why no difference is drawn. */
function sentence(state, { share, reason, difference, plotA }) {
  const texts = [];
  if (share !== undefined && share !== null) texts.push(shareText(state, share));
  if (hasCounts(state) && !focusUnit(state)) texts.push(countText(state));
  if (reason) texts.push(reason);
  if (difference && (share === null || focusUnit(state))) {
    texts.push(t("reference.mean_difference", { mean: number(difference.mean), largest: number(difference.largest) }));
  }
  if (!reason && !plotA) texts.push(t("reference.waiting"));
  return texts.join(" ");
}

/** The counts are those of the drawn step; while B follows the training they are renewed every second. */
function hasCounts({ reference: { counts }, "view:decision_boundary": frame }) {
  return Boolean(counts && (counts.isLive || counts.step === frame?.step));
}

function countText(state) {
  const { counts } = state.reference;
  if (taskOf(state) === "control") {
    const [count, total] = ["count", "total"].map((name) => counts.parts.reduce((sum, part) => sum + part[name], 0));
    return t("reference.points.actions", { count: integer(count), total: integer(total) });
  }
  const parts = counts.parts.map(({ part, count, total, isWhole }) => {
    const values = { count: integer(count), total: integer(total), part: t(`reference.points.${part}`) };
    return isWhole ? t("reference.points.of_all", values) : t("reference.points.of_first", values);
  });
  const text = parts.join(", ");
  if (taskOf(state) === "multilabel") return t("reference.points.labels", { text });
  return t("reference.points.classes", { text });
}

function shareText(state, share) {
  const text = percent(share);
  if (taskOf(state) === "control") return t("reference.share.actions", { share: text });
  if (oneOfMany(state)) return t("reference.share.classes", { share: text });
  return t("reference.share.boundary", { share: text });
}

/** A table of measured values with a row each: name, A, B, B - A; `show(rows, note, max)` fills it. */
export function numberTable(digits = 3) {
  const [caption, body] = [h("caption"), h("tbody")];
  const heading = (text) => h("th", { scope: "col", text });
  const head = h("tr", {}, h("td"), heading("A"), heading("B"), heading(t("reference.name_difference")));
  const element = h("table", { class: "reference-numbers" }, caption, h("thead", {}, head), body);
  let names = "";
  const show = (values, note, max = Infinity) => {
    setText(caption, note);
    const rows = chosen(values, max);
    const key = rows.map(({ name }) => name).join();
    if (key !== names) body.replaceChildren(...rows.map(({ title }) => row(title)));
    names = key;
    rows.forEach(({ a, b }, i) => {
      const texts = [number(a, digits), number(b, digits), signed(b - a, digits)];
      texts.forEach((text, k) => setText(body.children[i].children[k + 1], text));
    });
  };
  return { element, show };
}

const row = (title) => h("tr", {}, h("th", { scope: "row", text: title }), h("td"), h("td"), h("td"));

function signed(value, digits) {
  const text = number(value, digits).replace("-", "−");
  return value > 0 ? `+${text}` : text;
}

/** The losses and the first metrics, at most `max` rows. */
function chosen(values, max) {
  if (values.length <= max) return values;
  const important = values.filter(({ name }) => name !== "validation_loss");
  return important.slice(0, max);
}
