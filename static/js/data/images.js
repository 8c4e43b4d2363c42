// Imported images: files that belong together, and the preview of them.

import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { thumbnail } from "../panels/shared/pixels.js";
import { warningList } from "./import-preview.js";

const SIDE = 56; // CSS pixels of an image

/** Several files as one request body: training files first, IDX images beside their labels. */
export function oneBody(files) {
  const isTraining = ({ name }) => /train/i.test(name);
  const sorted = [...files].sort((a, b) => isTraining(b) - isTraining(a) || a.name.localeCompare(b.name));
  return sorted.length === 1 ? sorted[0] : new Blob(sorted);
}

/** The preview, as elements. */
export function imagesPreview(answer) {
  const { rows, image, classes, counts, task, pictures } = answer;
  const size = { height: image.rows, width: image.columns, low: image.low, high: image.high };
  const classCounts = classes.map((name, i) => t("data.images.class", { name, rows: integer(counts[i]) })).join(", ");
  const description = t("data.images.classes", { task: t(`data.task.${task}`), classes: classCounts });
  const figure = (pixels, i) => h("figure", { class: "data-thumb" },
    thumbnail(pixels, image, SIDE, t("data.images.image", { label: pictures.labels[i] })),
    h("figcaption", { text: pictures.labels[i] }));
  return [
    h("p", { class: "data-facts", text: t("data.images.facts", { images: integer(rows), ...size }) }),
    h("p", { class: "data-note", text: description }),
    warningList(answer),
    h("div", { class: "data-thumbs" }, pictures.pixels.map(figure)),
  ];
}
