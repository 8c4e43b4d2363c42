// Creates and updates elements, icons and event listeners.

import { ICONS } from "./icons.js";

/**
 * Creates an element with attributes and children; `on` holds listeners by event type, `text` the text content.
 * Attributes and children that are null, undefined or false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (isPresent(value)) setOnCreation(element, name, value);
  }
  element.append(...children.flat(Infinity).filter(isPresent));
  return element;
}

const isPresent = (value) => value !== null && value !== undefined && value !== false;

function setOnCreation(element, name, value) {
  if (name === "text") element.textContent = value;
  else if (name === "value") element.value = value;
  else if (name === "on") Object.entries(value).forEach(([type, listener]) => element.addEventListener(type, listener));
  else if (name === "style") Object.entries(value).forEach((property) => element.style.setProperty(...property));
  else element.setAttribute(name, value === true ? "" : value);
}

/** An inline SVG icon, hidden from screen readers because the control around it has a label. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = ICONS[name];
  return svg;
}

/** A button that shows an icon; `label` is its name for screen readers and its tooltip. */
export function iconButton(name, label, onClick, attributes = {}) {
  const defaults = { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick } };
  return h("button", { ...defaults, ...attributes }, icon(name));
}

/** Adds an event listener; the returned function removes it. */
export function listen(target, type, listener, options) {
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

/** Sets the text, and the title if there is one. Skips equal texts, so that they cause no layout. */
export function setText(element, text) {
  if (element.textContent === text) return;
  element.textContent = text;
  if (element.hasAttribute("title")) element.title = text;
}

/** Sets a property only if it differs: setting an equal `hidden`, `disabled` or `value` costs a new style or layout. */
export function setProperty(element, name, value) {
  if (element[name] !== value) element[name] = value;
}

/** Sets an attribute only if it differs; null and false remove it. */
export function setAttribute(element, name, value) {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}
