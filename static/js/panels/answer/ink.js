// Ink on a fine grid: drawn, erased, moved, and read as the pixels a network was trained on.

const FINE = 112; // points along the longer side of the grid, at least
const INKED = 0.25; // what counts as drawn, as a share of full ink
const MEASURED = 500; // training pictures that are enough to know how large and how thick things are drawn
const STROKES = 2.2; // a figure's lines together are about this many times as long as the figure is large

/** An empty sheet for pictures of this many rows and columns. */
export function sheet({ rows, columns }) {
  const cell = Math.max(4, Math.ceil(FINE / Math.max(rows, columns)));
  return {
    rows,
    columns,
    cell,
    width: columns * cell,
    height: rows * cell,
    values: new Float32Array(rows * columns * cell * cell),
  };
}

/** Fill what lies within `radius` of the line from (x0, y0) to (x1, y1) with `value`: 1 draws, 0 erases. In points of the grid. */
export function stroke({ width, height, values }, [x0, y0], [x1, y1], radius, value) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const [left, right] = [
    Math.max(0, Math.floor(Math.min(x0, x1) - radius)),
    Math.min(width - 1, Math.ceil(Math.max(x0, x1) + radius)),
  ];
  const [top, bottom] = [
    Math.max(0, Math.floor(Math.min(y0, y1) - radius)),
    Math.min(height - 1, Math.ceil(Math.max(y0, y1) + radius)),
  ];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      if ((px - along * dx) ** 2 + (py - along * dy) ** 2 <= radius * radius) values[y * width + x] = value;
    }
  }
}

/** The same ink, whole pixels further right and down; what leaves the sheet is gone. */
export function moved(ink, right, down) {
  const { width, height, cell } = ink;
  return { ...ink, values: sampled(ink, (x, y) => [x - right * cell, y - down * cell], width, height) };
}

/** A picture of the data as ink. */
export function fromPixels(pixels, image) {
  const ink = sheet(image);
  for (let y = 0; y < ink.height; y++) {
    for (let x = 0; x < ink.width; x++) {
      const value = pixels[Math.floor(y / ink.cell) * ink.columns + Math.floor(x / ink.cell)];
      ink.values[y * ink.width + x] = (value - image.low) / (image.high - image.low);
    }
  }
  return ink;
}

/** What the network is given: of every pixel the share that is inked, as a whole number from low to high. */
export function toPixels({ rows, columns, cell, width, values }, { low, high }) {
  const sums = new Float64Array(rows * columns);
  values.forEach(
    (value, i) => (sums[Math.floor(i / width / cell) * columns + Math.floor((i % width) / cell)] += value),
  );
  return Array.from(sums, (sum) => Math.round(low + ((high - low) * sum) / (cell * cell)));
}

/** How the training pictures are drawn: their figure's longer side and the width of a line, both in pixels. */
export function manner(pictures, image) {
  const some = pictures.slice(0, MEASURED);
  const { rows, columns, low, high } = image;
  const share = (value) => (value - low) / (high - low);
  const sizes = some.map((pixels) => {
    const box = boxOf(pixels.map(share), columns, rows);
    return box ? Math.max(box.right - box.left, box.bottom - box.top) : 0;
  });
  const longer = sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] || Math.max(rows, columns);
  const ink =
    some.reduce((sum, pixels) => sum + pixels.reduce((all, value) => all + share(value), 0), 0) /
    Math.max(1, some.length);
  return { longer, line: Math.min(longer / 2, Math.max(1, ink / (STROKES * longer))) };
}

/** The figure as large as those of the data, its centre of mass in the middle, or as near to it as the sheet allows. */
export function centred(ink, { longer }) {
  const { width, height, cell, values } = ink;
  const box = boxOf(values, width, height);
  if (!box) return ink;
  const scale = (longer * cell) / Math.max(box.right - box.left, box.bottom - box.top);
  const mass = middle(values, width);
  const place = (centre, from, to, size) => {
    const least = (centre - from) * scale; // the figure touches the near edge
    const most = size - (to - centre) * scale;
    return least > most ? (least + most) / 2 : Math.min(most, Math.max(least, size / 2));
  };
  const [x0, y0] = [place(mass.x, box.left, box.right, width), place(mass.y, box.top, box.bottom, height)];
  return {
    ...ink,
    values: sampled(ink, (x, y) => [(x - x0) / scale + mass.x, (y - y0) / scale + mass.y], width, height),
  };
}

export const isEmpty = ({ values }) => !values.some((value) => value > INKED);

/** New values, each taken from where `source` says it comes from. */
function sampled({ values }, source, width, height) {
  const result = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = source(x + 0.5, y + 0.5).map(Math.floor);
      if (sx >= 0 && sx < width && sy >= 0 && sy < height) result[y * width + x] = values[sy * width + sx];
    }
  }
  return result;
}

/** The box around what is inked; right and bottom are just outside. */
function boxOf(values, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < width * height; i++) {
    if (values[i] <= INKED) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return right < 0 ? null : { left, right: right + 1, top, bottom: bottom + 1 };
}

function middle(values, width) {
  let [mass, x, y] = [0, 0, 0];
  values.forEach((value, i) => {
    mass += value;
    x += value * ((i % width) + 0.5);
    y += value * (Math.floor(i / width) + 0.5);
  });
  return { x: x / mass, y: y / mass };
}
