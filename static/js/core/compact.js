// Decodes compact messages of the stream, see docs/protocol.md.

export const TYPES = {
  f4: Float32Array, f8: Float64Array,
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array,
  i1: Int8Array, i2: Int16Array, i4: Int32Array,
};

/** Inflates a message without its first byte; templates/early.js does the same while the modules are loaded. */
export const inflate = (message) =>
  new Response(new Blob([message]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();

/** The frames of an inflated message; arrays have the property `shape`. */
export function framesOf(data) {
  const frames = [];
  let at = 0;
  const take = (size) => new Uint8Array(data.slice(at, (at += size)));
  while (at < data.byteLength) {
    const [size] = new Uint32Array(take(4).buffer);
    const head = new TextDecoder().decode(take(size));
    // The bytes of the arrays follow in the order of their descriptions, in which these are visited.
    frames.push(JSON.parse(head, (_, value) => (TYPES[value?.dtype] ? readArray(value, take) : value)));
  }
  return frames;
}

function readArray({ dtype, shape, levels }, take) {
  const sizes = shape.split(",").map(Number);
  const type = levels ? Uint8Array : TYPES[dtype];
  const count = sizes.reduce((product, size) => product * size, 1);
  const width = type.BYTES_PER_ELEMENT;
  const bytes = take(count * width);
  const ordered = width > 1
    ? bytes.map((_, i) => bytes[(i % width) * count + Math.floor(i / width)])
    : fromDifferences(bytes, sizes.at(-1), sizes.at(-2) ?? 1);
  const table = levels && tableOf(levels);
  const array = levels ? Float32Array.from(ordered, (code) => table[code]) : new type(ordered.buffer);
  array.shape = sizes;
  return array;
}

/** Adds to each byte what is predicted from those to the left and above. */
function fromDifferences(bytes, columns, rows) {
  for (let i = 0; i < bytes.length; i++) {
    const hasLeft = i % columns > 0;
    const hasAbove = i % (rows * columns) >= columns;
    const left = hasLeft ? bytes[i - 1] : 0;
    const above = hasAbove ? bytes[i - columns] : 0;
    const corner = hasLeft && hasAbove ? bytes[i - columns - 1] : 0;
    bytes[i] += Math.max(Math.min(left, above), Math.min(left + above - corner, Math.max(left, above)));
  }
  return bytes;
}

/** The values of the codes 0 to 255, which are closer to each other near a threshold (docs/protocol.md). */
function tableOf({ low, high, threshold, below }) {
  const distance = (reach, count, code) => {
    if (reach <= 0) return 0;
    const slope = Math.min((2 * count * (high - low)) / (256 * reach), 3);
    const [end, x] = [1.5 * (1 - 1 / slope), code / count];
    const part = x < end ? (slope / (3 * end * end)) * x * x * x : 1 - slope * (1 - x);
    return Math.max(reach * part, (code * Math.abs(threshold)) / 2 ** 22);
  };
  return Float32Array.from({ length: 256 }, (_, code) => {
    if (below === undefined) return low + ((high - low) * code) / 255;
    if (code < below) return threshold - distance(threshold - low, below, below - code);
    return threshold + distance(high - threshold, 255 - below, code - below);
  });
}
