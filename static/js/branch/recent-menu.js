// The button in the time line that lists the last runs of this page; a click there shows one again.

import { h, setAttribute } from "../core/dom.js";
import { integer, steady } from "../core/formats.js";
import { t } from "../core/text.js";
import { runTitle } from "../gallery/run-title.js";
import { changesInWords } from "./changes.js";
import { clockIcon } from "./icon.js";
import { followRecent, recentRuns } from "./recent.js";
import { runMenu } from "./run-menu.js";

/** Returns { element, panel }; the button is hidden while the page has not left a trained run. */
export function recentMenu({ store, session }) {
  const rows = (choose) =>
    recentRuns().filter(({ id }) => id !== store.get().run.id).map((run) => row(run, store, choose));
  const { element, button } = runMenu("recent", t("branch.recent.title"), clockIcon(), session, rows);
  followRecent(store, session);
  const panel = {
    name: "recent", needs: ["hasRecent"],
    draw: ({ hasRecent }) => setAttribute(button, "hidden", hasRecent ? null : ""),
  };
  return { element, panel };
}

function row(entry, store, choose) {
  const { run, catalogue } = store.get();
  const { id, step, attempt, train_loss: train, test_loss: test, config } = entry;
  const loss = test ?? train;
  const values = { step: integer(step), loss: steady(loss) };
  const score = loss === null ? t("gallery.step", values)
    : test === null ? t("branch.recent.train", values) : t("branch.recent.test", values);
  const changes = changesInWords(run.config, config, store.get());
  return h("button", { type: "button", class: "timeline-row", "data-run": id, on: { click: () => choose(id) } },
    h("strong", { text: runTitle(entry, catalogue) }),
    h("span", { text: attempt ? t("branch.recent.attempts", { score, count: integer(attempt) }) : score }),
    h("span", { text: changes ? t("branch.recent.differs", { changes }) : t("branch.recent.same") }));
}
