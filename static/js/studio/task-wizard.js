// The task wizard: what is asked, which output and which loss answer it and why; and what breaks if one chooses otherwise.

import { h } from "../core/dom.js";
import { paradigmOf, taskOf } from "./problem.js";
import { defaultConfig } from "./sharing.js";
import { block, frac, mi, mn, mo, mtext, row, sub, sup } from "../panels/shared/formulas.js";

const exponential = (power) => sup(mi("e"), power);
const minusZ = () => row(mo("−"), mi("z"));
/** Formulas of the output layer, in the lecture's letters. */
const OUTPUTS = {
  linear: () => row(mi("y"), mo("="), mi("z")),
  sigmoid: () => row(mi("y"), mo("="), frac(mn("1"), row(mn("1"), mo("+"), exponential(minusZ())))),
  softmax: () => row(sub(mi("y"), mi("i")), mo("="), frac(exponential(sub(mi("z"), mi("i"))), row(sub(mo("∑"), mi("j")), exponential(sub(mi("z"), mi("j")))))),
};
const hat = () => mi("ŷ");
const LOSSES = {
  mean_squared_error: () => row(mi("E"), mo("="), sup(row(mo("("), hat(), mo("−"), mi("y"), mo(")")), mn("2"))),
  binary_crossentropy: () => row(mi("E"), mo("="), mo("−"), hat(), mtext(" log "), mi("y"), mo("−"), row(mo("("), mn("1"), mo("−"), hat(), mo(")")), mtext(" log"), row(mo("("), mn("1"), mo("−"), mi("y"), mo(")"))),
  categorical_crossentropy: () => row(mi("E"), mo("="), mo("−"), mtext(" log "), sub(mi("y"), mtext("true class"))),
};

/** Open the dialog; what is chosen there becomes the page's configuration. */
export function openWizard(store, actions) {
  const { catalogue, draft } = store.get();
  if (!catalogue || !draft) return;
  const now = taskOf(catalogue, draft);
  const tasks = Object.entries(catalogue.tasks).filter(([, task]) => task.question);
  const close = h("form", { method: "dialog" }, h("button", { class: "button", text: "Close" }));
  const dialog = h("dialog", { id: "wizard-dialog", class: "dialog wizard", "aria-labelledby": "wizard-title" },
    h("h2", { id: "wizard-title", text: "What do you want to know?" }),
    h("p", { text: "The question decides what the output layer must be able to say, and that decides which loss measures it. Known answers are ŷ, the network's are y, as in the lecture." }),
    h("div", { class: "wizard-tasks" }, tasks.map(([name, task]) => card({ name, task, catalogue, current: name === now, store, actions, close: () => dialog.close() }))), close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const titled = (list, name) => list.find((entry) => entry.name === name)?.title ?? name;

function card({ name, task, catalogue, current, store, actions, close }) {
  const formula = (table, key) => table[key] && block(table[key]());
  // Closed when the new run is there: till then nothing behind the dialog can ask for the one that goes away.
  const apply = (changes, watch, start) => use(store, actions, configured(store.get(), task, changes), watch, start).then(close);
  return h("section", { class: "wizard-task", "data-task": name, "aria-label": task.title },
    h("header", {}, h("h3", { text: task.question }), h("span", { class: "wizard-kind", text: current ? `${task.title} (now)` : task.title })),
    h("dl", {},
      h("dt", { text: "Output" }), h("dd", {}, h("strong", { text: titled(catalogue.activations, task.output_activation) }), formula(OUTPUTS, task.output_activation), h("p", { text: `${task.reason}.` })),
      h("dt", { text: "Loss" }), h("dd", {}, h("strong", { text: titled(catalogue.losses, task.loss) }), formula(LOSSES, task.loss), h("p", { text: `${task.loss_reason}.` }))),
    h("div", { class: "wizard-acts" },
      h("button", { type: "button", class: "button", text: current ? "Set output and loss so" : "Use it", on: { click: () => apply({}, `${task.title}: output and loss fit the question.`, false) } }),
      h("p", { class: "wizard-break", text: "Break it and watch:" }),
      task.breaks.map(({ title, watch, changes }) => h("button", { type: "button", class: "chip", title: watch, on: { click: () => apply(changes, watch, true) } }, h("span", { text: title })))));
}

/** The configuration for a task: the data that are there if they are of that task, else its example; output and loss as chosen. */
function configured({ draft, catalogue }, task, changes) {
  const base = paradigmOf(draft) === "supervised" ? draft : defaultConfig();
  const same = base === draft && catalogue.tasks[taskOf(catalogue, draft)] === task;
  const data = same ? {} : { dataset: { ...base.dataset, name: task.example, samples: null, noise: null, classes: null, standardize: "auto" }, features: null };
  const optimizer = base.optimizer.name === "perceptron" ? { optimizer: { name: "adam", learning_rate: 0.02, schedule: { name: "constant" }, clip_norm: null } } : {};
  const chosen = { output_activation: "auto", ...changes, loss: { name: "auto", delta: null, ...changes.loss } };
  return { ...base, ...data, ...optimizer, ...chosen };
}

async function use(store, actions, config, watch, start) {
  await actions.replace(config);
  if (start && !["running", "queued"].includes(store.get().run?.status)) await actions.toggle();
  store.set({ notice: { text: watch, kind: "info", at: performance.now(), lasts: WATCHING } });
}

const WATCHING = 15000; // ms that the page says what to watch
