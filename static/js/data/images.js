// Pictures that somebody brings: files that belong together, and what was understood of them.

import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { thumbnail } from "../panels/shared/pixels.js";

const SIDE = 56; // CSS pixels of a picture

/** One body of several files: IDX pictures and labels follow each other, training files first. */
export function together(files) {
  const inTurn = [...files].sort((a, b) => (/train/i.test(b.name) - /train/i.test(a.name)) || a.name.localeCompare(b.name));
  return inTurn.length === 1 ? inTurn[0] : new Blob(inTurn);
}

/** What was understood, as elements. */
export function picturesView({ rows, image, classes, counts, task, pictures, warnings }) {
  const shown = pictures.pixels.map((pixels, i) => h("figure", { class: "data-thumb" }, thumbnail(pixels, image, SIDE, `a picture of ${pictures.labels[i]}`), h("figcaption", { text: pictures.labels[i] })));
  return [
    h("p", { class: "data-facts", text: `${integer(rows)} pictures of ${image.rows} × ${image.columns} pixels from ${image.low} to ${image.high}.` }),
    h("p", { class: "data-note", text: `${task === "binary" ? "Binary" : "Multiclass"}: ${classes.map((name, i) => `${name} (${integer(counts[i])})`).join(", ")}.` }),
    warnings.length > 0 && h("ul", { class: "data-warnings" }, warnings.map((text) => h("li", { text }))),
    h("div", { class: "data-thumbs" }, shown),
  ];
}
