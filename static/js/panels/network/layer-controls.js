// The row of controls above the graph: one column per layer, and the number of hidden layers.

import { h, iconButton, setProperty, setText } from "../../core/dom.js";
import { load } from "../../core/loading.js";
import { runConfig, runWarnings } from "../../core/store.js";
import { t } from "../../core/text.js";
import { offeredFeatures } from "../../studio/problem.js";
import { dataset } from "../shared/scales.js";
import { columnsOf, layoutColumns, shownLayers } from "./geometry.js";
import { controlColumn, hiddenColumn } from "./hidden-layer.js";
import { activationOptions, allLayersSelect } from "./layer-inputs.js";

const inputCount = (state) => columnsOf(state)[0]?.total;

/** A job of the render loop; `element` (the row) and `tools` (for all layers) go into the network panel. */
export function layerControls({ store, actions, editable }) {
  const element = h("div", { class: "layer-controls" });
  const all = allLayersSelect(actions);
  const { depth, count } = depthControl(store, actions);
  let columns = [];
  let built = "";
  return {
    name: "layer-controls", element, tools: [depth, all.element],
    needs: ["draft", "catalogue", "schema", "points", "errors", "layoutSize", runConfig, runWarnings, inputCount],
    draw(state) {
      if (!state.catalogue || !state.draft) return;
      const layers = state.draft.layers.length;
      const key = `${layers}/${state.catalogue.activations.length}`;
      if (key !== built) {
        built = key;
        all.offer(state.catalogue);
        columns = buildColumns(state, { store, editable, ...actions });
        element.replaceChildren(...columns.flatMap((column) => [column.element, column.insert ?? []].flat()));
      }
      setText(count, depthText(layers));
      all.refresh(state.draft.layers);
      const width = element.closest(".network-scroller").clientWidth;
      const horizontal = layoutColumns(shownLayers(layers) + 2, width);
      columns.forEach((column, index) => column.refresh(state, horizontal, index));
    },
  };
}

function depthControl(store, { editLayers }) {
  const count = h("output", { class: "depth-count" });
  const layers = () => store.get().draft.layers.length;
  const remove = () => layers() && editLayers("withoutLayer", layers() - 1);
  const depth = h("div", { class: "depth", role: "group", "aria-label": t("panel.network.depth.group") },
    iconButton("minus", t("panel.network.depth.remove"), remove),
    count,
    iconButton("plus", t("panel.network.depth.add"), () => editLayers("withLayer", layers())));
  return { depth, count };
}

function depthText(count) {
  const omitted = count - shownLayers(count);
  const text = t("panel.network.layers", { count });
  return omitted ? t("panel.network.depth.omitted", { layers: text, count: omitted }) : text;
}

function buildColumns({ draft, catalogue }, context) {
  const hidden = draft.layers.slice(0, shownLayers(Infinity));
  return [
    inputColumn(context),
    ...hidden.map((_, index) => hiddenColumn(index, catalogue, context)),
    outputColumn(catalogue, context),
  ].map((column, index) => (index ? withInsertion(column, index - 1, context) : column));
}

/** A column with a button at its left border that inserts a hidden layer at `index`. */
function withInsertion(column, index, { editLayers }) {
  const insert = iconButton("plus", t("panel.network.depth.insert"), () => editLayers("withLayer", index));
  insert.classList.add("insert-layer");
  const refresh = (state, horizontal, at) => {
    column.refresh(state, horizontal, at);
    insert.style.left = `${horizontal.centre(at) - horizontal.pitch / 2}px`;
  };
  return { ...column, insert, refresh };
}

/** Where the nodes of the features have no space below, a button opens a list of them (CSS shows it or the note). */
function inputColumn({ store, change, editable }) {
  const title = h("span", { class: "layer-title" });
  const note = h("span", { class: "layer-note" });
  const open = async () => (await load(() => import("./feature-list.js"))).openFeatures(choose, store, change);
  const choose = h("button", { type: "button", class: "button small choose-features", on: { click: open } },
    h("span", { text: t("panel.network.input.choose") }));
  const { element, position } = controlColumn(t("panel.network.input.title"), title, editable && choose, note);
  const refresh = (state, horizontal, index) => {
    position(horizontal, index);
    setText(title, t("panel.network.input.count", { count: columnsOf(state)[0].total }));
    setText(note, inputNote(state, editable));
    setProperty(choose, "hidden", !offeredFeatures(state));
  };
  return { element, refresh };
}

function inputNote(state, editable) {
  const { image, series } = dataset(state) ?? {};
  if (image) return t("panel.network.input.pixels", { rows: image.rows, columns: image.columns });
  if (series) return t("panel.network.input.series");
  return editable && offeredFeatures(state) ? t("panel.network.input.nodes") : "";
}

function outputColumn(catalogue, { change }) {
  const title = h("span", { class: "layer-title", text: t("panel.network.output.title") });
  const auto = h("option", { value: "auto" });
  const choose = () => change("output_activation", select.value, true);
  const select = h("select", {
    class: "select small", "aria-label": t("panel.network.output.activation"), "data-field": "output_activation",
    on: { change: choose },
  }, auto, activationOptions(catalogue, "output"));
  const error = h("p", { class: "field-error", role: "alert", hidden: true });
  const { element, position } = controlColumn(t("panel.network.output.title"), title, select, error);
  const refresh = ({ draft, run, errors }, horizontal, index) => {
    position(horizontal, index);
    select.value = draft.output_activation ?? "auto";
    select.disabled = draft.paradigm === "policy_gradient"; // the output is always a distribution over actions
    const activation = run?.config?.output_activation ?? "…";
    const isNarrow = element.classList.contains("narrow"); // where only the name fits
    setText(auto, isNarrow ? activation : t("panel.network.output.auto", { activation }));
    const warning = run?.warnings?.find(({ field, code }) => !code && field === "output_activation");
    const reason = errors.output_activation ?? warning?.message ?? "";
    setText(error, reason);
    setProperty(error, "hidden", !reason);
  };
  return { element, refresh };
}
