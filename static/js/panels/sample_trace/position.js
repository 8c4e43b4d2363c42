// The position of the trace in the drawing of the network.

/** Draws a frame around the traced layer or unit, and the edge of the selected weight. */
export function drawTracePosition(context, { tracePosition, colours }, layout) {
  if (!tracePosition) return;
  const { layer, unit, source } = tracePosition;
  const index = layout.columns.findIndex((column) => column.layer === layer);
  const column = layout.columns[index];
  if (!column) return;
  const units = unit === undefined ? Array.from({ length: column.shown }, (_, i) => i) : [unit];
  const centres = units.map((each) => layout.unitCentre(index, each));
  const [xs, ys] = [centres.map(({ x }) => x), centres.map(({ y }) => y)];
  const [from, to] = [{ x: Math.min(...xs), y: Math.min(...ys) }, { x: Math.max(...xs), y: Math.max(...ys) }];
  const half = column.tile / 2 + 5;
  context.strokeStyle = colours.accent;
  context.lineWidth = 2.5;
  context.beginPath();
  context.roundRect(from.x - half, from.y - half, to.x - from.x + 2 * half, to.y - from.y + 2 * half, 8);
  if (source >= 0) {
    const start = layout.unitCentre(index - 1, source);
    const [x0, x1] = [start.x + layout.columns[index - 1].tile / 2, from.x - half];
    const bend = (x1 - x0) * 0.45;
    context.moveTo(x0, start.y);
    context.bezierCurveTo(x0 + bend, start.y, x1 - bend, from.y, x1, from.y);
  }
  context.stroke();
}
