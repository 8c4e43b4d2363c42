// The bookmarks of the run: names and notes for steps of its attempts, kept by the server.

import { api } from "../core/api.js";
import { presentKey } from "../core/history.js";
import { same } from "../core/store.js";
import { shownAttempt } from "./attempts.js";
import { bestOf } from "./measured.js";

export const BEST = "best"; // the name of the best measured point of the present attempt
const MAX_NAME = 60;
const CHANGES = ["bookmarks", "attempts_deleted"]; // the types of events after which they differ

/** Keeps `timeline.bookmarks` up to date, also when another page changes them. */
export function followBookmarks(store) {
  let run = null;
  const read = () => readBookmarks(store).catch(() => {}); // the next event or connection repeats it
  const update = (state, changed) => {
    const isOtherRun = state.run && state.run.id !== run;
    run = state.run?.id ?? run;
    const isReconnected = changed.includes("connection") && state.connection === "open";
    const hasChanged = changed.includes("lastEvent") && CHANGES.includes(state.lastEvent.event.type);
    if (isOtherRun || isReconnected || hasChanged) read();
  };
  store.watch(update);
  update(store.get(), []);
}

/** Reads the bookmarks; resolves to all of them, with that of the best point. */
export async function readBookmarks(store) {
  const { id } = store.get().run;
  const { bookmarks } = await api.read(id, "bookmarks");
  const { run, timeline } = store.get();
  const named = bookmarks.filter(({ automatic }) => !automatic);
  // The same ones are not drawn again: a click on one of them may have begun.
  if (run.id === id && !same(named, timeline.bookmarks)) store.set({ timeline: { ...timeline, bookmarks: named } });
  return bookmarks;
}

/** The bookmarks of the shown attempt. */
export const marksOf = (state) =>
  state.timeline.bookmarks.filter(({ attempt }) => attempt === shownAttempt(state));

/** The bookmark of the best measured point of the present attempt; null before the first point. */
export function bestBookmark(state) {
  const best = bestOf(state[presentKey(state)]);
  return best && { name: BEST, attempt: state.run.attempt, step: best.step, note: "", automatic: true };
}

/** Shows the step of a bookmark, whose name is then in the address. */
export function openBookmark(store, go, bookmark) {
  store.set({ timeline: { ...store.get().timeline, opened: bookmark } });
  return go(bookmark.attempt, bookmark.step);
}

/** Stores a bookmark; one of the same name is replaced. Rejects with the reason of a refusal. */
export async function putBookmark(store, { name, attempt, step, note }) {
  await request(store, "PUT", name, { attempt, step, note });
  await readBookmarks(store);
}

export async function deleteBookmark(store, name) {
  await request(store, "DELETE", name);
  await readBookmarks(store);
}

/** Stores a bookmark under another name, note, or both. */
export async function changeBookmark(store, before, { name, note }) {
  await request(store, "PUT", name, { attempt: before.attempt, step: before.step, note });
  if (name !== before.name) await request(store, "DELETE", before.name);
  await readBookmarks(store);
}

function request(store, method, name, body) {
  const path = `/api/runs/${store.get().run.id}/bookmarks/${encodeURIComponent(name)}`;
  const content = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return api.answer(fetch(path, { method, ...content }));
}

/** A name that no bookmark has yet: `name`, or "name (2)" ... */
export function freeName({ timeline }, name) {
  const isFree = (candidate) => !timeline.bookmarks.some((bookmark) => bookmark.name === candidate);
  let candidate = name.slice(0, MAX_NAME);
  for (let i = 2; !isFree(candidate); i++) candidate = `${name.slice(0, MAX_NAME - 6)} (${i})`;
  return candidate;
}

/** The address that opens the run at a bookmark. */
export const bookmarkLink = ({ run }, name) =>
  `${location.origin}/runs/${run.id}?bookmark=${encodeURIComponent(name)}`;
