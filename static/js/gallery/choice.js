// Which runs the gallery shows, and in which order: a search field, status, task, data and tag, and the order.

import { h, setText } from "../core/dom.js";
import { same } from "../core/store.js";
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

// What else cards are filtered by: the values of a card. A choice is offered where there are different ones.
const FILTERS = { task: ({ task }) => [task], data: ({ data }) => [data], tag: (card) => card.tags() };

/** The cards whose text contains every word, with a status of this kind and these values, in this order. */
export function chosen(cards, { words, status, order, filters }) {
  const terms = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (card) =>
    STATUSES[status](card.run().status) && terms.every((term) => card.text().includes(term))
    && Object.entries(filters).every(([name, value]) => !value || FILTERS[name](card).includes(value));
  return cards.filter(matches).sort(ORDERS[order]);
}

/** A select with the values that cards have, hidden where all have the same: { element, value(), offer(cards) }. */
function valueFilter(name, { change, complete }) {
  const all = h("option", { value: "", text: t(`gallery.every.${name}`) });
  // Older runs, which have further values, are read when it gets the focus.
  const on = { change, focus: complete };
  const element = h("select", { class: "select", "aria-label": t(`gallery.by.${name}`), hidden: true, on }, all);
  const offer = (cards) => {
    const values = [...new Set(cards.flatMap(FILTERS[name]).filter(Boolean))].sort((a, b) => a.localeCompare(b));
    element.hidden = values.length < (name === "tag" ? 1 : 2) && !element.value;
    if (same(values, [...element.options].slice(1).map(({ value }) => value))) return;
    const { value } = element;
    element.replaceChildren(all, ...values.map((text) => h("option", { value: text, text })));
    element.value = values.includes(value) ? value : "";
  };
  return { element, value: () => element.value, offer };
}

/** A select with an option for each name. */
function plainSelect(names, { label, text, change }) {
  const options = Object.keys(names).map((name) => h("option", { value: name, text: text(name) }));
  return h("select", { class: "select", "aria-label": label, on: { change } }, options);
}

/**
 * The controls: { element, apply(cards), isDefault() }; `change` is called when one of them was changed, `complete`
 * when one is about to be used that depends on all runs.
 */
export function galleryChoice(change, complete) {
  const words = h("input", {
    type: "search", class: "text", "aria-label": t("gallery.search.label"), placeholder: t("gallery.search.hint"),
    on: { input: change },
  });
  const select = (names, label, text) => plainSelect(names, { label, text, change });
  const status = select(STATUSES, t("gallery.filter.label"), (name) => t(`gallery.filter.${name}`));
  const order = select(ORDERS, t("gallery.order.label"), (name) => t(`gallery.order.${name}`));
  const found = h("p", { class: "gallery-found", role: "status" });
  const offered = (name) => [name, valueFilter(name, { change, complete })];
  const filters = Object.fromEntries(Object.keys(FILTERS).map(offered));
  const values = () => ({
    words: words.value, status: status.value, order: order.value,
    filters: Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, filter.value()])),
  });
  const selects = Object.values(filters).map(({ element }) => element);
  return {
    element: h("div", { class: "gallery-choice" }, words, status, selects, order, found),
    isDefault: () => !words.value.trim() && status.value === "all" && order.value === "newest"
      && selects.every(({ value }) => !value),
    apply(cards) {
      Object.values(filters).forEach((filter) => filter.offer(cards));
      const shown = chosen(cards, values());
      const isPart = shown.length < cards.length;
      setText(found, isPart ? t("gallery.found", { count: shown.length, total: cards.length }) : "");
      return shown;
    },
  };
}
