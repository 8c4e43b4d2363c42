// The experiment of the page: read once, then kept up to date by its stream.

import { api } from "../core/api.js";
import { follow } from "../core/live-stream.js";
import { titleOf } from "./title.js";
import { describeVariation } from "./variation.js";

const RETRY_MS = 1000; // after the experiment could not be read

/**
 * Opens an experiment. It has `id`, `title`, `detail` (the answer of the API, with its newest `members`), `catalogue`,
 * `config` (the complete one of the first member), `schema`, `members`, the `connection` (connecting, open, lost or
 * gone), and
 * - `subscribe(listener)`: calls it with the list of changed members, at most once in a frame of the browser, also
 *   with an empty list when the connection or something else changed; returns a function that ends it;
 * - `hovered` and `hover(run)`: the id of the run that all sections emphasise, or null;
 * - `open(run, step)`: opens a member in the studio, at a step or at its newest one;
 * - `setProblems(list)`: what the diagnoses found, as `problem` of the members;
 * - `command(name)`: start, pause, stop or halve, returns the answer; `remove(keep)` deletes the experiment;
 * - `changeRule(halve)`: sets the rule of halving, { every, metric }, or removes it (null);
 * - `request(fields)`: sends a request to its stream, and `onView(listener)`: called with frames of views.
 */
export async function openExperiment(id) {
  const [detail, catalogue] = await Promise.all([api.experiment(id), api.catalogue()]);
  const config = await configOfFirst(detail);
  const held = {
    id, detail, byRun: new Map(), seqs: new Map(), changed: new Set(), listeners: new Set(), views: new Set(),
    request: 0,
  };
  index(held);
  const experiment = {
    id, catalogue, config, schema: await api.schema(config.paradigm), connection: "connecting", hovered: null,
    get detail() { return held.detail; },
    get members() { return held.detail.members; },
  };
  Object.assign(experiment, actions(held, experiment));
  experiment.title = titleOf(catalogue, detail, describeVariation(experiment));
  const stream = follow(id, {
    kind: "experiments",
    after: detail.seq,
    onFrame: (frame) => receive(held, frame),
    onConnection: (connection) => {
      experiment.connection = connection;
      changed(held);
    },
  });
  return Object.assign(experiment, { request: stream.request });
}

/** The complete configuration of the first member; the requested one where there is no member any more. */
async function configOfFirst({ members, config }) {
  if (!members.length) return config;
  return api.run(members[0].run).then((run) => run.config, (error) => {
    if (error.status !== 404) throw error; // deleted meanwhile
    return config;
  });
}

const actions = (held, experiment) => ({
  subscribe: (listener) => subscribe(held.listeners, listener),
  onView: (listener) => subscribe(held.views, listener),
  hover(run) {
    if (experiment.hovered === run) return;
    experiment.hovered = run;
    changed(held);
  },
  setProblems(list) {
    const members = [...held.detail.members];
    for (const { run, problem } of list) {
      const at = held.byRun.get(run);
      if (at !== undefined && members[at].problem !== problem) members[at] = { ...members[at], problem };
    }
    const others = members.filter((member, i) => member !== held.detail.members[i]);
    held.detail = { ...held.detail, members };
    if (others.length) changed(held, others);
  },
  open: (run, step) => location.assign(`/runs/${run}${step === undefined ? "" : `?step=${step}`}`),
  async command(name) {
    const answer = await api.commandExperiment(held.id, name);
    apply(held, answer);
    return answer;
  },
  changeRule: async (halve) => setHalving(held, (await api.changeExperiment(held.id, { halve })).halving),
  remove: (keep) => api.removeExperiment(held.id, keep),
});

function subscribe(listeners, listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const index = (held) => held.detail.members.forEach((member, i) => held.byRun.set(member.run, i));

/** An answer about the whole experiment; the members change by their frames. */
function apply(held, { status, counts }) {
  held.detail = { ...held.detail, status, counts };
  changed(held);
}

function receive(held, frame) {
  if (frame.kind === "member") return receiveMember(held, frame);
  if (frame.kind === "view") return held.views.forEach((listener) => listener(frame));
  if (frame.kind === "halving") return setHalving(held, frame.halving);
  if (frame.kind === "reset") return readAgain(held);
}

function setHalving(held, halving) {
  held.detail = { ...held.detail, halving };
  changed(held);
}

/** After frames were missed. Those that came during the request may be newer than its answer. */
async function readAgain(held) {
  const detail = await api.experiment(held.id).catch((error) => error);
  if (detail.status === 404) return; // deleted: the stream says so
  if (detail instanceof Error) return setTimeout(() => readAgain(held), RETRY_MS);
  const newest = new Map(held.detail.members.map((member) => [member.run, member]));
  const isNewer = ({ run }) => newest.has(run) && (held.seqs.get(run) ?? 0) > detail.seq;
  held.detail = { ...detail, members: detail.members.map((each) => (isNewer(each) ? newest.get(each.run) : each)) };
  held.byRun.clear();
  index(held);
  changed(held, held.detail.members);
}

/** The newest state of a member, in a new list, so that what was read before does not change. */
function receiveMember(held, { kind, experiment, seq, ...member }) {
  const at = held.byRun.get(member.run);
  if (at === undefined) return;
  held.seqs.set(member.run, seq);
  const members = [...held.detail.members];
  members[at] = { ...members[at], ...member };
  const counts = {};
  for (const { status } of members) if (status !== "deleted") counts[status] = (counts[status] ?? 0) + 1;
  held.detail = { ...held.detail, members, counts };
  changed(held, [members[at]]);
}

/** Calls the listeners with the next frame of the browser; in a hidden page once it is shown again. */
function changed(held, members = []) {
  for (const { run } of members) held.changed.add(run);
  held.request ||= requestAnimationFrame(() => {
    const list = [...held.changed].map((run) => held.detail.members[held.byRun.get(run)]);
    held.request = 0;
    held.changed.clear();
    for (const listener of [...held.listeners]) listener(list);
  });
}
