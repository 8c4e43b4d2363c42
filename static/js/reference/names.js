// Names of A and B.

import { integer } from "../core/formats.js";
import { t } from "../core/text.js";
import { runTitle } from "../gallery/run-title.js";

/** A as text that tells it from other steps. */
export const keyOf = ({ run, attempt, step }) => `${run}/${attempt}/${step}`;

/** A in words: its step, and its attempt or its run if these are not the page's. */
export function nameOfA({ reference, run, catalogue }) {
  const { attempt, step, config } = reference;
  const values = { step: integer(step), attempt: integer(attempt + 1), run: runTitle({ config }, catalogue) };
  if (reference.run !== run?.id) return t("reference.a.other_run", values);
  return attempt === run.attempt ? t("reference.a.step", values) : t("reference.a.attempt", values);
}

/** B in words: the shown step, or the newest one, which it follows. */
export function nameOfB({ run, shown }) {
  const step = integer(shown?.step ?? run?.step ?? 0);
  return shown ? t("reference.b.shown", { step }) : t("reference.b.newest", { step });
}
