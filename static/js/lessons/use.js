// What an experiment does with its trained network: it asks questions, deletes the data, asks again, and counts.

import { api } from "../core/api.js";
import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";

const ROWS = 50; // questions of one request
const PLASTIC_NUMBER = 1.324717957244746; // as in engine/usage.py
const PARTS = ["train", "validation", "test"];

/** Uses the network of the run as `after` says, with its progress and then the counts in `element`. */
export async function useNetwork({ store, session }, after, element) {
  const { id } = store.get().run;
  const points = await api.points(id);
  const rows = questions(points.train.inputs, after.answers);
  const progress = h("progress", { max: 2 * rows.length, value: 0 });
  const text = h("p", { class: "predict-measured", role: "status", text: t("lessons.use.asking") });
  element.replaceChildren(text, progress);
  const before = parameters(await api.weights(id));
  const answers = await ask(id, rows, progress);
  if (after.delete_data && !await session.editPoints(replacement(points))) return element.replaceChildren();
  const again = await ask(id, rows, progress);
  const changed = parameters(await api.weights(id));
  progress.remove();
  text.textContent = resultText(after, points, {
    answers: rows.length, changed: differing(answers, again),
    weights: before.length, moved: before.length === changed.length ? differing(before, changed) : before.length,
  });
}

function resultText({ delete_data: isDeleted }, { sizes }, counts) {
  const values = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, integer(value)]));
  const result = t("lessons.use.counted", values);
  const points = integer(Object.values(sizes).reduce((sum, size) => sum + size, 0));
  return isDeleted ? `${t("lessons.use.deleted", { points })} ${result}` : result;
}

/** Rows that cover the range of the inputs evenly; see `questions` in engine/usage.py. */
function questions(inputs, count) {
  const columns = ranges(inputs);
  return Array.from({ length: count }, (_, i) =>
    columns.map(([low, high], j) => low + (high - low) * (((i + 1) * PLASTIC_NUMBER ** -(j + 1)) % 1)));
}

const ranges = (inputs) => inputs[0].map((_, j) => {
  const values = inputs.map((row) => row[j]);
  return [Math.min(...values), Math.max(...values)];
});

async function ask(id, rows, progress) {
  const answers = [];
  for (let first = 0; first < rows.length; first += ROWS) {
    const { outputs } = await api.read(id, "predict", { inputs: rows.slice(first, first + ROWS) });
    answers.push(...outputs);
    progress.value += outputs.length;
  }
  return answers;
}

/** All points are removed, and one is added in the middle, because a run has at least one. */
function replacement(points) {
  const remove = PARTS.flatMap((part) => points[part].inputs.map((_, index) => ({ part, index })));
  const middle = ranges(points.train.inputs).map(([low, high]) => (low + high) / 2);
  return { remove, add: [{ inputs: middle, target: 0 }] };
}

const parameters = ({ layers }) => layers.flatMap(({ weights, biases }) => [...weights.flat(), ...biases]);
const differing = (first, second) => first.filter((value, i) => String(value) !== String(second[i])).length;
