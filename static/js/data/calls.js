// REST calls about imported data sets.

import { api } from "../core/api.js";

const pathOf = (name) => `/api/datasets/${encodeURIComponent(name)}`;

/** Imports a file or a text under a name. `options` are query options, lists repeated. Resolves to the description. */
export function importDataset(name, body, options) {
  const pairs = Object.entries(options).flatMap(([key, value]) => [value].flat().map((item) => [key, item]));
  const query = new URLSearchParams(pairs.filter(([, value]) => value !== null && value !== "auto"));
  const headers = { "Content-Type": "text/csv" };
  return api.answer(fetch(`${pathOf(name)}?${query}`, { method: "PUT", headers, body }));
}

/** The file from which a data set was imported, and the options with which it was read. */
export async function readSource(name) {
  const { datasets } = await api.answer(fetch("/api/datasets"));
  const response = await fetch(`${pathOf(name)}/source`);
  if (!response.ok) return api.answer(response);
  const about = datasets.find((set) => set.name === name)?.own?.about;
  return { file: await response.blob(), options: changedOptions(about?.options ?? {}) };
}

/** The options that were set, in the form of the query. */
function changedOptions({ header = null, ...options }) {
  const names = header === null ? {} : { header: header ? "yes" : "no" };
  const isSet = (value) => value !== null && value !== "auto" && !(Array.isArray(value) && !value.length);
  return { ...Object.fromEntries(Object.entries(options).filter(([, value]) => isSet(value))), ...names };
}

export const deleteDataset = (name) => api.answer(fetch(pathOf(name), { method: "DELETE" }));

/** The tables in the data folder of the server that no name and no run refers to. */
export const foundTables = async () => (await api.answer(fetch("/api/datasets"))).found;

export const foundPath = (content) => `/api/datasets/found/${content}`;

export const deleteFound = (content) => api.answer(fetch(foundPath(content), { method: "DELETE" }));

/** The file of a found table, which can be imported. */
export async function readFound(content) {
  const response = await fetch(foundPath(content));
  return response.ok ? response.blob() : api.answer(response);
}

export const exportPath = (name, format) => `${pathOf(name)}?format=${format}`;
