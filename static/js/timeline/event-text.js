// What the marks of the time line say about the events of a run.

import { integer, number, words } from "../core/formats.js";
import { t } from "../core/text.js";
import { labelOf } from "../studio/form/config-changes.js";

/** The kinds of marks: events that a person or a rule made, problems that were found, and interruptions. */
export function kindOf({ type }) {
  if (type === "diagnosis") return "problem";
  return type === "paused" || type === "stopped" ? "pause" : "change";
}

/** The sentence of an event, {step, event}. */
export function eventText({ event }, { catalogue, schema }) {
  const { type } = event;
  if (type === "change") return t("timeline.event.change", { changes: changeText(event.changes, schema) });
  if (type === "diagnosis") return t("timeline.event.diagnosis", { title: titleOf(event.name, catalogue) });
  if (type === "data") return t("timeline.event.data", { rows: integer(event.rows) });
  return t(`timeline.event.${type}`, {}, words(type));
}

const titleOf = (name, catalogue) =>
  catalogue?.diagnoses?.find((diagnosis) => diagnosis.name === name)?.title ?? words(name);

const changeText = (changes, schema) =>
  leaves(changes).map(([path, value]) => `${labelOf(path, schema)} ${valueText(value)}`).join(", ");

/** [dotted path, value] of every value in nested changes. */
function leaves(changes, prefix = "") {
  return Object.entries(changes ?? {}).flatMap(([key, value]) => {
    const path = prefix + key;
    return value !== null && typeof value === "object" ? leaves(value, `${path}.`) : [[path, value]];
  });
}

const valueText = (value) => (typeof value === "number" ? number(value) : value === null ? t("timeline.none") : value);
