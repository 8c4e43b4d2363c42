// The wall: a picture of what every member computes, live while they train; sorted by score or by a varied field.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { memberScore } from "../scores.js";
import { refreshing } from "../shared/refreshing.js";
import { labelOf, variedPaths } from "../variation.js";
import { createCard } from "./card.js";
import { createDrawing } from "./drawing.js";
import { drawPicture, viewOf } from "./picture.js";
import { createPreview } from "./preview.js";

const FPS = 11; // pictures a second: ten, as some come late
const ARRANGE_MS = 1000; // between two changes of the order while members change
const REQUEST_MS = 500; // between two requests for the pictures of other members
const DIAGNOSES_MS = 10_000; // between two requests for the problems of the members
const MANY = 100; // members, above which pictures have fewer points

/** Shows the wall in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const wall = {
    experiment, pictures: new Map(), preview: createPreview(experiment), list: h("ul", { class: "wall" }),
    cards: new Map(experiment.members.map((member) => [member.run, createCard(experiment, member)])),
    order: orderSelect(experiment, () => arrange(wall)), first: null, timer: 0,
    progress: h("p", { class: "wall-progress", role: "status", text: t("experiment.wall.first_picture") }),
  };
  wall.request = limited(() => requestPictures(wall), REQUEST_MS);
  wall.drawing = createDrawing((run) => draw(wall, run), wall.request.later);
  for (const [run, card] of wall.cards) wall.drawing.observe(run, card.element);
  const redraw = () => [...wall.pictures.keys()].forEach(wall.drawing.add);
  addEventListener("resize", redraw);
  document.addEventListener("visibilitychange", wall.request.later);
  const ends = [
    experiment.subscribe((members) => showMembers(wall, members)),
    experiment.onView((frame) => showPicture(wall, frame)),
    followProblems(experiment),
    wall.drawing.destroy, wall.request.end, wall.preview.end,
    () => experiment.request({ subscribe: [] }),
    () => clearTimeout(wall.timer),
    () => removeEventListener("resize", redraw),
    () => document.removeEventListener("visibilitychange", wall.request.later),
  ];
  const area = h("div", { class: "wall-area" }, wall.list, wall.preview.element);
  element.append(h("div", { class: "wall-tools" }, wall.order.element, wall.progress), area);
  arrange(wall);
  showLarge(wall);
  return { destroy: () => ends.forEach((end) => end()) };
}

/** Reads what the diagnoses find in the members; returns a function that ends it. */
const followProblems = (experiment) => refreshing(experiment, () => api.experimentDiagnoses(experiment.id),
  ({ members }) => experiment.setProblems(members), () => null, { interval: DIAGNOSES_MS }).end;

/** Brings the cards into their order. */
function arrange(wall) {
  const { experiment, list, cards, order } = wall;
  const sorted = sort(experiment, order.value());
  wall.first = sorted[0]?.run ?? null;
  sorted.forEach(({ run }, i) => {
    const card = cards.get(run).element;
    if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
  });
}

/** Some time after members have changed; cards do not move while the pointer or the focus is on one. */
function arrangeLater(wall) {
  wall.timer ||= setTimeout(() => {
    wall.timer = 0;
    if (wall.list.matches(":hover, :focus-within")) return arrangeLater(wall);
    const before = wall.first;
    arrange(wall);
    if (wall.first !== before) wall.request.later();
    showLarge(wall);
  }, ARRANGE_MS);
}

function showMembers(wall, members) {
  for (const member of members) wall.cards.get(member.run).show(member);
  if (members.length) arrangeLater(wall);
  for (const [run, card] of wall.cards) card.emphasise(run === wall.experiment.hovered);
  showLarge(wall);
}

/** The member under the pointer, or else the first one. */
function showLarge(wall) {
  const run = wall.experiment.hovered ?? wall.first;
  wall.preview.show(run, wall.pictures.get(run));
}

/** `frame` is the newest view of a member. */
function showPicture(wall, frame) {
  if (!wall.cards.has(frame.id)) return;
  wall.pictures.set(frame.id, frame);
  wall.drawing.add(frame.id);
  if (frame.id === (wall.experiment.hovered ?? wall.first)) showLarge(wall);
}

/** Draws a picture, and says how many of those on the screen are drawn until all are. */
function draw({ cards, pictures, experiment, progress, drawing }, run) {
  drawPicture(cards.get(run).canvas, pictures.get(run), experiment, run);
  cards.get(run).drawn();
  const visible = [...drawing.visible];
  const [count, total] = [visible.filter((each) => pictures.has(each)).length, visible.length];
  const values = { count: integer(count), total: integer(total) };
  setText(progress, count < total ? t("experiment.wall.pictures", values) : "");
}

/** Requests the pictures of the cards on the screen, and of the first member, which is shown large. */
function requestPictures({ experiment, drawing, first }) {
  if (document.hidden || !drawing.visible.size) return experiment.request({ subscribe: [] });
  const { view, options } = viewOf(experiment, experiment.members.length > MANY ? 32 : 48);
  const members = [...new Set([...drawing.visible, ...(first ? [first] : [])])];
  experiment.request({ subscribe: [{ view, options }], fps: FPS, members });
}

/** Calls `work` soon, at most once in `ms`: { later(), end() }. */
function limited(work, ms) {
  let timer = 0;
  let last = -ms;
  const now = () => {
    [timer, last] = [0, performance.now()];
    work();
  };
  const later = () => (timer ||= setTimeout(now, Math.max(0, last + ms - performance.now())));
  return { later, end: () => clearTimeout(timer) };
}

/** The select of the order: { element, value() }. The address keeps it for the way back to this page. */
function orderSelect(experiment, change) {
  const options = [["score", t("experiment.wall.by_score")], ["member", t("experiment.wall.by_member")]];
  for (const path of variedPaths(experiment)) {
    options.push([path, t("experiment.wall.by_field", { field: labelOf(experiment, path) })]);
  }
  const entries = options.map(([value, text]) => h("option", { value, text }));
  const keep = () => {
    const url = new URL(location.href);
    url.searchParams.set("order", select.value);
    history.replaceState(history.state, "", url);
    change();
  };
  const select = h("select", { class: "select", on: { change: keep } }, entries);
  const kept = new URLSearchParams(location.search).get("order");
  if (options.some(([value]) => value === kept)) select.value = kept;
  const element = h("label", { class: "wall-order" }, t("experiment.wall.order"), " ", select);
  return { element, value: () => select.value };
}

/** The members in an order: the best first, as they were created, or by the value of a field. */
function sort(experiment, order) {
  const members = experiment.members.filter(({ status }) => status !== "deleted");
  if (order === "member") return members;
  const rank = (member) => (order === "score" ? -memberScore(experiment, member).rank : member.values[order]);
  return members.map((member) => [rank(member), member]).sort(([a], [b]) => compare(a, b)).map(([, member]) => member);
}

const compare = (a, b) =>
  (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
