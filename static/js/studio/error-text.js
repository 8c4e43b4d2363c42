// The page's own sentences for the codes of refused requests. Loaded with the first refusal.

import { integer } from "../core/formats.js";
import { t } from "../core/text.js";

/** The sentence for the code of an error; the server's English message where there is none. */
export function errorText({ code, message, given, limit }) {
  const shown = (value) => (Number.isInteger(value) ? integer(value) : value);
  const status = code === "wrong_state" && t(`gallery.status.${given}`, {}, given);
  return t(`studio.error.${code}`, { given: shown(given), limit: shown(limit), status }, message);
}
