// REST calls about own data.

import { api } from "../core/api.js";

/** Send a table (a file or text); `wishes` are query options, lists of them repeated. Resolves to what was understood. */
export function putTable(name, body, wishes) {
  const pairs = Object.entries(wishes).flatMap(([key, value]) => [value].flat().map((each) => [key, each]));
  const query = new URLSearchParams(pairs.filter(([, value]) => value !== null && value !== "auto")).toString();
  return api.answer(fetch(`/api/datasets/${encodeURIComponent(name)}?${query}`, { method: "PUT", headers: { "Content-Type": "text/csv" }, body }));
}

export const removeTable = (name) => api.answer(fetch(`/api/datasets/${encodeURIComponent(name)}`, { method: "DELETE" }));

export const exportAddress = (name, format) => `/api/datasets/${encodeURIComponent(name)}?format=${format}`;
