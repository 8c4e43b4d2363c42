// Decodes the typed arrays of answers: {"dtype", "bdata", "shape"} becomes a typed array with the property `shape`.

import { TYPES } from "./compact.js";

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

/** A value with every encoded array in it decoded; all other values are unchanged. */
export function decode(value) {
  if (value === null || typeof value !== "object") return value;
  if (typeof value.bdata === "string") return typedArray(value);
  if (Array.isArray(value)) return value.length && typeof value[0] !== "object" ? value : value.map(decode);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decode(part)]));
}
