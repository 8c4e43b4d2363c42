// A calculation by hand in a lesson: worked out, then with blanks, then free, with the numbers of the running network.

import { api } from "../core/api.js";
import { h } from "../core/dom.js";
import { number } from "../core/formats.js";
import { t } from "../core/text.js";
import { answersOf, keep } from "./answers.js";
import { valueAt } from "./measures.js";

const DIGITS = 4;
const CLOSE = 1e-9; // differences of rounding
const PLACE = /\{([^{}]+)\}/;
const OPERATOR = /[·+−]\s*$/;

/** Shows the cases one after the other; `onEnd` is called after the last, `again` begins anew. */
export async function openWork({ store, session }, attempt, place, onEnd, again) {
  const { work } = attempt;
  if (work.steps) await session.command("step", { unit: "step", count: work.steps });
  const { id } = store.get().run;
  const section = h("section", { class: "predict", "aria-label": attempt.title },
    h("h3", { text: attempt.title }), h("p", { class: "predict-question", text: work.task }));
  place.replaceChildren(section);
  async function open(index) {
    if (index === work.cases.length) {
      const restart = () => { keep(attempt.name, { solved: null, given: null }); again(); };
      section.append(buttons(h("button", { type: "button", class: "button", text: t("lessons.work.again"),
        on: { click: restart } })));
      return onEnd();
    }
    const { options, paths, name } = work.cases[index];
    const frame = await api.view(id, work.view, options);
    const numbers = Object.fromEntries(Object.entries(paths).map(([key, path]) => [key, valueAt(frame, path)]));
    const done = () => {
      keep(attempt.name, { solved: Math.max(index + 1, solvedOf(attempt)) });
      return open(index + 1);
    };
    const shown = caseElement({ attempt, index, name, numbers, done });
    section.append(shown);
    shown.scrollIntoView({ block: "nearest" });
    return null;
  }
  await open(0);
}

const solvedOf = ({ name }) => answersOf(name).solved ?? 0;
const buttons = (...children) => h("p", { class: "predict-buttons" }, children);

/** A case: its lines; those to be solved have fields in the places of what is asked. */
function caseElement({ attempt, index, name, numbers, done }) {
  const { work } = attempt;
  const titles = { worked: t("lessons.work.worked"), blank: t("lessons.work.blank"), free: t("lessons.work.free") };
  const element = h("div", { class: "work-case" }, h("h4", { text: titles[name] }));
  const lines = work.cases[index].lines.map((line) => h("p", { class: "work-line", text: lineText(line, numbers) }));
  if (index < solvedOf(attempt)) {
    element.append(...lines);
    queueMicrotask(done);
  } else if (name === "worked") {
    const next = h("button", { type: "button", class: "button primary", "data-explain": true,
      text: t("lessons.work.next"), on: { click: () => { next.parentElement.remove(); done(); } } });
    element.append(...lines, buttons(next));
  } else {
    const solved = (text) => {
      form.replaceWith(...lines, h("p", { class: "predict-measured", role: "status", text }));
      done();
    };
    const form = exercise({ attempt, index, name, numbers, solved });
    element.append(form);
  }
  return element;
}

function exercise({ attempt, index, name, numbers, solved }) {
  const { ask, tolerance, cases } = attempt.work;
  const { lines } = cases[index];
  const asked = name === "free" ? ask.slice(-1) : ask;
  const fields = Object.fromEntries(asked.map((key) => [key, field(attempt, `${index}.${key}`, key)]));
  const status = h("p", { class: "predict-missing", role: "status" });
  const submit = (event) => {
    event.preventDefault();
    const wrong = asked.filter((key) => !isClose(fields[key].value, numbers[key], tolerance));
    for (const key of asked) fields[key].setAttribute("aria-invalid", String(wrong.includes(key)));
    status.textContent = wrong.length ? t("lessons.work.not_yet", { names: wrong.join(", ") }) : "";
    if (!wrong.length) solved(t("lessons.work.right"));
  };
  const show = h("button", { type: "button", class: "button", "data-explain": true, text: t("lessons.work.show"),
    on: { click: () => solved(t("lessons.work.shown")) } });
  return h("form", { novalidate: true, on: { submit } },
    name === "free" ? given(ask, numbers, fields) : lines.map((line) => blankLine(line, numbers, fields, ask)),
    status, buttons(h("button", { class: "button primary", text: t("lessons.work.check") }), show));
}

/** A number field, whose content is kept. */
function field({ name }, place, label) {
  const input = ({ target }) =>
    keep(name, { given: { ...answersOf(name).given, [place]: target.value } });
  return h("input", { type: "number", step: "any", class: "number", "aria-label": label,
    value: answersOf(name).given?.[place] ?? "", on: { input } });
}

const isClose = (text, value, tolerance) =>
  text !== "" && Math.abs(Number(text) - value) <= Math.max(tolerance * Math.abs(value), CLOSE);

/** What is given in the free case, and the field of what is asked. */
function given(ask, numbers, fields) {
  const [key] = Object.keys(fields);
  const names = Object.keys(numbers).filter((name) => !ask.includes(name));
  const values = names.map((name) => `${name} = ${signed(numbers[name])}`).join(", ");
  return [h("p", { class: "work-line", text: t("lessons.work.given", { values }) }),
    h("p", { class: "work-line" }, `${key} = `, fields[key])];
}

/** A line with its numbers, negative ones after an operator in parentheses. */
const lineText = (line, numbers) => line.split(PLACE).reduce((text, part, i) => text + (i % 2
  ? numberIn(numbers[part], text) : part), "");

const signed = (value) => number(value, DIGITS).replace("-", "−");

function numberIn(value, before) {
  const text = signed(value);
  return value < 0 && OPERATOR.test(before) ? `(${text})` : text;
}

/** A line with a field where what is asked is its result; elsewhere the name stands. */
function blankLine(line, numbers, fields, ask) {
  const parts = line.split(PLACE);
  const isResult = (i) => i === parts.length - 2 && parts[i - 1].trimEnd().endsWith("=");
  const partOf = (part, i) => {
    if (i % 2 === 0) return part;
    if (!ask.includes(part)) return numberIn(numbers[part], parts[i - 1]);
    return isResult(i) ? fields[part] : part;
  };
  return h("p", { class: "work-line" }, parts.map(partOf));
}
