// Branches in the time line: the button that continues from the shown step. Loaded with the time line.

import { h, setAttribute } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { followAncestors } from "./before-fork.js";
import { familyMenu } from "./family-menu.js";
import { branchIcon } from "./icon.js";
import { recentMenu } from "./recent-menu.js";

/** Returns { element, panels }: the controls left of the bar, and what the render loop draws; none in a lesson. */
export function startBranches({ store, session, follow }) {
  if (document.body.dataset.lesson) return { element: "", panels: [] };
  session.branch("begin", follow);
  followAncestors(store);
  const button = h("button", {
    type: "button", class: "button small timeline-branch", "aria-label": t("branch.continue"),
    on: { click: () => session.branch("continueHere") },
  }, branchIcon(), h("span", { text: t("branch.continue") }));
  const family = familyMenu({ store, session });
  const recent = recentMenu({ store, session });
  const element = h("div", { class: "timeline-branches" }, recent.element, family.element, button);
  const panel = {
    name: "branches", needs: ["shown"],
    draw: ({ shown }) => {
      button.disabled = !shown; // hidden then, but it keeps its place: the bar does not move under the pointer
      setAttribute(button, "title", shown && t("branch.continue.help", { step: integer(shown.step) }));
    },
  };
  return { element, panels: [panel, family.panel, recent.panel] };
}
