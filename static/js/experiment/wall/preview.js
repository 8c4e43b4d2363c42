// The large picture of the member under the pointer or with the focus, and its numbers.

import { h, setAttribute, setText } from "../../core/dom.js";
import { integer, steady } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { memberScore } from "../scores.js";
import { memberName } from "../variation.js";
import { drawPicture } from "./picture.js";
import { createPoints } from "./points.js";
import { problemText } from "./problems.js";

const SIDE = 600; // pixels at most: the time of drawing grows with their number

/** Returns { element, show(run, frame), end() }; `frame` is its picture, if there is one yet. */
export function createPreview(experiment) {
  const canvas = h("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": t("experiment.wall.large") });
  const name = h("strong");
  const lines = [1, 2, 3, 4, 5].map(() => h("p"));
  const hint = h("p", { class: "wall-hint", text: t("experiment.wall.hint") });
  const open = h("a", { class: "button small", text: t("experiment.wall.open") });
  const texts = h("div", { class: "wall-texts", hidden: true }, name, lines, open);
  const points = createPoints(experiment);
  const large = h("div", { class: "wall-large", hidden: true }, canvas, points.element);
  const element = h("aside", { class: "wall-preview", "aria-label": t("experiment.wall.large") }, large, texts, hint);
  const picture = createPicture(experiment, canvas, points);
  const show = (run, frame) => {
    const member = run && experiment.members.find((each) => each.run === run);
    if (!member) return;
    [large.hidden, texts.hidden] = [!frame, false];
    picture.show(run, frame);
    const { title, text } = memberScore(experiment, member);
    const { train_loss: train, test_loss: test } = member.latest ?? {};
    setText(name, memberName(experiment, member));
    setAttribute(open, "href", `/runs/${run}`);
    setText(lines[0], t("gallery.score", { score: title, value: text }));
    setText(lines[1], t("gallery.losses", { train: steady(train), test: steady(test) }));
    lines[1].hidden = (train ?? test ?? null) === null; // episodes have no loss
    setText(lines[2], stepText(member));
    setText(lines[3], problemText(experiment.catalogue, member.problem));
    setText(lines[4], frame && points.canShow(run) ? t("experiment.wall.points") : "");
  };
  return { element, show, end: picture.end };
}

/** A square picture that has as many pixels as the screen shows of it: { show(run, frame), end() }. */
function createPicture(experiment, canvas, points) {
  let [drawn, drawnRun] = [null, null];
  const draw = () => {
    if (!drawn) return;
    const hasPoints = points.canShow(drawnRun);
    drawPicture(canvas, drawn, experiment, drawnRun, hasPoints);
    if (hasPoints) points.show(drawnRun, drawn, canvas.width);
    else points.hide();
  };
  const observer = new ResizeObserver(() => {
    const side = Math.min(SIDE, Math.round(canvas.clientWidth * devicePixelRatio));
    if (!side || side === canvas.width) return;
    canvas.width = canvas.height = side;
    draw();
  });
  observer.observe(canvas);
  const show = (run, frame) => {
    const isNew = frame !== drawn;
    [drawn, drawnRun] = [frame, run];
    if (isNew) draw();
  };
  return { show, end: () => observer.disconnect() };
}

/** The step, and the best test loss where there is one. */
function stepText({ step, best, latest }) {
  if (!best || latest?.test_loss === undefined) return t("gallery.step", { step: integer(step) });
  const values = { step: integer(step), best: steady(best.score), at: integer(best.step) };
  return t("experiment.wall.steps", values);
}
