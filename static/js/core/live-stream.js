// The stream of a run or an experiment: a WebSocket that reconnects and then requests the frames after the last one.

import { framesOf, inflate } from "./compact.js";

// Delays before reconnecting, in ms; the code with which the server closes the stream of a deleted run.
const MIN_DELAY = 200;
const MAX_DELAY = 4000;
const GONE = 4404;

/**
 * Opens the stream of a run, or of another `kind`. Calls `onFrame(frame)` with every decoded frame, and
 * `onConnection(name)` with connecting, open, lost or gone. `early` is a stream of this run that is already open
 * (templates/early.js): {socket, messages}, messages with a promise of their content, `inflated`. Returns `close()`
 * and `request(fields)`, which sends fields of a request, and all of them again after reconnecting.
 */
export function follow(id, { kind = "runs", after = 0, early = null, onFrame, onConnection }) {
  const link = {
    id, kind, seq: after, early, onFrame, onConnection,
    socket: null, requested: null, delay: MIN_DELAY, timer: 0, closed: false, received: Promise.resolve(),
  };
  onConnection("connecting");
  open(link);
  return {
    request(fields) {
      link.requested = { ...link.requested, ...fields };
      if (link.socket?.readyState === WebSocket.OPEN) link.socket.send(JSON.stringify(fields));
    },
    close() {
      link.closed = true;
      clearTimeout(link.timer);
      link.socket?.close();
    },
  };
}

function address(link) {
  const url = new URL(`/api/${link.kind}/${link.id}/stream`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.search = new URLSearchParams({ after: link.seq, encoding: "compact" });
  return url;
}

function open(link) {
  const { early } = link;
  const socket = early?.socket ?? new WebSocket(address(link));
  Object.assign(link, { socket, early: null, isRefused: true });
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    link.isRefused = false;
    if (link.closed) return socket.close();
    link.delay = MIN_DELAY;
    if (link.requested) socket.send(JSON.stringify(link.requested));
    link.onConnection("open");
  };
  socket.onmessage = ({ data, inflated = inflate(data.slice(1)) }) => {
    if (new Uint8Array(data)[0]) socket.send('{"received":true}');
    // Each frame in a task of its own: an error in one does not lose the others.
    const receiveAll = (content) => framesOf(content).forEach((frame) => queueMicrotask(() => receive(link, frame)));
    inOrder(link, async () => receiveAll(await inflated));
  };
  socket.onclose = ({ code }) => inOrder(link, () => lose(link, code));
  if (early?.socket) replayEvents(socket, early.messages);
}

/** Messages take a moment to be inflated: calls `work` after all that came before. */
const inOrder = (link, work) => (link.received = link.received.catch(() => {}).then(work));

function lose(link, code) {
  if (link.closed) return;
  if (code === GONE) return link.onConnection("gone");
  link.onConnection("lost");
  if (link.isRefused) askForToken();
  link.timer = setTimeout(() => open(link), link.delay);
  link.delay = Math.min(MAX_DELAY, link.delay * 1.7);
}

/** A server that was started again may have another token: its form is shown then. */
const askForToken = () => fetch("/version").then(({ status }) => status === 401 && location.reload(), () => null);

/** Calls the handlers for the events before they were attached; the code of an earlier close event is not known. */
function replayEvents(socket, messages) {
  if (socket.readyState !== WebSocket.CONNECTING) socket.onopen();
  for (const message of messages) socket.onmessage(message);
  if (socket.readyState > WebSocket.OPEN) socket.onclose({});
}

function receive(link, frame) {
  if (link.closed) return;
  frame.run ??= link.id;
  if (Number.isFinite(frame.seq)) link.seq = Math.max(link.seq, frame.seq);
  link.onFrame(frame);
}
