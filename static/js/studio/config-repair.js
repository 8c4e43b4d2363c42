// Repairs a shared configuration with rejected values: replaces those by the defaults. Loaded when it is needed.

import { fieldName } from "./form/rejected-values.js";
import { defaultConfig } from "./sharing.js";
import { getPath, setPath } from "../core/store.js";
import { t } from "../core/text.js";

const MAX_REJECTIONS = 12; // with more, the default configuration is used

/** Begin with the default in place of every rejected value, and list those in a notice. Throws other errors. */
export async function beginRepaired(store, session, shared, refusal) {
  const rejections = [];
  let config = shared;
  for (let error = refusal; error; ) {
    const { field, message } = error;
    const known = field && rejections.length < MAX_REJECTIONS && !rejections.some((earlier) => earlier.field === field);
    const label = field && fieldName(field, store.get().schema);
    rejections.push({ field, text: field ? t("form.problem.at_field", { field: label, message }) : message });
    config = known ? setPath(config, field, getPath(defaultConfig(), field)) : defaultConfig();
    store.set({ draft: config });
    error = await session.begin(config).then(() => null, (next) => next);
    if (error && (error.status !== 422 || !known)) throw error;
  }
  const text = t("studio.notice.left_out", { values: rejections.map(({ text: rejection }) => rejection).join(" ") });
  store.set({ notice: { text, kind: "error", at: performance.now() } });
}
