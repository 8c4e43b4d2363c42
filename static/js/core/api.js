// REST calls. An error answer becomes an ApiError with its code and field; the caller shows it.

import { t } from "./text.js";

const LANGUAGE = document.documentElement.lang;

export class ApiError extends Error {
  constructor(status, error) {
    super(error.message ?? t("studio.api.status", { status }));
    Object.assign(this, {
      status,
      code: error.code ?? "unknown",
      field: error.field ?? null,
      given: error.given,
      limit: error.limit,
    });
  }
}

/** The server did not answer: the request can be sent again. */
export class Unreachable extends Error {}

function call(method, path, body) {
  return answer(
    fetch(path, {
      method,
      // Titles and help of the catalogue are in the language of the page.
      headers: { "Accept-Language": LANGUAGE, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    throw new Unreachable(t("studio.api.unreachable"), { cause: error });
  }
  if (response.status === 401) location.reload(); // shows the form for the token
  const body = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) {
    const error = body?.error ?? {};
    throw new ApiError(response.status, { ...error, message: (await api.errorText?.(error)) ?? error.message });
  }
  return body;
}

const reads = new Set(); // requests that read a run and are not answered yet
const replaced = new Set(); // ids of the runs that this page has replaced or removed
const replacements = new Set(); // the ends of the requests that replace a run, while they are open

/**
 * Reads a part of a run, with a body if the call takes one. The run is not replaced in the meantime, and nothing is
 * requested of a replaced run.
 */
async function read(id, path, body) {
  // Without one, the request is open before anything else happens.
  while (replacements.size) await Promise.all(replacements);
  if (replaced.has(id)) throw new ApiError(404, { code: "no_such_run" });
  const request = call(body ? "POST" : "GET", `/api/runs/${id}/${path}`, body);
  const ended = request.catch(() => null).then(() => reads.delete(ended));
  reads.add(ended);
  return request;
}

async function create(config) {
  while (reads.size) await Promise.all(reads);
  const request = call("POST", "/api/runs", config);
  const ended = request.then(() => replaced.add(config.replaces), () => null).finally(() => replacements.delete(ended));
  replacements.add(ended);
  return request;
}

/** Removes a run that the page has left, unless it was kept, after the requests that read it. */
async function discard(id) {
  replaced.add(id);
  while (reads.size) await Promise.all(reads);
  return call("DELETE", `/api/runs/${id}?unless_kept=true`);
}

/** A run that exists can be read, also if the page has left it before. */
async function run(id) {
  const answer = await call("GET", `/api/runs/${id}`);
  replaced.delete(id);
  return answer;
}

const query = (options) => {
  const text = new URLSearchParams(
    Object.entries(options).filter(([, value]) => value !== null && value !== undefined),
  ).toString();
  return text ? `?${text}` : "";
};

/** Where a page sets `errorText(error)`, its result, a promise, replaces the English message of the server. */
export const api = {
  answer,
  read,
  catalogue: () => call("GET", "/api/catalogue"),
  schema: (paradigm) => call("GET", `/api/schema${query({ paradigm })}`),
  dataset: (name, options = {}) => call("GET", `/api/datasets/${encodeURIComponent(name)}${query(options)}`),
  runs: (options = {}) => call("GET", `/api/runs${query(options)}`),
  compare: (ids) => call("GET", `/api/runs/compare${query({ runs: ids.join(",") })}`),
  run,
  create,
  remove: (id) => call("DELETE", `/api/runs/${id}`),
  discard,
  command: (id, name, body) => call("POST", `/api/runs/${id}/${name}`, body),
  change: (id, changes) => call("PATCH", `/api/runs/${id}`, changes),
  weights: (id) => read(id, "weights"),
  editWeights: (id, operations) => call("PATCH", `/api/runs/${id}/weights`, operations),
  editPoints: (id, operations) => call("PATCH", `/api/runs/${id}/points`, operations),
  history: (id) => read(id, "history"),
  points: (id, options = {}) => read(id, `points${query({ numbers: 2000000, ...options })}`),
  checkpoints: (id, attempt) => read(id, `checkpoints${query({ attempt })}`),
  experiments: (options = {}) => call("GET", `/api/experiments${query(options)}`),
  experiment: (id) => call("GET", `/api/experiments/${id}`),
  learningCurve: (id, metric) => call("GET", `/api/experiments/${id}/learning_curve${query(metric ? { metric } : {})}`),
  createExperiment: (body) => call("POST", "/api/experiments", body),
  experimentCurves: (id, options) => call("GET", `/api/experiments/${id}/curves${query(options)}`),
  experimentSummary: (id, options) =>
    call("GET", `/api/experiments/${id}/summary${query({ distances: false, ...options })}`),
  experimentLine: (id, runs) => call("GET", `/api/experiments/${id}/line${query({ runs })}`),
  experimentMap: (id) => call("GET", `/api/experiments/${id}/map`),
  experimentDiagnoses: (id) => call("GET", `/api/experiments/${id}/diagnoses`),
  experimentRounding: (id) => call("GET", `/api/experiments/${id}/rounding`),
  commandExperiment: (id, name) => call("POST", `/api/experiments/${id}/${name}`),
  changeExperiment: (id, changes) => call("PATCH", `/api/experiments/${id}`, changes),
  removeExperiment: (id, keep) => call("DELETE", `/api/experiments/${id}${query({ keep })}`),
  view: (id, name, options = {}) => read(id, `views/${name}${query(options)}`),
};
