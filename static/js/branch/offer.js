// Changes that are made while an earlier step is shown: they wait until the user decides where they apply.

import { changesBetween, changesInWords } from "./changes.js";
import { continueFrom } from "./fork.js";
import { integer } from "../core/formats.js";
import { report } from "./report.js";
import { same } from "../core/store.js";
import { t } from "../core/text.js";
import { paradigmOf } from "../studio/problem.js";

/** Offers what can be done with the changes of the draft: continue with them from the shown step, or discard them. */
export function offerChanges(session) {
  const { store } = session;
  const { draft, confirmed, shown } = store.get();
  if (same(draft, confirmed)) return store.set({ offer: null });
  // Another paradigm has no weights in common with the run: it begins anew, and the run is kept.
  if (paradigmOf(draft) !== paradigmOf(confirmed)) return applyNow(session);
  const changes = changesInWords(confirmed, draft, store.get());
  const label = shown ? t("branch.offer.continue", { step: integer(shown.step) }) : t("branch.offer.apply");
  const act = shown ? () => accept(session) : () => applyNow(session);
  const text = shown ? t("branch.offer.text", { changes }) : t("branch.offer.text_newest", { changes });
  const discard = { label: t("branch.offer.discard"), act: () => discardChanges(session) };
  store.set({ offer: { text, kind: "info", holds: true, actions: [{ label, act }, discard] } });
}

/** Keeps the offer up to date with the shown step and the changes. */
export function followOffer(session) {
  session.store.watch(({ offer }, changed) => {
    if (offer?.holds && ["shown", "draft", "confirmed"].some((key) => changed.includes(key))) offerChanges(session);
  });
}

async function accept(session) {
  const { run, shown, draft, confirmed } = session.store.get();
  const branch = shown && await continueFrom(session, run, shown, changesBetween(confirmed, draft));
  if (branch) report(session, branch, run.id);
}

/** The newest step is shown again, because it is the one that changes. */
function applyNow(session) {
  session.follow();
  session.store.set({ offer: null });
  return session.reconcile();
}

function discardChanges({ store }) {
  store.set({ draft: store.get().confirmed, errors: {}, pinned: null, hovered: null, sideBySide: [], offer: null });
}
