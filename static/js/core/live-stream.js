// The run's stream: one WebSocket that reconnects by itself and asks for what it missed.

import { decode } from "./decoding.js";

const FIRST_WAIT = 200;
const MAX_WAIT = 4000;
const GONE = 4404;

/**
 * Follow a run. `onFrame(frame)` gets every frame decoded, `onConnection(name)` one of connecting, open, lost, gone.
 * `early` is a stream of this run that was opened before: {socket, frames}.
 * Returns `subscribe(list, fps)` and `close()`.
 */
export function follow(id, { after = 0, early = null, onFrame, onConnection }) {
  const link = { id, seq: after, early, socket: null, wait: FIRST_WAIT, timer: 0, closed: false, subscription: null, onFrame, onConnection };
  onConnection("connecting");
  open(link);
  return {
    subscribe(views, fps) {
      link.subscription = JSON.stringify({ subscribe: views, fps });
      if (link.socket?.readyState === WebSocket.OPEN) link.socket.send(link.subscription);
    },
    close() {
      link.closed = true;
      clearTimeout(link.timer);
      link.socket?.close();
    },
  };
}

function address(link) {
  const url = new URL(`/api/runs/${link.id}/stream`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("after", link.seq);
  return url;
}

function open(link) {
  const { early } = link;
  const socket = early?.socket ?? new WebSocket(address(link));
  Object.assign(link, { socket, early: null });
  socket.onopen = () => {
    if (link.closed) return socket.close();
    link.wait = FIRST_WAIT;
    if (link.subscription) socket.send(link.subscription);
    link.onConnection("open");
  };
  socket.onmessage = (message) => {
    if (!link.closed) receive(link, JSON.parse(message.data));
  };
  socket.onclose = (event) => {
    if (link.closed) return;
    if (event.code === GONE) return link.onConnection("gone");
    link.onConnection("lost");
    link.timer = setTimeout(() => open(link), link.wait);
    link.wait = Math.min(MAX_WAIT, link.wait * 1.7);
  };
  if (early?.socket) takeOver(socket, early.frames);
}

/** Deliver what happened on an early socket before its handlers were set. */
function takeOver(socket, frames) {
  if (socket.readyState !== WebSocket.CONNECTING) socket.onopen();
  for (const message of frames) socket.onmessage(message);
  if (socket.readyState > WebSocket.OPEN) socket.onclose({ code: 1006 });
}

function receive(link, frame) {
  if (Number.isFinite(frame.seq)) link.seq = Math.max(link.seq, frame.seq);
  link.onFrame(frame.kind === "view" ? decode(frame) : frame);
}
