// The learning rate that the diagnosis of a diverged run suggests, as an action of its notice.

import { api } from "../core/api.js";
import { number } from "../core/formats.js";
import { merge } from "../core/differences.js";
import { t } from "../core/text.js";

let requested = ""; // RUN/ATTEMPT/STEP of the last request
let remedy = null; // of that request, once it is answered

/** The action {label, act} that trains again with the suggested rate, or null; `redraw` is called when it is known. */
export function remedyAction(run, redraw) {
  const key = `${run.id}/${run.attempt}/${run.step}`;
  if (requested !== key) {
    [requested, remedy] = [key, null];
    suggestedChanges(run.id).then((changes) => {
      if (requested !== key || !changes) return;
      remedy = actionOf(changes);
      redraw();
    }, () => null); // without the view the notice has no suggestion
  }
  return remedy;
}

/** The changes that the diagnosis of divergence suggests, or null where they do not set the learning rate. */
async function suggestedChanges(id) {
  const { diagnoses } = await api.read(id, "views/layer_health");
  const { changes } = diagnoses.find(({ name }) => name === "divergence")?.suggestion ?? {};
  return changes?.optimizer?.learning_rate ? changes : null;
}

/** Changes the configuration and trains again from step 0. */
const actionOf = (changes) => ({
  label: t("studio.notice.try_rate", { rate: number(changes.optimizer.learning_rate) }),
  act: async ({ replace, toggle }, { draft }) => {
    await replace(merge(draft, changes));
    toggle();
  },
});
