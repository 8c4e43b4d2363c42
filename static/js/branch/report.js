// What a branch with changes carried over from its parent, and what began anew, in sentences.

import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { openInPage } from "./open.js";

/** Says it until the user closes it. `branch` is the result of continueFrom, `parent` the id of the run before. */
export function report(session, branch, parent) {
  const { store } = session;
  const inWords = (parts, english) => parts.map((part, i) => partText(part, branch.config, english[i])).join(", ");
  const carried = inWords(branch.carried_codes, branch.carried) || t("timeline.none");
  const renewed = inWords(branch.renewed_codes, branch.renewed);
  const values = { step: branch.step, carried, renewed };
  const text = renewed ? t("branch.report.some", values) : t("branch.report.all", values);
  const close = { label: t("page.close"), act: () => store.set({ offer: null }) };
  const back = { label: t("branch.back"), act: () => openInPage(session, parent) };
  store.set({ offer: { text, kind: "info", actions: [back, close] }, notice: null });
}

function partText({ code, parameters }, { layers }, english) {
  const { layer, count, total } = parameters;
  const values = {
    count, number: integer(count), total: integer(total),
    layer: layer === layers.length ? t("branch.layer.output") : t("branch.layer.hidden", { number: layer + 1 }),
  };
  return t(`branch.part.${code}`, values, english);
}
