// The mark of A on the time line.

const SIZE = 11; // pixels of the square with the letter

/** Whether A is a step of the attempt that the page shows. */
export const isOfShownAttempt = ({ reference, run, history }) =>
  Boolean(reference && reference.run === run?.id && reference.attempt === history.attempt);

/** Draws a line at the step of A, with its letter at the top; `axis` is the height of the axis. */
export function markOfA({ context, colours, x }, state, axis) {
  if (!isOfShownAttempt(state)) return;
  const centre = Math.round(x(state.reference.step));
  context.fillStyle = colours.text;
  context.fillRect(centre - 0.5, SIZE, 1, axis - SIZE);
  context.beginPath();
  context.roundRect(centre - SIZE / 2, 1, SIZE, SIZE, 3);
  context.fill();
  context.fillStyle = colours.panel;
  context.font = "700 9px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("A", centre, 1 + SIZE / 2 + 0.5);
}
