// "Go swimming?": a perceptron set by hand. All inputs with z and y of the running network, and its weights as sliders.

import { numberControl } from "../../studio/form/controls.js";
import { h, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { same, runConfig, runIdentity } from "../../core/store.js";
import { panelShell } from "../shared/panel.js";
import { block, digits, factorNumber, mi, mn, mo, mtext, row } from "../shared/formulas.js";
import { t } from "../../core/text.js";

const SUBSCRIPTION = { view: "sample_trace", options: { part: "train", batch: 8 }, id: "swimming" };
const NAMES = [t("panel.swimming.warm"), t("panel.swimming.empty"), t("panel.swimming.no_shark")];
const [SWIM, STAY] = [t("panel.swimming.swim"), t("panel.swimming.stay")];
const FIRST_CHOSEN = 5; // the row (1, 0, 1)

export function panel(section, { store, actions }) {
  const shell = panelShell(section, {
    title: t("panel.swimming.title"),
    line: t("panel.swimming.line"),
    data: () => exported(store.get()["view:swimming"]),
  });
  const view = { store, chosen: FIRST_CHOSEN, waiting: new Map(), sending: false };
  view.send = (source, value) => {
    view.waiting.set(source, value);
    send(view, actions);
  };
  view.sliders = [0, 1, 2, "bias"].map((source) => slider(view, source));
  view.threshold = h("output", {});
  view.body = h(
    "tbody",
    {},
    Array.from({ length: 8 }, (_, i) => line(view, i)),
  );
  view.sum = h("div", { class: "swim-sum", role: "status" });
  shell.body.append(
    h(
      "div",
      { class: "swim-weights" },
      view.sliders.map((each) => each.element),
      h("p", { class: "swim-threshold" }, t("panel.swimming.threshold"), " −b = ", view.threshold),
    ),
    view.sum,
    h(
      "div",
      { class: "swim-scroll" },
      h(
        "table",
        { class: "swim-table" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [...NAMES, "z", "y", t("panel.swimming.target")].map((text) => h("th", { scope: "col", text })),
          ),
        ),
        view.body,
      ),
    ),
  );
  return {
    name: "swimming",
    section,
    moving: true,
    view,
    needs: ["view:swimming", "theme", runConfig, runIdentity],
    draw: (state) => draw(view, state),
  };
}

function slider(view, source) {
  const bias = source === "bias";
  const field = {
    path: `swimming.${source}`,
    label: bias ? t("panel.swimming.bias") : `${NAMES[source]}, w${"₁₂₃"[source]}`,
    help: t("panel.swimming.help"),
    minimum: -6,
    maximum: 6,
    live: true,
    default: 0,
  };
  return numberControl(field, (value) => typeof value === "number" && view.send(source, value));
}

/** One request at a time; values passed while a request is under way are left out. */
async function send(view, actions) {
  if (view.sending) return;
  view.sending = true;
  while (view.waiting.size) {
    const weights = [...view.waiting].map(([source, value]) => ({ layer: 0, unit: 0, source, value }));
    view.waiting.clear();
    await actions.editWeights({ weights });
  }
  view.sending = false;
}

function line(view, index) {
  const choose = () => {
    view.chosen = index;
    draw(view, view.store.get());
  };
  const button = h("button", { type: "button", class: "swim-row", on: { click: choose } });
  return h(
    "tr",
    { on: { click: choose } },
    h("td", {}, button),
    Array.from({ length: 5 }, () => h("td", {})),
  );
}

function draw(view, state) {
  if (!same(SUBSCRIPTION, state.subscriptions.swimming))
    view.store.set({ subscriptions: { ...state.subscriptions, swimming: SUBSCRIPTION } });
  const frame = state["view:swimming"];
  if (!frame || frame.run !== state.run?.id || frame.samples !== 8) return;
  const [layer] = frame.layers;
  const values = [...layer.weights, layer.biases[0]];
  view.sliders.forEach((each, i) => !view.sending && each.set(values[i]));
  setText(view.threshold, number(-values[3]));
  for (let i = 0; i < 8; i++) fill(view.body.children[i], frame, i, i === view.chosen);
  view.sum.replaceChildren(sum(frame, view.chosen, values));
}

const inputsOf = ({ inputs }, i) => Array.from(inputs.raw.subarray(3 * i, 3 * i + 3));

function fill(tr, frame, i, chosen) {
  const x = inputsOf(frame, i);
  const [z, y, truth] = [frame.layers[0].z[i], frame.layers[0].a[i], frame.targets[i]];
  const cells = tr.children;
  setText(cells[0].firstChild, String(x[0]));
  setAttribute(
    cells[0].firstChild,
    "aria-label",
    t("panel.swimming.row", { inputs: NAMES.map((name, k) => `${name} ${x[k]}`).join(", ") }),
  );
  setAttribute(cells[0].firstChild, "aria-pressed", String(chosen));
  setText(cells[1], String(x[1]));
  setText(cells[2], String(x[2]));
  setText(cells[3], number(z));
  setText(cells[4], y === 1 ? `1 ${SWIM}` : `0 ${STAY}`);
  setText(cells[5], `${y === truth ? "✓" : "✗"} ${truth === 1 ? SWIM : STAY}`);
  tr.classList.toggle("chosen", chosen);
  tr.classList.toggle("wrong", y !== truth);
  tr.classList.toggle("yes", y === 1);
}

/** z = w·x + b of one row, with the numbers of the network. */
function sum(frame, i, values) {
  const x = inputsOf(frame, i);
  const [z, y] = [frame.layers[0].z[i], frame.layers[0].a[i]];
  const terms = x.flatMap((part, k) => [k > 0 && mo("+"), factorNumber(values[k]), mo("·"), mn(String(part))]);
  const bias = values[3] < 0 ? [mo("−"), mn(digits(-values[3]))] : [mo("+"), mn(digits(values[3]))];
  return block(
    row(
      mi("z"),
      mo("="),
      ...terms,
      ...bias,
      mo("="),
      mn(z),
      mo(z >= 0 ? "≥" : "<"),
      mn("0"),
      mtext("  ⇒  "),
      mi("y"),
      mo("="),
      mn(String(y)),
      mtext(`: ${y === 1 ? SWIM : STAY}`),
    ),
  );
}

function exported(frame) {
  if (!frame) return {};
  const rows = Array.from({ length: frame.samples }, (_, i) => inputsOf(frame, i));
  const columns = Object.fromEntries(NAMES.map((name, k) => [name, rows.map((x) => x[k])]));
  return {
    step: frame.step,
    columns: {
      ...columns,
      z: Array.from(frame.layers[0].z),
      y: Array.from(frame.layers[0].a),
      target: Array.from(frame.targets),
    },
  };
}
