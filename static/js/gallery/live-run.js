// The status of a run on its card: followed while it trains or waits to, with a button that pauses or resumes it.

import { api } from "../core/api.js";
import { h, icon, setAttribute, setText } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { follow } from "../core/live-stream.js";
import { isTraining } from "../core/store.js";
import { t } from "../core/text.js";

/** Whether the run is paused and goes on by itself once it can be stored. */
const waitsForStore = ({ status, reason_code: code }) => status === "paused" && /^(disk_full|store_)/.test(code ?? "");

const canStart = ({ status }) => status === "paused" || status === "stopped";

/**
 * Returns { status, button, reason, run(), command(name), close() }:
 * the line with status and step, the button, a line that says why
 * the run is paused while it cannot be stored or read, and the run as it is now. `changed(run)` is called when the
 * status or the newest measured point changed. The stream of a card is a viewer: its run does not pause by itself.
 */
export function liveRun(run, title, changed) {
  const parts = { status: statusLine(), reason: reasonLine(), button: controlButton(() => toggle(card)) };
  const card = { run, title, changed, stream: null, ...parts };
  show(card);
  return {
    command: (name) => command(card, name),
    run: () => card.run, status: card.status.element, button: card.button, reason: card.reason,
    close: () => {
      card.stream?.close();
      card.closed = true;
    },
  };
}

function statusLine() {
  const name = h("span", { class: "run-status" });
  const step = h("span");
  return { element: h("p", { class: "run-line" }, name, " · ", step), name, step };
}

const reasonLine = () => h("p", { class: "run-line run-reason", hidden: true });

/** Shows why a run is paused if nothing can be stored, or that what is stored of it cannot be read. */
function showReason({ run, reason }) {
  const { status, status_reason: message, reason_code: code, reason_parameters: parameters } = run;
  reason.hidden = !waitsForStore(run) && code !== "damaged" && (status !== "paused" || code !== "not_loaded");
  if (!reason.hidden) setText(reason, t(`studio.reason.${code}`, parameters, message));
}

const controlButton = (click) => h("button", { type: "button", class: "icon-button run-control", on: { click } });

function show(card) {
  const { run, title, status, button } = card;
  setAttribute(status.name, "data-status", run.status);
  setText(status.name, t(`gallery.status.${run.status}`));
  setText(status.step, t("gallery.step", { step: integer(run.step) }));
  showReason(card);
  const pauses = isTraining(run);
  button.hidden = !pauses && !canStart(run);
  if (button.dataset.pauses !== String(pauses)) {
    button.dataset.pauses = pauses;
    button.replaceChildren(icon(pauses ? "pause" : "play"));
  }
  const label = pauses ? t("gallery.pause", { title }) : t("gallery.resume", { title });
  for (const name of ["aria-label", "title"]) setAttribute(button, name, label);
  const isFollowed = pauses || waitsForStore(run);
  if (isFollowed && !card.stream && !card.closed) connect(card);
  if (!isFollowed) disconnect(card);
}

function connect(card) {
  const { id, seq } = card.run;
  card.stream = follow(id, { after: seq ?? 0, onFrame: (frame) => receive(card, frame), onConnection: () => {} });
}

function disconnect(card) {
  card.stream?.close();
  card.stream = null;
}

function receive(card, { kind, step, seq, status, latest, reason, ...frame }) {
  if (kind !== "status" && kind !== "progress") return;
  const { reason_code, reason_parameters } = frame;
  const about = { status, latest, status_reason: reason, reason_code, reason_parameters };
  update(card, { step, seq, ...(kind === "status" ? about : {}) });
}

function update(card, changes) {
  const before = card.run;
  card.run = { ...before, ...changes };
  show(card);
  if (card.run.status !== before.status) card.changed(card.run);
}

/** Pauses ("pause") or trains ("start") the run if it can be; throws what the API refuses. */
async function command(card, name) {
  const { run } = card;
  if (name === "pause" ? !isTraining(run) : !canStart(run)) return;
  const { status, step, seq, latest, status_reason, reason_code, reason_parameters } = await api.command(run.id, name);
  update(card, { status, step, seq, latest, status_reason, reason_code, reason_parameters });
}

async function toggle(card) {
  const { run, button } = card;
  button.disabled = true;
  try {
    await command(card, isTraining(run) ? "pause" : "start");
  } catch (error) {
    setText(card.status.step, error.message);
  } finally {
    button.disabled = false;
  }
}
