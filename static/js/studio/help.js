// The help dialog: the first steps and the keyboard shortcuts. Loaded when it is opened.

import { h } from "../core/dom.js";
import { t } from "../core/text.js";
import { termButtons } from "../glossary/list.js";
import { CHARACTERS_OFF } from "./keyboard.js";

const TOPICS = ["train", "inspect", "change", "layers", "time"];
const SHORTCUTS = [
  "toggle", "step", "epoch", "reset", "new_weights", "undo", "redo", "theme", "enlarge", "settings", "escape", "help",
  "recorded", "events", "first", "follow", "play_speed", "bookmark", "term",
];

/** `store` is null on a page without introduction. */
export function openHelp(version, store) {
  const dialog = document.getElementById("help-dialog") ?? document.body.appendChild(helpDialog(version, store));
  dialog.querySelector(".help-terms").replaceChildren(...termButtons());
  dialog.showModal();
}

function helpDialog(version, store) {
  return h("dialog", { id: "help-dialog", class: "dialog", "aria-labelledby": "help-title" },
    h("h2", { id: "help-title", tabindex: -1, autofocus: true, text: t("page.title") }),
    languages(),
    h("p", { text: t("studio.help.summary") }),
    h("dl", { class: "help-list" }, TOPICS.map(topic)),
    h("h3", { text: t("studio.help.shortcuts") }),
    h("dl", { class: "help-keys" }, SHORTCUTS.map(shortcut)),
    characterSwitch(),
    h("h3", { text: t("glossary.on_this_page") }),
    h("div", { class: "help-terms" }),
    h("p", { class: "help-foot" },
      t("studio.help.version", { version }), " ", h("a", { href: "/docs", text: t("studio.help.api") })),
    h("form", { method: "dialog", class: "help-buttons" },
      h("button", { class: "button", text: t("page.close") }),
      store && introduction(store)));
}

const introduction = (store) =>
  h("button", { class: "button", text: t("studio.help.introduction"), on: { click: () => again(store) } });

/** Shows the introduction when the dialog is closed. */
const again = (store) => import("./introduction.js").then(({ showIntroduction }) => showIntroduction(store));

/** Switches the shortcuts of a single letter, digit or sign off and on (WCAG 2.1.4); kept in the browser. */
function characterSwitch() {
  const change = () => {
    if (input.checked) localStorage.removeItem(CHARACTERS_OFF);
    else localStorage.setItem(CHARACTERS_OFF, "1");
  };
  const input = h("input", { type: "checkbox", class: "switch", id: "character-keys", on: { change } });
  input.checked = !localStorage.getItem(CHARACTERS_OFF);
  return h("label", { class: "help-switch", for: "character-keys" }, input, t("studio.help.character_keys"));
}

/** Links to this page in each language, from the head of the page; templates/page.js completes their addresses. */
function languages() {
  const present = document.documentElement.lang;
  return h("nav", { class: "languages", "aria-label": t("page.language") },
    [...document.querySelectorAll("link[hreflang]")].map(({ hreflang, title }) =>
      h("a", {
        href: `?lang=${hreflang}`, lang: hreflang, hreflang, "data-language": hreflang, text: title,
        "aria-current": hreflang === present ? "true" : null,
      })));
}

const topic = (name) => [
  h("dt", { text: t(`studio.help.topic.${name}.title`) }),
  h("dd", { text: t(`studio.help.topic.${name}.text`) }),
];

const shortcut = (name) => h("div", {},
  h("dt", {}, h("kbd", { text: t(`studio.shortcut.${name}.key`) })),
  h("dd", { text: t(`studio.shortcut.${name}.help`) }));
