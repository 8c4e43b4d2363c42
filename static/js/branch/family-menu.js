// The button in the time line that opens the family of the run as a small tree; a click there opens a run in the page.

import { api } from "../core/api.js";
import { h, setAttribute } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { runTitle } from "../gallery/run-title.js";
import { familyTrees, hasRelatives } from "./family.js";
import { treeIcon } from "./icon.js";
import { runMenu } from "./run-menu.js";

const MAX_RUNS = 100;

/** Returns { element, panel }; the button is hidden while the run has no relatives. */
export function familyMenu({ store, session }) {
  const rows = (choose) => tree(familyTrees(members(store)), store, choose);
  const { element, button, menu, popover, fill } =
    runMenu("family", t("branch.family.title"), treeIcon(), session, rows);
  menu.addEventListener("beforetoggle", async ({ newState }) => {
    if (newState !== "open") return;
    await readFamily(store, session);
    if (!popover.isOpen()) return;
    fill();
    popover.place();
  });
  followFamily(store, session);
  const panel = {
    name: "family", needs: ["run", "family"], interval: 200,
    draw: ({ run, family }) => setAttribute(button, "hidden", hasRelatives(run, family) ? null : ""),
  };
  return { element, panel };
}

/** Reads the family whenever the page shows another run that can have one: one that it did not just create. */
function followFamily(store, session) {
  let known = null;
  const update = ({ run }) => {
    if (!run || run.id === known) return;
    known = run.id;
    if (run.parent || document.body.dataset.runId || window.reopenedRun) readFamily(store, session);
  };
  store.watch((state, changed) => changed.includes("run") && update(state));
  update(store.get());
}

/** Sent in the queue, so that the run is not replaced before the answer. */
const readFamily = (store, session) => session.fetching(async () => {
  const { id } = store.get().run;
  const answer = await api.runs({ family: id, limit: MAX_RUNS }).catch(() => null);
  if (answer && store.get().run.id === id) store.set({ family: answer.runs });
});

/** The runs of the family; the page's run is newer than what was read of it. */
const members = ({ get }) => (get().family ?? []).map((run) => (run.id === get().run.id ? get().run : run));

function tree(nodes, store, choose) {
  if (!nodes.length) return [];
  const deleted = () => h("p", { class: "family-deleted", text: t("branch.family.deleted") });
  const items = nodes.map(({ run, children }) =>
    h("li", {}, run ? runRow(run, store.get(), choose) : deleted(), tree(children, store, choose)));
  return [h("ul", { class: "family-tree" }, items)];
}

function runRow(listed, { run, catalogue }, choose) {
  const { id, parent, status, step } = listed;
  const parts = [
    parent && t("branch.family.from", { step: integer(parent.step) }),
    t(`gallery.status.${status}`),
    t("gallery.step", { step: integer(step) }),
    id === run.id && t("branch.family.shown"),
  ].filter(Boolean);
  return h("a", {
    class: "timeline-row", href: `/runs/${id}`, "data-run": id, "aria-current": id === run.id ? "true" : null,
    on: { click: (event) => openHere(event, () => choose(id)) },
  }, h("strong", { text: runTitle(listed, catalogue) }), h("span", { text: parts.join(" · ") }));
}

/** With a modifier key the browser opens the link in another tab or window. */
function openHere(event, open) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
}
