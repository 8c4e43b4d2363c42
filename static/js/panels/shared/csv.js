// The data of a panel as CSV: a heading, and one number or text per cell.

/** CSV of {columns: {name: [...]}}, or of records, with every name that occurs among them as a heading. */
export function toCsv(data) {
  const rows = data.columns
    ? rowsOfColumns(data.columns)
    : rowsOf(Array.isArray(data) ? data : withoutIdentity(data));
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((cells) => cells.map(cell).join(","))
    .join("\n");
}

/** A frame without the fields that only identify it. */
const withoutIdentity = ({ run, seq, id, attempt, kind, view, ...values }) => values;

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
 * after the list; names that are already used get the list's name as prefix.
 */
function rowsOf(value, shared = {}, list = "") {
  if (Array.isArray(value)) return value.flatMap((record) => rowsOf(record, shared));
  const columnName = (name) => (name in shared ? `${list}.${name}` : name);
  const groups = { own: { ...shared }, lists: {}, records: [], columnName };
  const { own, lists, records } = groupFields(value, "", groups);
  const rows = [
    ...Object.values(lists).flatMap((group) => listRows(group, own)),
    ...records.flatMap(([name, items]) =>
      items.flatMap((item, i) => rowsOf(item, { ...own, [name]: i }, name)),
    ),
  ];
  return rows.length ? rows : [own];
}

/** Groups a record into single values, lists by their shape, and lists of records; nested names are joined by dots. */
function groupFields(record, prefix, groups) {
  for (const [key, value] of Object.entries(record)) {
    const name = groups.columnName(prefix + key);
    if (isRecord(value)) groupFields(withBinEdges(value), `${name}.`, groups);
    else if (Array.isArray(value) && isRecord(value[0])) groups.records.push([name, value]);
    else if (typeof value !== "object" || value === null) groups.own[name] = value;
    else {
      const { shape, values } = flattened(value);
      (groups.lists[shape] ??= { shape, columns: {} }).columns[name] = values;
    }
  }
  return groups;
}

/** Nested lists, and arrays with a shape, as one list with its shape. */
function flattened(value) {
  if (!Array.isArray(value)) return { shape: value.shape ?? [value.length], values: value };
  const values = value.flat(Infinity);
  const isRectangular = Array.isArray(value[0]) && value.every((row) => row?.length === value[0].length);
  return { shape: isRectangular ? [value.length, value[0].length] : [values.length], values };
}

/** Replaces the ends of a histogram by the edges of each bin. */
function withBinEdges(record) {
  const { counts, low, high, ...others } = record;
  if (!counts || !Number.isFinite(low) || !Number.isFinite(high)) return record;
  const edge = (i) => low + ((high - low) * i) / counts.length;
  return {
    ...others,
    low: Float64Array.from(counts, (_, i) => edge(i)),
    high: Float64Array.from(counts, (_, i) => edge(i + 1)),
    counts,
  };
}

/** One row per element, with its indices (from 0). */
function listRows({ shape, columns }, shared) {
  const indexName = "index" in shared ? "element" : "index";
  const sizes = shape.map((_, axis) => shape.slice(axis).reduce((product, size) => product * size, 1));
  return Array.from({ length: sizes[0] }, (_, position) => {
    const row = { ...shared };
    shape.forEach((size, axis) => {
      const name = shape.length > 1 ? `${indexName} ${axis + 1}` : indexName;
      row[name] = Math.floor((position * size) / sizes[axis]) % size;
    });
    for (const name in columns) row[name] = columns[name][position];
    return row;
  });
}
