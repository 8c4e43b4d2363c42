// The message about the status of a run, composed from the code of its reason. Loaded when a run first has one.

import { integer, number, words } from "../core/formats.js";
import { t } from "../core/text.js";
import { remedyAction } from "./divergence.js";

const INTEGERS = ["epochs", "steps", "step", "patience", "best_epoch", "count"];

/**
 * {text, kind, actions?}, or null; `redraw` is called when an action is added. Runs of earlier versions have a reason
 * without a code.
 */
export function statusMessage(run, catalogue, redraw) {
  const { status, reason, reason_code: code, reason_parameters: parameters } = run;
  if (status === "queued") return { text: queued(parameters), kind: "info" };
  const message = reason && withoutCode(run);
  if (!message) return null;
  const text = t(`studio.reason.${code}`, shown(parameters ?? {}, catalogue), message);
  if (status !== "diverged" && status !== "failed")
    return { text, kind: "info", actions: [{ act: "dismiss", label: t("page.close") }] };
  const remedy = status === "diverged" ? remedyAction(run, redraw) : null;
  const reset = { act: "reset", label: t("studio.notice.reset") };
  return { text, kind: "error", actions: remedy ? [remedy, reset] : [reset] };
}

/** The place in the queue, and why the run waits. */
const queued = ({ place, waiting, training } = {}) =>
  (place
    ? t("studio.reason.waiting", { place: integer(place), waiting: integer(waiting), training: integer(training) })
    : t("studio.notice.queued"));

/** The message around the server's English reason. */
function withoutCode({ status, reason, step }) {
  if (status === "diverged") return t("studio.notice.diverged", { step: integer(step) });
  if (status === "failed") return t("studio.notice.failed", { reason });
  if (status === "finished") return t("studio.notice.finished", { reason });
  return status === "paused" ? t("studio.notice.paused", { reason: words(reason) }) : null;
}

/** The values of a sentence as they are shown: formatted numbers, titles in place of names. */
function shown(parameters, catalogue) {
  const format = (key, value) => {
    if (key === "monitor") return t(`studio.monitor.${value}`);
    if (key === "name") return catalogue?.diagnoses?.find(({ name }) => name === value)?.title ?? words(value);
    if (key === "layer") return integer(value + 1);
    if (typeof value !== "number") return value;
    return INTEGERS.includes(key) ? integer(value) : number(value);
  };
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, format(key, value)]));
}
