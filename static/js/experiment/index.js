// The page of an experiment: its head with progress and buttons, and its sections.

import { api } from "../core/api.js";
import { h, setText } from "../core/dom.js";
import { createStore } from "../core/store.js";
import { t } from "../core/text.js";
import { startTheme } from "../core/theme.js";
import { PRESENT } from "../panels/shared/axes.js";
import { errorText } from "../studio/error-text.js";
import { openExperiment } from "./experiment.js";
import { createHead } from "./head.js";
import { SECTIONS } from "./sections.js";

api.errorText = errorText;
const theme = startTheme(createStore({ theme: null, colours: null }));
document.getElementById("theme").addEventListener("click", () => {
  theme.toggle();
  dispatchEvent(new Event("resize")); // sections draw their canvases again, in the colours of the theme
});
document.documentElement.classList.toggle("present", PRESENT);
start().catch(({ message }) => {
  document.getElementById("head").append(h("p", { class: "experiment-notice", role: "alert", text: message }));
});

async function start() {
  const experiment = await openExperiment(document.body.dataset.experiment);
  document.title = t("experiment.title", { name: experiment.title });
  setText(document.querySelector("h1"), experiment.title);
  document.getElementById("head").append(createHead(experiment));
  if (!experiment.members.length) return showEmpty();
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (section.applies?.(experiment) ?? true) mountSection(experiment, name, section);
  }
}

const showEmpty = () =>
  document.getElementById("sections").append(h("p", { class: "experiment-empty", text: t("experiment.empty") }));

/** A section with its heading. */
function mountSection(experiment, name, { mount }) {
  const id = `section-${name}`;
  const body = h("div", { class: "experiment-section-body" });
  const heading = h("h2", { id, text: t(`experiment.section.${name}`) });
  document.getElementById("sections").append(
    h("section", { class: `panel experiment-section experiment-${name}`, "aria-labelledby": id }, heading, body),
  );
  mount(body, experiment);
}
