// `?a=RUN.ATTEMPT.STEP` in the address: the reference A, kept over a reload.

const PATTERN = /^([\w-]+)\.(\d+)\.(\d+)$/;

/** The reference in the address as text, or null. */
export const address = () => new URLSearchParams(location.search).get("a");

/** The reference in the address as {run, attempt, step}; null if there is none or it cannot be read. */
export function addressed() {
  const [, run, attempt, step] = PATTERN.exec(address() ?? "") ?? [];
  return run ? { run, attempt: Number(attempt), step: Number(step) } : null;
}

/** Sets the reference of the address; null removes it. */
export function writeAddress(reference) {
  const url = new URL(location.href);
  const { run, attempt, step } = reference ?? {};
  if (reference) url.searchParams.set("a", `${run}.${attempt}.${step}`);
  else url.searchParams.delete("a");
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}
