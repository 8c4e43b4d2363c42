// Lines of the file that is imported, to show where a problem is.

import { h } from "../core/dom.js";
import { integer } from "../core/formats.js";
import { t } from "../core/text.js";

const MAX_BYTES = 8 * 1024 * 1024; // of a file that is read on the page
const MAX_LINE = 200; // characters that are shown
const FIRST = 8; // lines of a file that could not be read
const texts = new WeakMap(); // of files that were read

/** The text of a source, or null if it is long or no text. */
async function textOf(source) {
  if (typeof source === "string") return source;
  if (source.size > MAX_BYTES) return null;
  if (!texts.has(source)) texts.set(source, source.text());
  const text = await texts.get(source);
  return text.includes("\0") || text.startsWith("PK\u0003\u0004") ? null : text;
}

/** Whether the lines of a source can be shown. */
export const isText = async (source) => (await textOf(source)) !== null;

/** The line of a problem, with what could not be read marked; filled once the file is read. */
export function markedLine(source, { row, given }) {
  const element = h("code", { class: "data-line" });
  textOf(source).then((text) => {
    const line = text?.split(/\r\n|\n|\r/)[row - 1];
    if (line !== undefined) element.replaceChildren(...marked(line, given));
  });
  return element;
}

function marked(line, given) {
  const cell = typeof given === "string" ? given : "";
  const at = cell ? line.indexOf(cell) : -1;
  if (at < 0) return [line.slice(0, MAX_LINE)];
  const [start, end] = [Math.max(0, at - MAX_LINE / 2), at + cell.length];
  const before = `${start > 0 ? "…" : ""}${line.slice(start, at)}`;
  return [before, h("mark", { text: cell }), line.slice(end, end + MAX_LINE / 2)];
}

/** The first lines of a file that could not be read, with their numbers; the one of the problem is marked. */
export function firstLines(source, row = null) {
  const list = h("ol", { class: "data-lines", "aria-label": t("data.first_lines") });
  textOf(source).then((text) => {
    const lines = text === null ? [] : text.split(/\r\n|\n|\r/, Math.max(FIRST, row ?? 0));
    const shown = lines.map((line, i) => [i + 1, line]).filter(([number]) => number <= FIRST || number === row);
    list.hidden = shown.length === 0;
    list.replaceChildren(...shown.map(([number, line]) => h("li", {
      value: number, "aria-label": t("data.line", { row: integer(number) }),
    }, number === row ? h("mark", { text: line.slice(0, MAX_LINE) }) : line.slice(0, MAX_LINE))));
  });
  return list;
}
