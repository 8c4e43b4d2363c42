// A shared configuration of which the server refuses a part: begin with the rest of it. Fetched when that happens.

import { fieldName } from "./form/rejected-values.js";
import { defaultConfig } from "./sharing.js";
import { getPath, setPath } from "../core/store.js";

const MOST = 12; // refusals, after which the default is the better start

/** Begin with the default in place of every value that was refused, and say which they were. Other errors are thrown on. */
export async function beginMended(store, session, shared, refusal) {
  const told = [];
  let config = shared;
  for (let error = refusal; error; ) {
    const { field, message } = error;
    const known = field && told.length < MOST && !told.some((each) => each.field === field);
    told.push({ field, text: field ? `${fieldName(field, store.get().schema)}: ${message}` : message });
    config = known ? setPath(config, field, getPath(defaultConfig(), field)) : defaultConfig();
    store.set({ draft: config });
    error = await session.begin(config).then(() => null, (next) => next);
    if (error && (error.status !== 422 || !known)) throw error;
  }
  const text = `Left out of the link: ${told.map((each) => each.text).join(" ")}`;
  store.set({ notice: { text, kind: "error", at: performance.now() } });
}
