// Ink on a fine grid: drawing, erasing, moving, and conversion to and from the pixels of the data.

const MIN_POINTS = 112; // along the longer side of the grid
const INKED = 0.25; // share of full ink above which a point counts as drawn
const MAX_MEASURED = 500; // training images whose size and line width are measured
const STROKES = 2.2; // total length of the lines of a figure, relative to its longer side

/** An empty sheet for images of this many rows and columns. */
export function sheet({ rows, columns }) {
  const cell = Math.max(4, Math.ceil(MIN_POINTS / Math.max(rows, columns)));
  return {
    rows,
    columns,
    cell,
    width: columns * cell,
    height: rows * cell,
    values: new Float32Array(rows * columns * cell * cell),
  };
}

/** Sets the grid points within `radius` of the line from (x0, y0) to (x1, y1) to `value`: 1 draws, 0 erases. */
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

/** The ink moved right and down by whole pixels; what leaves the sheet is lost. */
export function moved(ink, right, down) {
  const { width, height, cell } = ink;
  return { ...ink, values: sampled(ink, (x, y) => [x - right * cell, y - down * cell], width, height) };
}

/** An image of the data as ink. */
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

/** The inputs of the network: the inked share of every pixel as an integer from low to high. */
export function toPixels({ rows, columns, cell, width, values }, { low, high }) {
  const sums = new Float64Array(rows * columns);
  values.forEach(
    (value, i) => (sums[Math.floor(i / width / cell) * columns + Math.floor((i % width) / cell)] += value),
  );
  return Array.from(sums, (sum) => Math.round(low + ((high - low) * sum) / (cell * cell)));
}

/** The style of the training images: the longer side of a figure and its line width, both in pixels. */
export function styleOf(images, image) {
  const measured = images.slice(0, MAX_MEASURED);
  const { rows, columns, low, high } = image;
  const share = (value) => (value - low) / (high - low);
  const sizes = measured.map((pixels) => {
    const box = boxOf(pixels.map(share), columns, rows);
    return box ? Math.max(box.right - box.left, box.bottom - box.top) : 0;
  });
  const longer = sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] || Math.max(rows, columns);
  const ink =
    measured.reduce((sum, pixels) => sum + pixels.reduce((all, value) => all + share(value), 0), 0) /
    Math.max(1, measured.length);
  return { longer, line: Math.min(longer / 2, Math.max(1, ink / (STROKES * longer))) };
}

/** The figure scaled to the size of those in the data, its centre of mass as near to the middle as the sheet allows. */
export function centred(ink, { longer }) {
  const { width, height, cell, values } = ink;
  const box = boxOf(values, width, height);
  if (!box) return ink;
  const scale = (longer * cell) / Math.max(box.right - box.left, box.bottom - box.top);
  const mass = centreOfMass(values, width);
  const position = (centre, from, to, size) => {
    const low = (centre - from) * scale; // the figure touches the near edge
    const high = size - (to - centre) * scale;
    return low > high ? (low + high) / 2 : Math.min(high, Math.max(low, size / 2));
  };
  const [x0, y0] = [position(mass.x, box.left, box.right, width), position(mass.y, box.top, box.bottom, height)];
  return {
    ...ink,
    values: sampled(ink, (x, y) => [(x - x0) / scale + mass.x, (y - y0) / scale + mass.y], width, height),
  };
}

export const isEmpty = ({ values }) => !values.some((value) => value > INKED);

/** New values; `source` maps a point to the point whose value it takes. */
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

/** The bounding box of the inked points; right and bottom are exclusive. */
function boxOf(values, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < width * height; i++) {
    if (values[i] <= INKED) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return right < 0 ? null : { left, right: right + 1, top, bottom: bottom + 1 };
}

function centreOfMass(values, width) {
  let [mass, x, y] = [0, 0, 0];
  values.forEach((value, i) => {
    mass += value;
    x += value * ((i % width) + 0.5);
    y += value * (Math.floor(i / width) + 0.5);
  });
  return { x: x / mass, y: y / mass };
}
