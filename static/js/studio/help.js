// The help dialog: what one sees, in a minute, and every key.

import { h } from "../core/dom.js";

const KEYS = [
  ["Space", "train or pause"], ["→", "one step"], ["Shift →", "one epoch"], ["R", "reset to the same initial weights"], ["N", "new weights"],
  ["Ctrl Z", "undo a change of the configuration"], ["Ctrl Shift Z", "redo it"], ["D", "light or dark"], ["F", "enlarge the panel under the pointer"],
  ["Esc", "unpin the unit, leave the enlarged panel"], ["?", "this help"],
];

const FIRST = [
  ["Train", "Press Train (or Space). The network sees the points and moves its boundary towards them."],
  ["Look inside", "Hover a unit: the large picture shows what that unit does. Click keeps it there and opens its numbers, to be edited; Shift-click puts it beside others; Escape lets go."],
  ["Change one thing", "Anything on the left or in the network. What carries the mark ↻ begins a new run; the rest acts while it trains."],
  ["Read the layers", "Each strip shows the values flowing through a layer. Bars piled up at the ends of the curve mean that the layer hardly learns."],
];

export function openHelp(version) {
  const held = document.getElementById("help-dialog");
  if (held) return held.showModal();
  const dialog = h("dialog", { id: "help-dialog", class: "dialog", "aria-labelledby": "help-title" },
    h("h2", { id: "help-title", tabindex: -1, autofocus: true, text: "Perceptarium" }),
    h("p", { text: "A planetarium for neural networks: change one thing, and see at once what that does to learning. Every picture is computed from the real weights." }),
    h("dl", { class: "help-list" }, FIRST.map(([name, text]) => [h("dt", { text: name }), h("dd", { text })])),
    h("h3", { text: "Keys" }),
    h("dl", { class: "help-keys" }, KEYS.map(([key, text]) => h("div", {}, h("dt", {}, h("kbd", { text: key })), h("dd", { text })))),
    h("p", { class: "help-foot" }, `Version ${version}. `, h("a", { href: "/docs", text: "Programming interface" })),
    h("form", { method: "dialog" }, h("button", { class: "button", text: "Close" })));
  document.body.append(dialog);
  dialog.showModal();
}
