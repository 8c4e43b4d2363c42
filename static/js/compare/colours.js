// The colour and the dashes of each compared run: lines differ without colours, too.

import { css, classColour } from "../core/colours.js";
import { h } from "../core/dom.js";
import { textColour } from "../panels/shared/text-colour.js";

const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [1, 4], [14, 5], [6, 2, 1, 2, 1, 2]];
const indexOf = ({ letter }) => letter.charCodeAt(0) - 65;

const channelsOf = (entry) => classColour(indexOf(entry));
export const colourOf = (entry) => css(channelsOf(entry));
export const letterColour = (entry) => textColour(channelsOf(entry)); // on the colour of the run
export const dashOf = (entry) => DASHES[indexOf(entry)];

/** The letter of a run on its colour. */
export const badge = (entry) => h("span", {
  class: "compare-badge", text: entry.letter,
  style: { "--run": colourOf(entry), color: letterColour(entry) },
});
