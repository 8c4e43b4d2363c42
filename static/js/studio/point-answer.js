// The network's answer to one data point with its loss, computed by the server for the step that the page shows.

import { api } from "../core/api.js";
import { viewApplies } from "./problem.js";

/** The frame of the view sample_trace for a point {part, index}; null where the view does not apply or fails. */
export async function pointAnswer(state, { part, index }) {
  const { run, shown } = state;
  if (!viewApplies(state, "sample_trace")) return null;
  const at = shown ? { attempt: shown.attempt, step: shown.step } : {};
  return api.view(run.id, "sample_trace", { part, index, ...at }).catch(() => null);
}
