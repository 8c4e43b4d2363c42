// Repairs a shared configuration with rejected values: replaces those by the defaults. Loaded when it is needed.

import { fieldName, linkTo } from "./form/rejected-values.js";
import { defaultConfig } from "./sharing.js";
import { getPath, setPath } from "../core/store.js";
import { t } from "../core/text.js";

const MAX_REJECTIONS = 12; // with more, the default configuration is used
const DURATION = 30_000; // ms of the notice: the list can be long, and the page is still being drawn

/**
 * Creates a run with defaults for the rejected values and lists these in a notice. Throws other errors. The promise
 * `description` of the schema, which has the names of the fields, is awaited first.
 */
export async function beginRepaired({ store, session, description }, shared, refusal) {
  await description;
  const rejections = [];
  let config = shared;
  for (let error = refusal; error; ) {
    const { field, message } = error;
    const isRepeated = rejections.some((earlier) => earlier.field === field);
    const isReplaceable = field && !isRepeated && rejections.length < MAX_REJECTIONS;
    const label = field && fieldName(field, store.get().schema);
    rejections.push({ field, text: field ? t("form.problem.at_field", { field: label, message }) : message });
    config = isReplaceable ? setPath(config, field, getPath(defaultConfig(), field)) : defaultConfig();
    store.set({ draft: config });
    error = await session.begin(config).then(() => null, (nextError) => nextError);
    if (error && (error.status !== 422 || !isReplaceable)) throw error;
  }
  const text = t("studio.notice.left_out", { values: rejections.map(({ text: rejection }) => rejection).join(" ") });
  const notice = { text, kind: "error", at: performance.now(), duration: DURATION };
  store.set({ notice: { ...notice, actions: linkTo(rejections[0].field) } });
}
