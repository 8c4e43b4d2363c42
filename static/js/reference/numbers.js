// The measured values of A and B side by side, and the settings in which they differ.

import { integer, number } from "../core/formats.js";
import { metricNames } from "../core/history.js";
import { differences } from "../core/differences.js";
import { getPath } from "../core/store.js";
import { t } from "../core/text.js";
import { curveTitle } from "../panels/curves/shown.js";
import { measuredAt } from "../timeline/measured.js";
import { shownConfig } from "../timeline/shown-settings.js";
import { settingLabel, settingText } from "./setting-names.js";

const LOSSES = ["train_loss", "validation_loss", "test_loss"];
const TITLES = { train_loss: t("studio.counter.train-loss"), test_loss: t("studio.counter.test-loss") };
const HIDDEN = /^(name$|tags$|paradigm$)/; // fields that are not listed

/** The step that the panels show as B. */
export const stepOfB = ({ run, shown }) => shown?.step ?? run?.step ?? 0;

/** The measured values of A and B as {name, title, a, b}; NaN where nothing was measured. */
export function measuredValues(state) {
  const { reference, history } = state;
  const [a, b] = [measuredOfA(state), measuredOfB(state)];
  const names = [...LOSSES, ...metricsOf(reference.history, history)];
  return names.map((name) => ({ name, title: titleOf(state, name), a: a[name] ?? NaN, b: b[name] ?? NaN }))
    .filter((row) => Number.isFinite(row.a) || Number.isFinite(row.b));
}

/** Says at which steps A and B were measured, if these are not their own; else "". */
export function measuredSteps(state) {
  const values = [["A", measuredOfA(state), state.reference.step], ["B", measuredOfB(state), stepOfB(state)]];
  return values.filter(([, { step: measured }, step]) => Number.isFinite(measured) && measured !== step)
    .map(([letter, { step }]) => t("reference.measured_at", { letter, step: integer(step) })).join(" ");
}

const measuredOfA = ({ reference: { latest, history, step } }) => (latest ? flat(latest) : measuredAt(history, step));

/** While B follows the training it has the values of the bar: a run that pauses is measured then. */
const measuredOfB = (state) => (!state.shown && state.run?.latest
  ? flat(state.run.latest) : measuredAt(state.history, stepOfB(state)));

const flat = (latest) => ({ ...latest, ...latest.metrics });

/** Of each metric the value on the test data, or its mean over episodes. */
function metricsOf(...histories) {
  const names = [...new Set(histories.flatMap(metricNames))];
  const isMeasured = (name) => histories.some(({ metrics }) => metrics[name]);
  return names.map((name) => [`test_${name}`, `${name}_mean`, `train_${name}`].find(isMeasured)).filter(Boolean);
}

/** Of a metric the title in the catalogue; measured on the test data unless it says so. */
function titleOf(state, name) {
  if (TITLES[name]) return TITLES[name];
  const [, part, metric] = /^(?:(train|validation|test)_)?(.*?)(?:_mean)?$/.exec(name);
  const title = curveTitle(state, metric);
  return part && part !== "test" ? t("reference.part", { title, part: t(`panel.curves.part.${part}`) }) : title;
}

/** The settings that differ as {path, label, a, b}, with both values as text. */
export function differentSettings(state) {
  const [a, b] = [state.reference.config, shownConfig(state)];
  if (!b) return [];
  return differences(a, b).filter((path) => !HIDDEN.test(path)).map((path) => ({
    path,
    label: settingLabel(state.schema, path),
    a: settingText(state, path, getPath(a, path)),
    b: settingText(state, path, getPath(b, path)),
  }));
}
