// The sentences of the advice, from its code, and from the names and the parameters of its problem.

import { integer, words } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { latestValue, scoreText, scoreTitle } from "../../studio/score.js";
import { sourceOf } from "../../studio/problem.js";
import { findingText, formatted, remedyText } from "../layer_health/finding-text.js";
import { layerName } from "../shared/layer-names.js";
import { classTitle } from "../shared/scales.js";

const FEW_ROWS = 25; // of the part whose score is shown: its standard error is then up to 0.1

const STATES = { problem: problemText, solved: solvedText, learning: learningText, untrained: untrainedText };

/** {kind, title, detail, button, help} of a frame of the view; `button` and `help` are missing without an action. */
export const describe = (frame, state) => ({ kind: frame.code, ...STATES[frame.code](frame, state) });

function untrainedText(_, { run, shown }) {
  if (shown) return { title: t("advice.untrained.past"), detail: "" };
  return run.status === "running"
    ? { title: t("advice.untrained.begins"), detail: "" }
    : { title: t("advice.untrained.title"), detail: t("advice.untrained.press") };
}

/** "Learning", "Paused", "Finished" ..., or the step of the past that is shown; the bar has the score itself. */
function learningText({ score, step }, state) {
  const { run, shown } = state;
  const title = shown ? t("advice.past", { step: integer(step) }) : t(`advice.status.${run.status}`, {}, run.status);
  if (score.value === null) return { title, detail: "" };
  const { column } = named(score, state);
  const parts = [
    isBetter(score, column) && t("advice.best", best(score, column)),
    score.threshold !== null && t("advice.goal", { value: scoreText(column, score.threshold) }),
    ...besides(score, column, state),
  ];
  return { title, detail: parts.filter(Boolean).join(" ") };
}

/** "Test accuracy 97%: solved in 2,900 steps", with the number of the bar. */
function solvedText({ score }, state) {
  const { column, name } = named(score, state);
  const steps = score.solved_step;
  const value = latestValue(state, column) ?? score.value;
  return {
    title: t("advice.solved", { name, value: scoreText(column, value), count: steps, steps: integer(steps) }),
    detail: [isBetter(score, column) && t("advice.best", best(score, column)), ...besides(score, column, state)]
      .filter(Boolean).join(" "),
  };
}

/** What the score is compared with: the trivial answer, and for how few rows it stands. */
function besides({ trivial, rows }, column, state) {
  if (!trivial || trivial.value === null) return [];
  const value = scoreText(column, trivial.value);
  const classes = [trivial.answer].flat().map((name) => classTitle(state, name));
  const answer = classes.join(", ") || t("advice.no_label");
  return [
    trivial.rule === "mean" ? t("advice.trivial.mean", { value }) : t("advice.trivial.majority", { value, answer }),
    rows < FEW_ROWS && t("advice.few_rows", { count: rows, rows: integer(rows) }),
  ];
}

/** The diagnosis with its layers or its step, its evidence, and the button of its remedy. */
function problemText({ problem, layers, action }, { catalogue }) {
  const [{ name, since, suggestion, title: english }] = problem;
  const title = catalogue?.diagnoses.find((entry) => entry.name === name)?.title ?? english;
  const where = layersText(problem.map(({ layer }) => layer), layers);
  const detail = findingText(problem, catalogue);
  const whole = where
    ? t("advice.in_layers", { title, layers: where })
    : since === null ? title : t("advice.since", { title, step: integer(since) });
  if (action?.step !== undefined) return { title: whole, detail, button: t("advice.go_back"), help: null };
  const values = formatted(suggestion.parameters, catalogue);
  const button = action && t(`advice.button.${suggestion.name}`, values, t("advice.apply"));
  return { title: whole, detail, button, help: remedyText(suggestion, catalogue) };
}

/** "layer 2", "layers 1 to 3", "layers 1, 3", or "" for the whole network. */
function layersText(indices, count) {
  if (indices[0] === null) return "";
  if (indices.length === 1) return layerName(indices[0], count);
  const [first, last] = [indices[0] + 1, indices.at(-1) + 1];
  if (indices.length > 2 && last - first + 1 === indices.length) return t("advice.layers_range", { first, last });
  return t("panel.layer_health.layers", { layers: indices.map((index) => index + 1).join(", ") });
}

/** The name of the score in the recorded points, and its title. */
function named({ name, part }, { run, catalogue }) {
  if (part) return { column: `${part}_${name}`, name: scoreTitle(`${part}_${name}`) };
  const title = sourceOf(catalogue, run.config)?.scores?.find((score) => score.name === name)?.title ?? words(name);
  return { column: `${name}_mean`, name: title };
}

const best = (score, column) => ({ value: scoreText(column, score.best), step: integer(score.best_step) });

/** Whether an earlier step was better, in the digits that are shown. */
const isBetter = ({ value, best: other }, column) =>
  other !== null && scoreText(column, other) !== scoreText(column, value);
