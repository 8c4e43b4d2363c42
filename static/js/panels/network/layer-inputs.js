// What the controls of a layer and its settings offer and read: activations, and a number of units.

import { h } from "../../core/dom.js";

/** The activations that a hidden or an output layer can have, as options. */
export const activationOptions = (catalogue, layer) =>
  catalogue.activations
    .filter(({ applies_to }) => !applies_to || applies_to.includes(layer))
    .map(({ name, title, help }) => h("option", { value: name, title: help, text: title }));

/** A typed number of units; other text is returned unchanged, so that the server's validation error is shown. */
export const unitsFrom = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text);
