// Decodes the arrays of stream frames: {"dtype", "bdata", "shape"} becomes a typed array with the property `shape`.

const TYPES = {
  f4: Float32Array, f8: Float64Array,
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array,
  i1: Int8Array, i2: Int16Array, i4: Int32Array,
};

function bytes(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const result = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) result[i] = binary.charCodeAt(i);
  return result;
}

function typedArray({ dtype, bdata, shape }) {
  const raw = bytes(bdata);
  const array = new TYPES[dtype](raw.buffer, raw.byteOffset, raw.byteLength / TYPES[dtype].BYTES_PER_ELEMENT);
  array.shape = shape ? String(shape).split(",").map(Number) : [array.length];
  return array;
}

/** A frame with every encoded array in it decoded; all other values are unchanged. */
export function decode(value) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.bdata === "string") return typedArray(value);
  if (Array.isArray(value)) return value.length && typeof value[0] !== "object" ? value : value.map(decode);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decode(part)]));
}
