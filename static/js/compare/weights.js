// How far the weights of the runs are from those of the baseline at the shown step, per layer.

import { api } from "../core/api.js";
import { decode } from "../core/decoding.js";
import { h } from "../core/dom.js";
import { DASH, integer, number, percent } from "../core/formats.js";
import { t } from "../core/text.js";
import { layerName } from "../panels/shared/layer-names.js";
import { badge } from "./colours.js";
import { addSection, tableBox } from "./section.js";

const MAX_PARAMETERS = 200000; // of all runs together, whose weights are read

export function mountWeights(comparison) {
  const found = { rows: [], entries: [], key: null };
  const table = () => found.rows.map(({ label, cells }) => ({
    layer: label, ...Object.fromEntries(cells.map(({ norm }, i) => [found.entries[i].letter, norm])),
  }));
  const { body } = addSection("weights", t("compare.weights.title"), { table, line: t("compare.weights.line") });
  const note = h("p", { class: "compare-note", role: "status" });
  const box = h("div", {});
  body.append(note, box);
  let isBusy = false;
  const update = async () => {
    if (isBusy) return;
    isBusy = true;
    for (let key = keyOf(comparison); key !== found.key; key = keyOf(comparison)) {
      found.key = key;
      await compute(comparison, found).catch((error) => Object.assign(found, { rows: [], text: error.message }));
      note.textContent = found.text;
      box.replaceChildren(...(found.rows.length ? [drawn(found)] : []));
    }
    isBusy = false;
  };
  comparison.subscribe(update);
  update();
}

/** The weights are read again when the step, the runs or the baseline changed; while they follow, once it stands. */
function keyOf({ runs, baseline, chosen, step }) {
  const isMoving = chosen === null && runs.some(({ run }) => run.status === "running");
  const ids = runs.map(({ id, run }) => [id, run.attempt, run.status]).join();
  return [ids, baseline, isMoving ? "moving" : step].join();
}

async function compute({ runs, baseline, step }, found) {
  const base = runs.find(({ id }) => id === baseline);
  const others = runs.filter(({ id }) => id !== baseline);
  Object.assign(found, { rows: [], entries: others, text: "" });
  if (!others.length) return;
  const total = runs.reduce((sum, { run }) => sum + (run.parameters ?? 0), 0);
  if (total > MAX_PARAMETERS) {
    found.text = t("compare.weights.too_many", { count: integer(total), limit: integer(MAX_PARAMETERS) });
    return;
  }
  const layersOf = async ({ id, run }) => {
    const shown = Math.min(run.step, Math.max(run.parent?.step ?? 0, step));
    return decode((await api.read(id, `weights?step=${shown}&arrays=typed`)).layers);
  };
  const [first, ...rest] = await Promise.all([base, ...others].map(layersOf));
  found.rows = first.map((layer, i) => ({
    label: layerName(i, first.length),
    cells: rest.map((layers) => distance(layer, layers.length === first.length ? layers[i] : null)),
  }));
  const values = { letter: base.letter, run: base.title, step: integer(step) };
  found.text = t("compare.weights.at", values);
}

/**
 * The Euclidean norm of the difference of the weights and biases of a layer, and its share of the norm of the first;
 * null where the shapes differ.
 */
export function distance(first, second) {
  if (!second || String(first.weights.shape) !== String(second.weights.shape)) return { norm: null, share: null };
  let [difference, size] = [0, 0];
  for (const name of ["weights", "biases"]) {
    first[name].forEach((value, i) => {
      difference += (second[name][i] - value) ** 2;
      size += value ** 2;
    });
  }
  return { norm: Math.sqrt(difference), share: Math.sqrt(difference / size) };
}

function drawn({ rows, entries }) {
  const text = ({ norm, share }) => (norm === null
    ? t("compare.weights.shapes")
    : t("compare.weights.cell", { norm: number(norm), share: Number.isFinite(share) ? percent(share) : DASH }));
  const head = h("tr", {}, h("th", { scope: "col", text: t("compare.weights.layer") }),
    entries.map((entry) => h("th", { scope: "col" }, badge(entry), " ",
      h("span", { class: "compare-name", text: entry.title }))));
  const lines = rows.map(({ label, cells }) => h("tr", {}, h("th", { scope: "row", text: label }),
    cells.map((cell) => h("td", { text: text(cell) }))));
  return tableBox(t("compare.weights.title"), [h("thead", {}, head), h("tbody", {}, lines)]);
}
