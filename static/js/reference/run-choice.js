// Chooses another run, or an earlier attempt of this one, at its newest or at another step.

import { api } from "../core/api.js";
import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { runTitle } from "../gallery/run-title.js";

const MAX_RUNS = 60;

/** Returns { element, load() }; `load` fetches the list. */
export function runChoice(store, { pin }) {
  const select = h("select", { class: "select", "aria-label": t("reference.other.run") });
  const step = h("input", { class: "number", type: "number", min: 0, "aria-label": t("reference.other.step") });
  const use = h("button", { type: "button", class: "button", text: t("reference.other.use") });
  const none = h("p", { class: "reference-help", text: t("reference.other.none"), hidden: true });
  const row = h("div", { class: "reference-other" }, select, step, use);
  const element = h("div", { class: "reference-choice" },
    h("h3", { text: t("reference.other.title") }), row, none);
  let entries = [];
  const chosen = () => entries[select.selectedIndex];
  const showNewest = () => Object.assign(step, { value: chosen()?.step ?? "", max: chosen()?.step ?? 0 });
  select.addEventListener("change", showNewest);
  use.addEventListener("click", () => {
    const { run, attempt, step: newest } = chosen();
    const wanted = Math.round(Number(step.value));
    pin({ run, attempt, step: Number.isFinite(wanted) ? Math.min(newest, Math.max(0, wanted)) : newest });
  });
  const load = async () => {
    entries = await otherSteps(store.get()).catch(() => []);
    select.replaceChildren(...entries.map(({ text }, i) => h("option", { value: i, text })));
    row.hidden = !entries.length;
    none.hidden = entries.length > 0;
    showNewest();
  };
  return { element, load };
}

/** The earlier attempts of this run, and other runs that were trained, the newest first: {run, attempt, step, text}. */
async function otherSteps({ run, catalogue }) {
  const [{ attempts }, { runs }] = await Promise.all([api.read(run.id, "attempts"), api.runs({ limit: MAX_RUNS })]);
  const earlier = attempts.filter(({ attempt }) => attempt !== run.attempt).reverse().map(({ attempt, step }) => ({
    run: run.id, attempt, step,
    text: t("reference.a.attempt", { attempt: integer(attempt + 1), step: integer(step) }),
  }));
  const others = runs.filter(({ id, step }) => id !== run.id && step > 0).map(({ id, attempt, step, config }) => ({
    run: id, attempt, step,
    text: t("reference.a.other_run", { run: runTitle({ config }, catalogue), step: integer(step) }),
  }));
  return [...earlier, ...others];
}
