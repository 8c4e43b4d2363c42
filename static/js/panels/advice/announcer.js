// What a screen reader says about the line of advice: every change of its subject, and not every number.

const INTERVAL = 5000; // ms between two announcements

/** A function `announce(text, subject)` that writes into a live region at a new subject, at most every INTERVAL. */
export function announcer(region) {
  let [latest, spokenSubject, spokenAt, timer] = [null, null, -INTERVAL, 0];
  const speak = () => {
    timer = 0;
    if (latest.subject === spokenSubject) return;
    [spokenSubject, spokenAt] = [latest.subject, performance.now()];
    region.textContent = latest.text;
  };
  return (text, subject) => {
    latest = { text, subject };
    if (subject !== spokenSubject) timer ||= setTimeout(speak, Math.max(0, spokenAt + INTERVAL - performance.now()));
  };
}
