// Building elements: one function for HTML, one for icons, one for listeners that can be undone.

import { ICONS } from "./icons.js";

/** An element with attributes and children. `on` holds listeners, `text` the text content. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (name === "style" || name === "value") setSpecial(element, name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function setSpecial(element, name, value) {
  if (name === "value") element.value = value;
  else for (const [property, worth] of Object.entries(value)) element.style.setProperty(property, worth);
}

/** An inline drawing; decorative, because the control around it carries the words. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = ICONS[name];
  return svg;
}

/** A button with an icon; `label` is its accessible name and its tooltip. */
export function iconButton(name, label, onClick, attributes = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick }, ...attributes }, icon(name));
}

/** Listen until the returned function is called. */
export function listen(target, type, listener, options) {
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

/** Writes a text only where it differs, so that unchanged numbers cost no layout; a title repeats it. */
export function setText(element, text) {
  if (element.textContent === text) return;
  element.textContent = text;
  if (element.hasAttribute("title")) element.title = text;
}

/** Set or remove an attribute only where it differs. */
export function setAttribute(element, name, value) {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}
