// The task wizard: for each task the question, output activation and loss with reasons, and unsuitable settings.

import { h, setText } from "../core/dom.js";
import { notationOf, notationSwitch } from "../core/notation.js";
import { paradigmOf, taskOf } from "./problem.js";
import { defaultConfig } from "./sharing.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";
import { block, frac, mi, mn, mo, mtext, row, sub, sup } from "../panels/shared/formulas.js";

const NOTICE_DURATION = 15000; // ms
const exponential = (power) => sup(mi("e"), power);
const minusZ = () => row(mo("−"), mi("z"));
/** Formulas of the output activations, for a letter of the prediction. */
const OUTPUTS = {
  linear: (p) => row(mi(p), mo("="), mi("z")),
  sigmoid: (p) => row(mi(p), mo("="), frac(mn("1"), row(mn("1"), mo("+"), exponential(minusZ())))),
  softmax: (p) =>
    row(
      sub(mi(p), mi("i")),
      mo("="),
      frac(exponential(sub(mi("z"), mi("i"))), row(sub(mo("∑"), mi("j")), exponential(sub(mi("z"), mi("j"))))),
    ),
};
const oneMinus = (name) => row(mo("("), mn("1"), mo("−"), mi(name), mo(")"));
/** Formulas of the losses, for the letters of prediction and target. */
const LOSSES = {
  mean_squared_error: (p, y) => row(mi("E"), mo("="), sup(row(mo("("), mi(p), mo("−"), mi(y), mo(")")), mn("2"))),
  binary_crossentropy: (p, y) =>
    row(
      mi("E"), mo("="), mo("−"), mi(y), mtext(" ln "), mi(p), mo("−"), oneMinus(y), mtext(" ln "), oneMinus(p),
    ),
  categorical_crossentropy: (p) =>
    row(mi("E"), mo("="), mo("−"), mtext(" ln "), sub(mi(p), mtext(t("studio.wizard.true_class")))),
};

/** Opens the dialog; its buttons replace the configuration of the page. */
export function openWizard(store, actions) {
  const { catalogue, draft } = store.get();
  if (!catalogue || !draft) return;
  const close = h("form", { method: "dialog" }, h("button", { class: "button", text: t("page.close") }));
  const letters = h("span", {});
  const cards = h("div", { class: "wizard-tasks" });
  const dialog = h(
    "dialog",
    { id: "wizard-dialog", class: "dialog wizard", "aria-labelledby": "wizard-title" },
    h("h2", { id: "wizard-title", text: t("studio.wizard.title") }),
    h("p", {}, t("studio.wizard.summary"), " ", letters, " ", notationSwitch(store)),
    cards,
    close,
  );
  const show = (state) => {
    const notation = notationOf(state);
    setText(letters, t(`studio.wizard.letters.${notation.name}`));
    cards.replaceChildren(...taskCards({ notation, catalogue, store, actions, close: () => dialog.close() }, draft));
  };
  const stop = store.watch((state, changed) => changed.includes("notation") && show(state));
  show(store.get());
  dialog.addEventListener("close", () => {
    stop();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** A card for each task that has a question. */
function taskCards(context, draft) {
  const currentTask = taskOf(context.catalogue, draft);
  const tasks = Object.entries(context.catalogue.tasks).filter(([, task]) => task.question);
  return tasks.map(([name, task]) => card({ ...context, name, task, current: name === currentTask }));
}

const titled = (list, name) => list.find((entry) => entry.name === name)?.title ?? name;

function card(context) {
  const { name, task, current } = context;
  const text = current ? t("studio.wizard.current", { task: task.title }) : task.title;
  const head = h("header", {}, h("h3", { text: task.question }), h("span", { class: "wizard-kind", text }));
  const attributes = { class: "wizard-task", "data-task": name, "aria-label": task.title };
  return h("section", attributes, head, outputAndLoss(context), commands(context));
}

/** The output activation and the loss of a task, each with its formula and the reason for it. */
function outputAndLoss({ task, catalogue, notation }) {
  const formula = (table, key) => table[key] && block(table[key](notation.prediction, notation.target));
  const entry = (title, formulaOf, reason) =>
    h("dd", {}, h("strong", { text: title }), formulaOf, h("p", { text: `${reason}.` }));
  const { output_activation: output, loss } = task;
  return h(
    "dl",
    {},
    h("dt", { text: t("studio.wizard.output") }),
    entry(titled(catalogue.activations, output), formula(OUTPUTS, output), task.reason),
    h("dt", { text: t("studio.wizard.loss") }),
    entry(titled(catalogue.losses, loss), formula(LOSSES, loss), task.loss_reason),
  );
}

/** The buttons that set the output and loss of the task, or unsuitable ones. */
function commands({ task, current, store, actions, close }) {
  // The dialog closes when the new run exists, so that no panel behind it requests views of the replaced run.
  const apply = (changes, watch, start) =>
    use(store, actions, configured(store.get(), task, changes), watch, start).then(close);
  const click = () => apply({}, t("studio.wizard.applied", { task: task.title }), false);
  const text = current ? t("studio.wizard.set") : t("studio.wizard.use");
  const mismatches = task.breaks.map(({ title, watch, changes }) => {
    const attempt = () => apply(changes, watch, true);
    const attributes = { type: "button", class: "chip", title: watch, on: { click: attempt } };
    return h("button", attributes, h("span", { text: title }));
  });
  return h(
    "div",
    { class: "wizard-acts" },
    h("button", { type: "button", class: "button", text, on: { click } }),
    h("p", { class: "wizard-break", text: t("studio.wizard.break") }),
    mismatches,
  );
}

/** The configuration for a task: the current data if they fit, else its example; output and loss from `changes`. */
function configured({ draft, catalogue }, task, changes) {
  const base = paradigmOf(draft) === "supervised" ? draft : defaultConfig();
  const same = base === draft && catalogue.tasks[taskOf(catalogue, draft)] === task;
  const data = same
    ? {}
    : {
        dataset: {
          ...base.dataset,
          name: task.example,
          samples: null,
          noise: null,
          classes: null,
          standardize: "auto",
        },
        features: null,
      };
  const optimizer =
    base.optimizer.name === "perceptron"
      ? { optimizer: { name: "adam", learning_rate: 0.02, schedule: { name: "constant" }, clip_norm: null } }
      : {};
  const loss = { name: "auto", delta: null, ...changes.loss };
  return { ...base, ...data, ...optimizer, output_activation: "auto", ...changes, loss };
}

async function use(store, actions, config, watch, start) {
  await actions.replace(config);
  if (start && !isTraining(store.get().run)) await actions.toggle();
  store.set({ notice: { text: watch, kind: "info", at: performance.now(), duration: NOTICE_DURATION } });
}
