// What the menu of a panel can do besides enlarging it: save its picture and its data, and explain it. Fetched when first asked for.

import { h } from "../../core/dom.js";
import { toCsv } from "./csv.js";
import { pictureOf } from "./snapshot.js";

/** "What is this?" */
export function tell(shell, title) {
  const dialog = h("dialog", { class: "dialog", "aria-label": title }, h("h2", { text: title }), h("p", { text: shell.explain }),
    h("form", { method: "dialog" }, h("button", { class: "button", text: "Close" })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const slug = (title) => title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
const plainArrays = (_, value) => (ArrayBuffer.isView(value) ? { shape: value.shape, values: Array.from(value, (v) => (Number.isFinite(v) ? v : null)) } : value);

/** The panel as one picture, its words among it; of a plot that can be turned, what that makes of itself. */
export function saveImage(shell, title) {
  const plot = [...shell.body.querySelectorAll(".js-plotly-plot")].find((each) => each.checkVisibility());
  if (plot) return window.Plotly.downloadImage(plot, { format: "png", filename: slug(title), width: plot.clientWidth * 2, height: plot.clientHeight * 2 });
  return pictureOf(shell.section).toBlob((blob) => offer(`${slug(title)}.png`, blob));
}

const save = (name, type, text) => offer(name, new Blob([text], { type }));
export const saveJson = (title, data) => save(`${slug(title)}.json`, "application/json", JSON.stringify(data, plainArrays));
export const saveCsv = (title, data) => save(`${slug(title)}.csv`, "text/csv", toCsv(data));

function offer(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
