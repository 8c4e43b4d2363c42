// Decodes compact messages of the stream, see docs/protocol.md.

export const TYPES = {
  f4: Float32Array, f8: Float64Array,
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array,
  i1: Int8Array, i2: Int16Array, i4: Int32Array,
};

/**
 * Inflates a message without its first byte; templates/early.js does the same while the modules are loaded. It is
 * written directly into the stream: a Blob would first be sent to the process of the browser.
 */
export function inflate(message) {
  const { readable, writable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter();
  const sent = Promise.all([writer.write(message), writer.close()]);
  return Promise.all([new Response(readable).arrayBuffer(), sent]).then(([data]) => data);
}

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
  const ordered = width > 1 ? joined(bytes, width) : fromDifferences(bytes, sizes.at(-1), sizes.at(-2) ?? 1);
  const array = levels ? valuesOf(ordered, tableOf(levels)) : new type(ordered.buffer);
  array.shape = sizes;
  return array;
}

/** The bytes of numbers of `width` bytes each, from first all lowest bytes, then all second ones, ... */
function joined(bytes, width) {
  const ordered = new Uint8Array(bytes.length);
  const count = bytes.length / width;
  for (let byte = 0, at = 0; byte < width; byte++)
    for (let i = byte, end = byte + count * width; i < end; i += width) ordered[i] = bytes[at++];
  return ordered;
}

function valuesOf(codes, table) {
  const values = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) values[i] = table[codes[i]];
  return values;
}

/** Adds to each byte what is predicted from those to the left and above. */
function fromDifferences(bytes, columns, rows) {
  for (let i = 0, row = 0; i < bytes.length; row = (row + 1) % rows) {
    let left = 0;
    let corner = 0;
    for (const end = i + columns; i < end; i++) {
      const above = row > 0 ? bytes[i - columns] : 0;
      const [low, high] = left < above ? [left, above] : [above, left];
      const sum = left + above - corner;
      bytes[i] += sum < low ? low : sum > high ? high : sum;
      left = bytes[i];
      corner = above;
    }
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
