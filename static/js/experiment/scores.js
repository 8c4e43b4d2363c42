// The score of the members of an experiment: the one by which their task is judged, and else the loss.

import { DASH, steady } from "../core/formats.js";
import { getPath, setPath } from "../core/store.js";
import { scoreOf, scoreText } from "../studio/score.js";
import { sourceOf } from "../studio/problem.js";

// Both are needed for every member whenever one has changed. Members and their values are replaced, not changed.
const configs = new WeakMap();
const scores = new WeakMap();

/** The complete configuration of a member: that of the first one with the values in which it differs. */
export const configOf = ({ config }, { values }) => cached(configs, values, () =>
  Object.entries(values).reduce((changed, [path, value]) => setPath(changed, path, value), config));

/** The score of a member: { name, title, value, text, rank }; a larger `rank` is better. */
export const memberScore = (experiment, member) => cached(scores, member, () => computeScore(experiment, member));

function cached(map, key, compute) {
  if (!map.has(key)) map.set(key, compute());
  return map.get(key);
}

function computeScore(experiment, member) {
  const config = configOf(experiment, member);
  const metrics = member.latest?.metrics ?? {};
  const { name, title } = scoreOf(experiment.catalogue, config, (metric) => metric in metrics);
  const value = member.status === "diverged" ? NaN : metrics[name] ?? NaN;
  const isFinite = Number.isFinite(value);
  const rank = isFinite ? value * sign(experiment, config) : -Infinity;
  return { name, title, value, text: isFinite ? scoreText(name, value) : DASH, rank };
}

/** Losses and steps of a member as text. */
export const lossText = ({ latest, status }) => (status === "diverged" ? DASH : steady(latest?.test_loss));

/** -1 for scores of an environment that are better when they are lower. */
function sign({ catalogue }, config) {
  const { scores, judged } = sourceOf(catalogue, config) ?? {};
  return scores?.find(({ name }) => name === judged)?.lower_is_better ? -1 : 1;
}

/** The value of a field of a member, also of one that is not varied. */
export const valueOf = (experiment, member, path) => getPath(configOf(experiment, member), path);
