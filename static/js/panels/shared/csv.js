// Any data of a panel as one table: a heading, and a number or a word in each cell.

/** Columns side by side, or the rows of any other data, with every name that occurs among them as a heading. */
export function toCsv(data) {
  const rows = data.columns ? rowsOfColumns(data.columns) : rowsOf(Array.isArray(data) ? data : withoutAddress(data));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name]))].map((cells) => cells.map(cell).join(",")).join("\n");
}

/** What a frame says of its own sending is no part of what it tells. */
const withoutAddress = ({ run, seq, id, attempt, kind, view, ...rest }) => rest;

function rowsOfColumns(columns) {
  const names = Object.keys(columns);
  const most = Math.max(...names.map((name) => columns[name].length));
  return Array.from({ length: most }, (_, i) => Object.fromEntries(names.map((name) => [name, columns[name][i]])));
}

const cell = (value) => (/[",\n\r]/.test(value) ? `"${value.replace(/"/g, '""')}"` : String(value ?? ""));

const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * The rows of a record, with what is `shared` by them: a list gives a row per element, lists of one shape stand side by side;
 * a list of records gives the rows of each, with its number (from 0) under the name of the list, which also stands before
 * names that are taken.
 */
function rowsOf(value, shared = {}, list = "") {
  if (Array.isArray(value)) return value.flatMap((each) => rowsOf(each, shared));
  const found = { own: { ...shared }, lists: {}, records: [], called: (name) => (name in shared ? `${list}.${name}` : name) };
  const { own, lists, records } = sorted(value, "", found);
  const rows = [
    ...Object.values(lists).flatMap((group) => sideBySide(group, own)),
    ...records.flatMap(([name, items]) => items.flatMap((item, i) => rowsOf(item, { ...own, [name]: i }, name))),
  ];
  return rows.length ? rows : [own];
}

/** Single values, lists by their shape, and lists of records; what is inside a record is named behind a dot. */
function sorted(record, prefix, found) {
  for (const [key, value] of Object.entries(record)) {
    const name = found.called(prefix + key);
    if (isRecord(value)) sorted(inBins(value), `${name}.`, found);
    else if (Array.isArray(value) && isRecord(value[0])) found.records.push([name, value]);
    else if (typeof value !== "object" || value === null) found.own[name] = value;
    else {
      const { shape, values } = flat(value);
      (found.lists[shape] ??= { shape, columns: {} }).columns[name] = values;
    }
  }
  return found;
}

/** Lists in lists, and arrays that know their shape, as one list. */
function flat(value) {
  if (!Array.isArray(value)) return { shape: value.shape ?? [value.length], values: value };
  const values = value.flat(Infinity);
  const even = Array.isArray(value[0]) && value.every((each) => each?.length === value[0].length);
  return { shape: even ? [value.length, value[0].length] : [values.length], values };
}

/** Counts between two ends, with the ends of every bin. */
function inBins(record) {
  const { counts, low, high, ...rest } = record;
  if (!counts || !Number.isFinite(low) || !Number.isFinite(high)) return record;
  const edge = (i) => low + ((high - low) * i) / counts.length;
  return { ...rest, low: Float64Array.from(counts, (_, i) => edge(i)), high: Float64Array.from(counts, (_, i) => edge(i + 1)), counts };
}

/** A row per place, with its indices (from 0). */
function sideBySide({ shape, columns }, shared) {
  const word = "index" in shared ? "place" : "index";
  const sizes = shape.map((_, axis) => shape.slice(axis).reduce((product, each) => product * each, 1));
  return Array.from({ length: sizes[0] }, (_, at) => {
    const row = { ...shared };
    shape.forEach((each, axis) => (row[shape.length > 1 ? `${word} ${axis + 1}` : word] = Math.floor((at * each) / sizes[axis]) % each));
    for (const name in columns) row[name] = columns[name][at];
    return row;
  });
}
