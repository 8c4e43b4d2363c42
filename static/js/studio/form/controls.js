// Form controls: labelled elements, each { element, field, set(value, used), setError(text, warning, errors, used) }.

import { h, icon, setAttribute, setText } from "../../core/dom.js";
import { number } from "../../core/formats.js";
import { t } from "../../core/text.js";

let lastId = 0;
const SLIDER_STEPS = 1000;

/** The parts of every control: label, restart mark, the control itself and its error message. */
export function frame(field, body, kind) {
  const id = `field-${++lastId}`;
  const error = h("p", { class: "field-error", id: `${id}-error`, role: "alert", hidden: true });
  const label = h("label", { for: id, title: field.help || null }, field.label, field.live ? null : restartMark());
  const element = h("div", { class: `field field-${kind}`, "data-field": field.path }, label, body, error);
  const main = element.querySelector("[data-main]");
  main.id = id;
  setAttribute(main, "aria-describedby", error.id);
  const setError = (message, warning, _, using) => {
    showError(error, message ?? warning, message && field.path, using);
    setAttribute(error, "data-kind", message ? "error" : "warning");
    setAttribute(main, "aria-invalid", message ? "true" : null);
  };
  return { element, main, setError, field };
}

const restartMark = () => h("span", { class: "restarts", title: t("form.restarts.help") },
  icon("restart"), h("span", { class: "visually-hidden", text: ` ${t("form.restarts.label")}` }));

/** Shows why a value was rejected, with the value in use and a button to return to it, or a warning. */
export function showError(element, message, path, used) {
  const inUse = path && ["number", "string"].includes(typeof used);
  const text = message && inUse ? t("form.problem.still_using", { message, value: used }) : message;
  element.hidden = !message;
  if (message && element.firstChild?.data === text) return;
  const revert = path && h("button", { type: "button", "data-revert": path, text: t("form.problem.revert") });
  element.replaceChildren(...(message ? [text, revert || ""] : []));
}

/** Slider positions to values and back; on a logarithmic scale 0 is at the left end if it is allowed. */
function sliderScale({ minimum = 0, maximum = 1, integer, slider, scale }) {
  const [low, high] = slider ?? [minimum, maximum];
  if (scale !== "log") {
    return {
      toValue: (position) => snap(low + ((high - low) * position) / SLIDER_STEPS, integer, high - low),
      toPosition: (value) => (SLIDER_STEPS * (value - low)) / (high - low || 1),
    };
  }
  const floor = low > 0 ? low : integer ? 1 : high * 1e-6;
  const ratio = Math.log(high / floor);
  return {
    toValue: (p) => (p <= 0 ? low : niceLog(floor * Math.exp((ratio * p) / SLIDER_STEPS), integer)),
    toPosition: (v) => (v <= floor ? 0 : (SLIDER_STEPS * Math.log(v / floor)) / ratio),
  };
}

/** The nearest round value of a linear range, of about 50. */
function snap(value, integer, range) {
  const step = 10 ** Math.floor(Math.log10(range / (integer ? 40 : 20)));
  const grain = integer ? Math.max(1, step) : step;
  return Number((Math.round(value / grain) * grain).toPrecision(6));
}

/** The nearest round value of a logarithmic scale, with at most two digits. */
function niceLog(value, integer) {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const digits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  const distance = (digit) => Math.abs(Math.log((digit * magnitude) / value));
  const nearestDigit = digits.reduce((best, digit) => (distance(digit) < distance(best) ? digit : best));
  const nearest = magnitude * nearestDigit;
  return integer ? Math.max(1, Math.round(nearest)) : Number(nearest.toPrecision(3));
}

/** A number with a slider beside it. `onChange(value, final)`: `final` is false while the slider is dragged. */
export function numberControl(field, onChange) {
  const positions = sliderScale(field);
  const { input, slider } = numberInputs(field);
  const base = frame(field, h("div", { class: "number-row" }, slider, input), "number");
  const sliderValue = () => positions.toValue(Number(slider.value));
  const onKey = (event) => stepByArrow(event, positions, { input, slider }, onChange);
  input.addEventListener("change", () => onChange(parse(input.value, field), true));
  input.addEventListener("keydown", onKey);
  slider?.addEventListener("keydown", onKey);
  slider?.addEventListener("input", () => {
    input.value = exactText(sliderValue());
    updateTrack(slider);
    onChange(sliderValue(), false);
  });
  slider?.addEventListener("change", () => onChange(sliderValue(), true));
  let lastValue;
  const set = (value, resolved) => {
    // The text stays while the user types, unless the value was changed by another control.
    const isTyping = document.activeElement === input && Object.is(lastValue, value);
    lastValue = value;
    setNumber(isTyping ? null : input, slider, positions, value, resolved);
    input.placeholder = Number.isFinite(resolved) ? number(resolved) : unset(field);
  };
  return { ...base, set };
}

/** The text of a field without a value. */
export const unset = ({ optional }) => t(`form.option.${optional ? "none" : "auto"}`);

/** The text field, and the slider unless the control is an `input`. */
function numberInputs({ control, label }) {
  const text = { type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" };
  const range = { type: "range", min: 0, max: SLIDER_STEPS, step: 1, "aria-label": t("form.slider", { label }) };
  return {
    input: h("input", { ...text, "data-main": true, class: "number" }),
    slider: control === "input" ? null : h("input", { ...range, class: "slider" }),
  };
}

function setNumber(input, slider, positions, value, resolved) {
  const shown = Number.isFinite(value) ? value : resolved;
  if (input) input.value = value === null || value === undefined || value === "auto" ? "" : exactText(value);
  if (!slider || document.activeElement === slider) return;
  slider.value = Number.isFinite(shown) ? positions.toPosition(shown) : 0;
  updateTrack(slider);
}

const exactText = (value) => (typeof value === "number" ? String(Number(value.toPrecision(7))) : String(value));
const updateTrack = (slider) => slider.style.setProperty("--part", `${(100 * slider.value) / SLIDER_STEPS}%`);

/** The number of a text; null or the default of an empty text; any other text unchanged, which is then rejected. */
function parse(text, field) {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "") return field.nullable ? null : field.default;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** Arrow keys change the number to the next round value: up and down in the text field, all four on the slider. */
function stepByArrow(event, positions, { input, slider }, onChange) {
  const onSlider = event.target === slider;
  const direction = { ArrowUp: 1, ArrowDown: -1, ArrowRight: onSlider && 1, ArrowLeft: onSlider && -1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  const current = Number(input.value);
  if (!Number.isFinite(current)) return;
  const value = nextValue(current, direction, positions);
  input.value = exactText(value);
  if (slider) {
    slider.value = positions.toPosition(value);
    updateTrack(slider);
  }
  onChange(value, true);
}

function nextValue(current, direction, { toPosition, toValue }) {
  let position = toPosition(current);
  let value = current;
  for (let i = 0; i < 200 && value === current; i++) {
    position = Math.min(SLIDER_STEPS, Math.max(0, position + direction * 2));
    value = toValue(position);
  }
  return value;
}

export function choiceControl(field, onChange) {
  const option = ({ title, help = null }, index) => h("option", { value: index, title: help, text: title });
  const options = field.options.map(option);
  const select = h("select", { "data-main": true, class: "select" }, options);
  const base = frame(field, select, "choice");
  select.addEventListener("change", () => onChange(field.options[Number(select.value)].value, true));
  const set = (value, resolved) => {
    select.value = String(field.options.findIndex((option) => option.value === value));
    if (field.options[0]?.value !== "auto") return;
    const used = field.options.find((option) => option.value === resolved)?.title ?? resolved;
    const isResolved = resolved !== undefined && resolved !== "auto";
    setText(options[0], isResolved ? t("form.option.auto_used", { value: used }) : t("form.option.auto"));
  };
  return { ...base, set };
}
