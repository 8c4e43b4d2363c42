// Actions of the panel menu, loaded at first use: save the image, save the data, show the explanation.

import { h } from "../../core/dom.js";
import { t } from "../../core/text.js";
import { toCsv } from "./csv.js";
import { pictureOf } from "./snapshot.js";

/** Opens the dialog with the explanation of the panel. */
export function showExplanation(shell, title) {
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-label": title },
    h("h2", { text: title }),
    h("p", { text: shell.explain ?? t(`panel.${shell.section.dataset.panel}.explain`) }),
    h("form", { method: "dialog" }, h("button", { class: "button", text: t("page.close") })),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const slug = (title) => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
const plainArrays = (_, value) =>
  ArrayBuffer.isView(value)
    ? { shape: value.shape, values: Array.from(value, (v) => (Number.isFinite(v) ? v : null)) }
    : value;

/** Saves the panel as one PNG with its text; a visible Plotly plot saves its own image instead. */
export function saveImage(shell, title) {
  const plot = [...shell.body.querySelectorAll(".js-plotly-plot")].find((element) => element.checkVisibility());
  if (plot) {
    const [width, height] = [plot.clientWidth * 2, plot.clientHeight * 2];
    const layout = { ...plot.layout, paper_bgcolor: getComputedStyle(shell.section).backgroundColor };
    const picture = { data: plot.data, layout };
    return window.Plotly.downloadImage(picture, { format: "png", filename: slug(title), width, height });
  }
  return pictureOf(shell.section).toBlob((blob) => download(`${slug(title)}.png`, blob));
}

const save = (name, type, text) => download(name, new Blob([text], { type }));
export const saveJson = (title, data) =>
  save(`${slug(title)}.json`, "application/json", JSON.stringify(data, plainArrays));
export const saveCsv = (title, data) => save(`${slug(title)}.csv`, "text/csv", toCsv(data));

function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
