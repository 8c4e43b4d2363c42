// Form controls: real labelled elements, each { element, set(value, resolved), setError(message), field }.

import { h, icon, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";

let serial = 0;
const STEPS = 1000;

/** The frame every control sits in: label, restart marker, the control, and the place for the reason of a refusal. */
function frame(field, body, kind) {
  const id = `field-${++serial}`;
  const error = h("p", { class: "field-error", id: `${id}-error`, role: "alert", hidden: true });
  const marker = field.live ? null : h("span", { class: "restarts", title: "Changing this begins a new run" }, icon("restart"), h("span", { class: "visually-hidden", text: " (restarts)" }));
  const label = h("label", { for: id, title: field.help || null }, field.label, marker);
  const element = h("div", { class: `field field-${kind}`, "data-field": field.path }, label, body, error);
  const main = element.querySelector("[data-main]");
  main.id = id;
  setAttribute(main, "aria-describedby", error.id);
  const setError = (message, warning, _, using) => {
    showError(error, message ?? warning, message && field.path, using);
    setAttribute(error, "data-kind", message ? "error" : "warning");
    setAttribute(main, "aria-invalid", message ? "true" : null);
    const closed = message && element.closest("details:not([open])");
    if (closed) closed.open = true;
  };
  return { element, main, setError, field };
}

/** Why a value was refused (or is odd), what the run goes on with, and the way back to that. */
export function showError(element, message, path, using) {
  const meanwhile = path && ["number", "string"].includes(typeof using) ? `; still using ${using}` : "";
  element.hidden = !message;
  if (!message || element.firstChild?.data !== message + meanwhile) element.replaceChildren(...(message ? [message + meanwhile, path ? h("button", { type: "button", "data-revert": path, text: "Revert" }) : ""] : []));
}

/** Slider positions to values and back: logarithmic where the range spans decades, with 0 at the left end if allowed. */
export function scale({ minimum, maximum, integer, sliderMinimum, sliderMaximum, log: decades }) {
  const [low, high] = [sliderMinimum ?? minimum ?? 0, sliderMaximum ?? maximum ?? 1];
  const log = decades || (low > 0 && high / low > 400);
  if (!log) return { toValue: (p) => snap(low + ((high - low) * p) / STEPS, integer, high - low), toPosition: (v) => (STEPS * (v - low)) / (high - low || 1) };
  const floor = low > 0 ? low : integer ? 1 : high * 1e-6;
  const ratio = Math.log(high / floor);
  return {
    toValue: (p) => (p <= 0 ? low : niceLog(floor * Math.exp((ratio * p) / STEPS), integer)),
    toPosition: (v) => (v <= floor ? 0 : (STEPS * Math.log(v / floor)) / ratio),
  };
}

/** Sensible values: about 50 over a linear range, two digits on a logarithmic one. */
function snap(value, integer, range) {
  const grain = integer ? Math.max(1, 10 ** Math.floor(Math.log10(range / 40))) : 10 ** Math.floor(Math.log10(range / 20));
  return Number((Math.round(value / grain) * grain).toPrecision(6));
}

function niceLog(value, integer) {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const digits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  const best = digits.reduce((one, other) => (Math.abs(Math.log(other * magnitude / value)) < Math.abs(Math.log(one * magnitude / value)) ? other : one));
  return integer ? Math.max(1, Math.round(best * magnitude)) : Number((best * magnitude).toPrecision(3));
}

/** A number with a slider beside it. `onChange(value, final)`: `final` is false while the slider is dragged. */
export function numberControl(field, onChange) {
  const positions = scale(field);
  const input = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false", "data-main": true, class: "number" });
  const slider = field.slider === false ? null
    : h("input", { type: "range", min: 0, max: STEPS, step: 1, "aria-label": `${field.label}, slider`, class: "slider" });
  const base = frame(field, h("div", { class: "number-row" }, slider, input), "number");
  const typed = () => onChange(parse(input.value, field), true);
  input.addEventListener("change", typed);
  for (const part of slider ? [input, slider] : [input]) part.addEventListener("keydown", (event) => nudge(event, field, positions, { input, slider }, onChange));
  slider?.addEventListener("input", () => {
    const value = positions.toValue(Number(slider.value));
    input.value = show(value);
    paint(slider);
    onChange(value, false);
  });
  slider?.addEventListener("change", () => onChange(positions.toValue(Number(slider.value)), true));
  let last;
  const set = (value, resolved) => {
    // What somebody is typing stays, unless the value was changed elsewhere.
    const typing = document.activeElement === input && Object.is(last, value);
    last = value;
    setNumber(typing ? null : input, slider, positions, value, resolved);
    input.placeholder = Number.isFinite(resolved) ? number(resolved) : "auto";
  };
  return { ...base, set };
}

function setNumber(input, slider, positions, value, resolved) {
  const known = Number.isFinite(value) ? value : resolved;
  if (input) input.value = value === null || value === undefined || value === "auto" ? "" : show(value);
  if (!slider || document.activeElement === slider) return;
  slider.value = Number.isFinite(known) ? positions.toPosition(known) : 0;
  paint(slider);
}

const show = (value) => (typeof value === "number" ? String(Number(value.toPrecision(7))) : String(value));
const paint = (slider) => slider.style.setProperty("--part", `${(100 * (slider.value - slider.min)) / (slider.max - slider.min)}%`);

/** What was typed: a number, null for nothing where that is allowed, else the text itself, for the server to refuse with its reason. */
function parse(text, field) {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "") return field.nullable ? null : field.default;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** Arrow keys move the number to the next sensible value: up and down while typing, all four on the slider. */
function nudge(event, field, positions, { input, slider }, onChange) {
  const onSlider = event.target === slider;
  const direction = { ArrowUp: 1, ArrowDown: -1, ArrowRight: onSlider && 1, ArrowLeft: onSlider && -1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  const now = Number(input.value);
  if (!Number.isFinite(now)) return;
  let position = positions.toPosition(now);
  let value = now;
  for (let i = 0; i < 200 && value === now; i++) value = positions.toValue((position = Math.min(STEPS, Math.max(0, position + direction * 2))));
  input.value = show(value);
  if (slider) {
    slider.value = positions.toPosition(value);
    paint(slider);
  }
  onChange(value, true);
}

export function choiceControl(field, onChange) {
  const options = field.options.map(({ value, title, help }, index) => h("option", { value: index, title: help ?? null, text: title }));
  const select = h("select", { "data-main": true, class: "select" }, options);
  const base = frame(field, select, "choice");
  select.addEventListener("change", () => onChange(field.options[Number(select.value)].value, true));
  const set = (value, resolved) => {
    select.value = String(field.options.findIndex((option) => option.value === value));
    const chosen = field.options.find((option) => option.value === resolved);
    if (field.options[0]?.value === "auto") setText(options[0], resolved !== undefined && resolved !== "auto" ? `auto: ${chosen?.title ?? resolved}` : "auto");
  };
  return { ...base, set };
}

export function switchControl(field, onChange) {
  const box = h("input", { type: "checkbox", "data-main": true, class: "switch" });
  const base = frame(field, box, "switch");
  box.addEventListener("change", () => onChange(box.checked, true));
  return { ...base, set: (value) => (box.checked = Boolean(value)) };
}

export function textControl(field, onChange) {
  const input = h("input", { type: "text", "data-main": true, class: "text", autocomplete: "off" });
  const base = frame(field, input, "text");
  input.addEventListener("change", () => onChange(input.value, true));
  return { ...base, set: (value) => (input.value = value ?? "") };
}

/** Several of a few: one toggle button each. */
export function chipsControl(field, onChange) {
  const body = h("div", { class: "chips", role: "group", "aria-label": field.label, "data-main": true, tabindex: -1 });
  const base = frame(field, body, "chips");
  const buttons = new Map();
  for (const { value, title, help } of field.options) {
    const toggle = () => onChange(field.options.map((option) => option.value).filter((each) => (each === value) !== isOn(buttons.get(each))), true);
    buttons.set(value, h("button", { type: "button", class: "chip", title: help ?? title, "aria-pressed": "false", on: { click: toggle } }, h("span", { text: title })));
  }
  body.append(...buttons.values());
  const set = (value, resolved) => {
    const chosen = value ?? resolved ?? [];
    for (const [name, button] of buttons) setAttribute(button, "aria-pressed", String(chosen.includes(name)));
  };
  return { ...base, set };
}

const isOn = (button) => button.getAttribute("aria-pressed") === "true";
