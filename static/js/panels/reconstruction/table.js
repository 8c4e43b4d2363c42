// The signal-to-noise ratios of the noisy input, the filters and the autoencoder, and the legend of the lines.

import { h, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

const LINES = ["dots", "dashed", "line", "lost"];

export function showTable(element, frame) {
  const { snr } = frame;
  const methods = ["before", ...frame.filters.map(({ name }) => name), "after"];
  const parts = Object.keys(snr);
  const key = [...methods, ...parts].join();
  if (element.dataset.key !== key) {
    element.dataset.key = key;
    element.replaceChildren(buildKey(frame.image), buildTable(methods, parts, frame.filters));
  }
  const testPart = parts.at(-1);
  const best = methods.reduce((a, b) => (snr[testPart][b] > snr[testPart][a] ? b : a));
  const rows = element.querySelectorAll("tbody tr");
  methods.forEach((method, i) =>
    parts.forEach((part, k) =>
      showCell(rows[i].children[k + 1], snr[part][method], part === testPart && method === best),
    ),
  );
}

function buildKey(image) {
  const line = (name) => h("span", {}, h("i", { class: `key-${name}` }), t(`panel.reconstruction.key.${name}`));
  return h("p", { class: "reconstruction-key" }, image ? t("panel.reconstruction.images") : LINES.map(line));
}

function buildTable(methods, parts, filters) {
  const partHeading = (part) => h("th", { scope: "col", text: t(`panel.shared.part.${part}`) });
  const corner = h("th", { scope: "col", text: t("panel.reconstruction.snr") });
  const row = (method) =>
    h(
      "tr",
      { "data-method": method },
      h("th", { scope: "row", text: methodText(method, filters) }),
      parts.map(() => h("td", {})),
    );
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, corner, parts.map(partHeading))),
    h("tbody", {}, methods.map(row)),
  );
}

function methodText(method, filters) {
  const filter = filters.find(({ name }) => name === method);
  if (!filter) return t(`panel.reconstruction.method.${method}`);
  const values = { name: method, count: filter.window, degree: filter.degree };
  return filter.degree ? t("panel.reconstruction.filter_degree", values) : t("panel.reconstruction.filter", values);
}

function showCell(cell, ratio, best) {
  const value = number(ratio);
  setText(cell, best ? t("panel.reconstruction.best", { value }) : value);
  setAttribute(cell, "data-best", best ? "true" : null);
}
