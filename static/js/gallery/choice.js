// Which runs the gallery shows, and in which order: a search field, the status, and the order.

import { h, setText } from "../core/dom.js";
import { t } from "../core/text.js";

const STATUSES = {
  all: () => true,
  training: (status) => status === "running" || status === "queued",
  paused: (status) => status === "paused",
  ended: (status) => !STATUSES.training(status) && !STATUSES.paused(status),
};
const ORDERS = {
  newest: () => 0, // the order in which the server lists them
  score: (a, b) => b.rank() - a.rank(),
  steps: (a, b) => b.run().step - a.run().step,
  name: (a, b) => a.title.localeCompare(b.title),
};

/** The cards whose text contains every word, with a status of this kind, in this order. */
export function chosen(cards, { words, status, order }) {
  const terms = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (card) =>
    STATUSES[status](card.run().status) && terms.every((term) => card.text.includes(term));
  return cards.filter(matches).sort(ORDERS[order]);
}

/** The controls: { element, apply(cards), isDefault() }; `change` is called when one of them was changed. */
export function galleryChoice(change) {
  const words = h("input", {
    type: "search", class: "text", "aria-label": t("gallery.search.label"), placeholder: t("gallery.search.hint"),
    on: { input: change },
  });
  const select = (names, label, text) => {
    const options = Object.keys(names).map((name) => h("option", { value: name, text: text(name) }));
    return h("select", { class: "select", "aria-label": label, on: { change } }, options);
  };
  const status = select(STATUSES, t("gallery.filter.label"), (name) => t(`gallery.filter.${name}`));
  const order = select(ORDERS, t("gallery.order.label"), (name) => t(`gallery.order.${name}`));
  const found = h("p", { class: "gallery-found", role: "status" });
  const values = () => ({ words: words.value, status: status.value, order: order.value });
  return {
    element: h("div", { class: "gallery-choice" }, words, status, order, found),
    isDefault: () => !words.value.trim() && status.value === "all" && order.value === "newest",
    apply(cards) {
      const shown = chosen(cards, values());
      const isPart = shown.length < cards.length;
      setText(found, isPart ? t("gallery.found", { count: shown.length, total: cards.length }) : "");
      return shown;
    },
  };
}
