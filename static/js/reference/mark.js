// The mark of A on the time line.

const SIZE = 11; // pixels of the square with the letter

/** Whether A is a step of the attempt that the page shows. */
export const isOfShownAttempt = ({ reference, run, history }) =>
  Boolean(reference && reference.run === run?.id && reference.attempt === history.attempt);

/** Draws a line at the step of A, with its letter at the top, beside the flags of bookmarks; `axis` is its height. */
export function markOfA({ context, colours, x }, state, axis, bookmarks) {
  if (!isOfShownAttempt(state)) return;
  const centre = Math.round(x(state.reference.step));
  context.fillStyle = colours.text;
  context.fillRect(centre - 0.5, SIZE, 1, axis - SIZE);
  const left = placeOf(centre, bookmarks.map(({ step }) => x(step)));
  context.beginPath();
  context.roundRect(left, 1, SIZE, SIZE, 3);
  context.fill();
  context.fillStyle = colours.panel;
  context.font = "700 9px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("A", left + SIZE / 2, 1 + SIZE / 2 + 0.5);
}

/** The left edge of the letter: above its line, or beside it where a flag is. */
export function placeOf(centre, flags) {
  const places = [centre - SIZE / 2, centre - SIZE - 5, centre + 5];
  const isFree = (left) => flags.every((flag) => flag + 4 < left || flag - 4 > left + SIZE);
  return places.find(isFree) ?? places[0];
}
