// What the drawn predictions share: a pointer that draws on a canvas, and the name of a curve.

import { t } from "../../core/text.js";
import { curveTitle } from "../../panels/curves/shown.js";

/** Calls `begin(x, y)` and `move(x, y)` with coordinates in the canvas (CSS pixels) while a pointer is pressed. */
export function draggable(canvas, { begin, move }) {
  const place = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [clientX - box.left, clientY - box.top];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    begin(...place(event));
    event.preventDefault();
    canvas.focus();
  });
  canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && move(...place(event)));
}

/** The title of a curve such as `test_accuracy`, with its part of the data. */
export function titleOf(state, column) {
  const [part, ...name] = column.split("_");
  const title = name.join("_") === "loss" ? t("panel.curves.loss") : curveTitle(state, name.join("_"));
  return t("lessons.predict.of_part", { title, part: t(`panel.curves.part.${part}`) });
}
