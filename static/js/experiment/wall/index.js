// The wall: a picture of what every member computes, live while they train; sorted by score or by a varied field.

import { api } from "../../core/api.js";
import { h, setText } from "../../core/dom.js";
import { integer } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { memberScore } from "../scores.js";
import { refreshing } from "../shared/refreshing.js";
import { labelOf, variedPaths } from "../variation.js";
import { createCard } from "./card.js";
import { drawPicture, viewOf } from "./picture.js";
import { createPreview } from "./preview.js";

const FPS = 10; // pictures a second
const DIAGNOSES_MS = 5000; // between two requests for the problems of the members
const MANY = 100; // members, above which pictures have fewer points

/** Shows the wall in `element`; returns { destroy() }. */
export function mount(element, experiment) {
  const wall = {
    experiment, pictures: new Map(), preview: createPreview(experiment), list: h("ul", { class: "wall" }),
    cards: new Map(experiment.members.map((member) => [member.run, createCard(experiment, member)])),
    order: orderSelect(experiment, () => arrange(wall)),
    progress: h("p", { class: "wall-progress", role: "status", text: t("experiment.wall.first_picture") }),
  };
  const redraw = () => [...wall.pictures.keys()].forEach((run) => draw(wall, run));
  addEventListener("resize", redraw);
  const ends = [
    experiment.subscribe((members) => showMembers(wall, members)),
    experiment.onView((frame) => showPicture(wall, frame)),
    requestPictures(experiment),
    followProblems(experiment),
    () => removeEventListener("resize", redraw),
  ];
  const area = h("div", { class: "wall-area" }, wall.list, wall.preview.element);
  element.append(h("div", { class: "wall-tools" }, wall.order.element, wall.progress), area);
  arrange(wall);
  showHovered(wall);
  return { destroy: () => ends.forEach((end) => end()) };
}

/** Reads what the diagnoses find in the members; returns a function that ends it. */
const followProblems = (experiment) => refreshing(experiment, () => api.experimentDiagnoses(experiment.id),
  ({ members }) => experiment.setProblems(members), () => null, DIAGNOSES_MS).end;

/** Brings the cards into their order. */
function arrange({ experiment, list, cards, order }) {
  sort(experiment, order.value()).forEach(({ run }, i) => {
    const card = cards.get(run).element;
    if (list.children[i] !== card) list.insertBefore(card, list.children[i] ?? null);
  });
}

/** Cards do not move while the pointer or the focus is on one. */
function showMembers(wall, members) {
  for (const member of members) wall.cards.get(member.run).show(member);
  if (members.length && !wall.list.matches(":hover, :focus-within")) arrange(wall);
  showHovered(wall);
}

function showHovered(wall) {
  for (const [run, card] of wall.cards) card.emphasise(run === wall.experiment.hovered);
  const run = shownRun(wall);
  wall.preview.show(run, wall.pictures.get(run));
}

/** The member under the pointer, or else the first one. */
const shownRun = ({ experiment, order }) => experiment.hovered ?? sort(experiment, order.value())[0]?.run;

/** `frame` is the newest view of a member. */
function showPicture(wall, frame) {
  if (!wall.cards.has(frame.id)) return;
  wall.pictures.set(frame.id, frame);
  draw(wall, frame.id);
  if (frame.id === shownRun(wall)) wall.preview.show(frame.id, frame);
}

function draw({ cards, pictures, experiment, progress }, run) {
  drawPicture(cards.get(run).canvas, pictures.get(run), experiment, run);
  cards.get(run).drawn();
  const [count, total] = [pictures.size, cards.size].map(integer);
  setText(progress, pictures.size < cards.size ? t("experiment.wall.pictures", { count, total }) : "");
}

/** Requests the pictures while the page is visible; returns a function that ends it. */
function requestPictures(experiment) {
  const { view, options } = viewOf(experiment, experiment.members.length > MANY ? 32 : 48);
  const request = () => experiment.request({ subscribe: document.hidden ? [] : [{ view, options }], fps: FPS });
  document.addEventListener("visibilitychange", request);
  request();
  return () => {
    document.removeEventListener("visibilitychange", request);
    experiment.request({ subscribe: [] });
  };
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
