// The controls for the values of a varied field.

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";

/** The element that edits a suggestion in place; calls `change()` after each edit. `nameOf(value)` is its text. */
export function valuesEditor(suggestion, nameOf, change) {
  if (suggestion.kind === "seeds") return numberRow(suggestion, [["count", t("vary.seeds")]], change);
  if (suggestion.kind === "list") return listEditor(suggestion, nameOf, change);
  const fields = [["low", t("vary.low")], ["high", t("vary.high")], ["count", t("vary.count")]];
  return h("div", {}, numberRow(suggestion, fields, change), scaleChoice(suggestion, change));
}

function numberRow(suggestion, fields, change) {
  return h("div", { class: "vary-row" }, fields.map(([name, text]) => {
    const input = h("input", {
      class: "number", type: "text", inputmode: "decimal", autocomplete: "off", value: String(suggestion[name]),
      on: {
        input: () => {
          suggestion[name] = Number(input.value.trim().replace(",", "."));
          change();
        },
      },
    });
    return h("label", {}, h("span", { text }), input);
  }));
}

function scaleChoice(suggestion, change) {
  const option = (scale, text) => h("label", {}, h("input", {
    type: "radio", name: "vary-scale", value: scale, checked: suggestion.scale === scale,
    on: { change: () => change((suggestion.scale = scale)) },
  }), text);
  return h("div", { class: "vary-scale", role: "radiogroup", "aria-label": t("vary.scale") },
    option("log", t("vary.log")), option("linear", t("vary.linear")));
}

function listEditor(suggestion, nameOf, change) {
  const box = (value) => {
    const input = h("input", {
      type: "checkbox", checked: suggestion.chosen.includes(value),
      on: {
        change: () => {
          const chosen = new Set(suggestion.chosen);
          chosen[input.checked ? "add" : "delete"](value);
          suggestion.chosen = suggestion.values.filter((each) => chosen.has(each));
          change();
        },
      },
    });
    return h("label", { class: "vary-value" }, input, nameOf(value));
  };
  return h("div", { class: "vary-list" }, suggestion.values.map(box));
}
