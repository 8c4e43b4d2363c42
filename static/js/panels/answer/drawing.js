// A drawing as values from 0 to 1 on a fine grid: strokes, shifts, and conversion to and from pixels of the data.

const MIN_GRID_SIZE = 112; // points along the longer side of the grid
const MIN_VALUE = 0.25; // points above this value count as drawn
const MAX_IMAGES = 500; // training images whose size and line width are measured
const RELATIVE_LINE_LENGTH = 2.2; // total length of the lines of a figure, relative to its longer side

/** An empty drawing for images of this size; each pixel has `pointsPerPixel`² points. */
export function emptyDrawing({ rows, columns }) {
  const pointsPerPixel = Math.max(4, Math.ceil(MIN_GRID_SIZE / Math.max(rows, columns)));
  return {
    rows,
    columns,
    pointsPerPixel,
    width: columns * pointsPerPixel,
    height: rows * pointsPerPixel,
    values: new Float32Array(rows * columns * pointsPerPixel * pointsPerPixel),
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
      const fraction = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      if ((px - fraction * dx) ** 2 + (py - fraction * dy) ** 2 <= radius * radius) values[y * width + x] = value;
    }
  }
}

/** The drawing shifted right and down by whole pixels; points outside the grid are dropped. */
export function shifted(drawing, right, down) {
  const { width, height, pointsPerPixel } = drawing;
  const source = (x, y) => [x - right * pointsPerPixel, y - down * pointsPerPixel];
  return { ...drawing, values: sampled(drawing, source, width, height) };
}

/** An image of the data as a drawing. */
export function fromPixels(pixels, image) {
  const drawing = emptyDrawing(image);
  const { width, height, pointsPerPixel } = drawing;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = Math.floor(y / pointsPerPixel);
      const value = pixels[row * drawing.columns + Math.floor(x / pointsPerPixel)];
      drawing.values[y * width + x] = (value - image.low) / (image.high - image.low);
    }
  }
  return drawing;
}

/** The inputs of the network: the mean of every pixel as an integer from low to high. */
export function toPixels({ rows, columns, pointsPerPixel, width, values }, { low, high }) {
  const sums = new Float64Array(rows * columns);
  values.forEach((value, i) => {
    const row = Math.floor(i / width / pointsPerPixel);
    sums[row * columns + Math.floor((i % width) / pointsPerPixel)] += value;
  });
  return Array.from(sums, (sum) => Math.round(low + ((high - low) * sum) / (pointsPerPixel * pointsPerPixel)));
}

/** The style of the training images: the median of the longer side of the figures, and the line width, in pixels. */
export function strokeStyleOf(images, image) {
  const sample = images.slice(0, MAX_IMAGES);
  const { rows, columns, low, high } = image;
  const fraction = (value) => (value - low) / (high - low);
  const sizes = sample.map((pixels) => {
    const box = boundingBox(pixels.map(fraction), columns, rows);
    return box ? Math.max(box.right - box.left, box.bottom - box.top) : 0;
  });
  const longer = sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] || Math.max(rows, columns);
  const meanSum =
    sample.reduce((sum, pixels) => sum + pixels.reduce((total, value) => total + fraction(value), 0), 0) /
    Math.max(1, sample.length);
  return { longer, line: Math.min(longer / 2, Math.max(1, meanSum / (RELATIVE_LINE_LENGTH * longer))) };
}

/** The figure scaled to the size of those in the data, its centre of mass as close to the middle as the grid allows. */
export function centred(drawing, { longer }) {
  const { width, height, pointsPerPixel, values } = drawing;
  const box = boundingBox(values, width, height);
  if (!box) return drawing;
  const scale = (longer * pointsPerPixel) / Math.max(box.right - box.left, box.bottom - box.top);
  const mass = centreOfMass(values, width);
  const position = (centre, from, to, size) => {
    const low = (centre - from) * scale; // the figure touches the left or upper edge
    const high = size - (to - centre) * scale;
    return low > high ? (low + high) / 2 : Math.min(high, Math.max(low, size / 2));
  };
  const [x0, y0] = [position(mass.x, box.left, box.right, width), position(mass.y, box.top, box.bottom, height)];
  return {
    ...drawing,
    values: sampled(drawing, (x, y) => [(x - x0) / scale + mass.x, (y - y0) / scale + mass.y], width, height),
  };
}

export const isEmpty = ({ values }) => !values.some((value) => value > MIN_VALUE);

/** New values; `source(x, y)` is the point whose value is copied to (x, y). */
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

/** The bounding box of the drawn points; right and bottom are exclusive. */
function boundingBox(values, width, height) {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let i = 0; i < width * height; i++) {
    if (values[i] <= MIN_VALUE) continue;
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
