// Exact values for saving: while a run trains, the stream rounds those of maps and curves.

import { api } from "../core/api.js";
import { decode } from "../core/decoding.js";
import { subscriptions } from "./view-subscriptions.js";

/** The state with the exact values of the frames `keys`, computed again for the steps that they show. */
export async function withExactFrames(state, ...keys) {
  const rounded = keys.filter((key) => state[key]?.rounded);
  const frames = await Promise.all(rounded.map((key) => exactFrame(state, state[key])));
  return { ...state, ...Object.fromEntries(rounded.map((key, i) => [key, frames[i]])) };
}

async function exactFrame(state, frame) {
  const subscription = subscriptions(state, false).find((entry) => (entry.id ?? entry.view ?? entry) === frame.id);
  const { view, run, attempt, step } = frame;
  const answer = await api.view(run, view, { ...subscription?.options, attempt, step, arrays: "typed" });
  return { ...frame, ...decode(answer), rounded: false };
}
