// The data of a panel as CSV: a heading, and one number or word per cell.

/** CSV of {columns: {name: [...]}}, or of records, with every name that occurs among them as a heading. */
export function toCsv(data) {
  const rows = data.columns
    ? rowsOfColumns(data.columns)
    : rowsOf(Array.isArray(data) ? data : withoutAddress(data));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((cells) => cells.map(cell).join(","))
    .join("\n");
}

/** A frame without the fields that only address it. */
const withoutAddress = ({ run, seq, id, attempt, kind, view, ...rest }) => rest;

function rowsOfColumns(columns) {
  const names = Object.keys(columns);
  const length = Math.max(...names.map((name) => columns[name].length));
  return Array.from({ length }, (_, i) => Object.fromEntries(names.map((name) => [name, columns[name][i]])));
}

const cell = (value) => (/[",\n\r]/.test(value) ? `"${value.replace(/"/g, '""')}"` : String(value ?? ""));

const isRecord = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * The rows of a record; `shared` are cells that all of them get. A list gives one row per element, and lists of equal
 * shape share their rows. A list of records gives the rows of each record, with its index (from 0) in a column named
 * after the list; names that are taken get the list's name as prefix.
 */
function rowsOf(value, shared = {}, list = "") {
  if (Array.isArray(value)) return value.flatMap((record) => rowsOf(record, shared));
  const columnName = (name) => (name in shared ? `${list}.${name}` : name);
  const groups = { own: { ...shared }, lists: {}, records: [], columnName };
  const { own, lists, records } = grouped(value, "", groups);
  const rows = [
    ...Object.values(lists).flatMap((group) => listRows(group, own)),
    ...records.flatMap(([name, items]) =>
      items.flatMap((item, i) => rowsOf(item, { ...own, [name]: i }, name)),
    ),
  ];
  return rows.length ? rows : [own];
}

/** Groups a record into single values, lists by their shape, and lists of records; nested names are joined by dots. */
function grouped(record, prefix, groups) {
  for (const [key, value] of Object.entries(record)) {
    const name = groups.columnName(prefix + key);
    if (isRecord(value)) grouped(inBins(value), `${name}.`, groups);
    else if (Array.isArray(value) && isRecord(value[0])) groups.records.push([name, value]);
    else if (typeof value !== "object" || value === null) groups.own[name] = value;
    else {
      const { shape, values } = flat(value);
      (groups.lists[shape] ??= { shape, columns: {} }).columns[name] = values;
    }
  }
  return groups;
}

/** Nested lists, and arrays with a shape, as one list with its shape. */
function flat(value) {
  if (!Array.isArray(value)) return { shape: value.shape ?? [value.length], values: value };
  const values = value.flat(Infinity);
  const even = Array.isArray(value[0]) && value.every((row) => row?.length === value[0].length);
  return { shape: even ? [value.length, value[0].length] : [values.length], values };
}

/** Replaces the ends of a histogram by the edges of each bin. */
function inBins(record) {
  const { counts, low, high, ...rest } = record;
  if (!counts || !Number.isFinite(low) || !Number.isFinite(high)) return record;
  const edge = (i) => low + ((high - low) * i) / counts.length;
  return {
    ...rest,
    low: Float64Array.from(counts, (_, i) => edge(i)),
    high: Float64Array.from(counts, (_, i) => edge(i + 1)),
    counts,
  };
}

/** One row per element, with its indices (from 0). */
function listRows({ shape, columns }, shared) {
  const word = "index" in shared ? "place" : "index";
  const sizes = shape.map((_, axis) => shape.slice(axis).reduce((product, size) => product * size, 1));
  return Array.from({ length: sizes[0] }, (_, at) => {
    const row = { ...shared };
    shape.forEach((size, axis) => {
      const name = shape.length > 1 ? `${word} ${axis + 1}` : word;
      row[name] = Math.floor((at * size) / sizes[axis]) % size;
    });
    for (const name in columns) row[name] = columns[name][at];
    return row;
  });
}
