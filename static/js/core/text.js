// Every sentence on the page comes from static/locales/en.json by its key: t("panel.network.title").
// When the server sends a module it replaces each literal key by its sentence, and adds a table of the sentences
// whose keys are composed at run time (app/web/texts.py).

const composed = {};
const rules = new Intl.PluralRules(document.documentElement.lang || "en");
const PLACEHOLDER = /\{(\w+)\}/;

/**
 * The sentence of a key with its {placeholders} filled in; where it has plural forms, `values.count` chooses one.
 * `otherwise` is the text in place of a composed key that has no sentence: the English message beside a code.
 */
export function t(key, values = {}, otherwise) {
  return tNodes(key, values, otherwise).join("");
}

/** The same as a list of strings and values, for sentences that have elements inside. */
export function tNodes(key, values = {}, otherwise = key) {
  const entry = composed[key] ?? otherwise;
  const sentence = typeof entry === "string" ? entry : entry[rules.select(values.count)] ?? entry.other;
  return sentence.split(PLACEHOLDER).map((part, i) => (i % 2 ? values[part] ?? `{${part}}` : part));
}

/** Adds the sentences of composed keys. The server writes the calls. */
t.define = (sentences) => Object.assign(composed, sentences);
