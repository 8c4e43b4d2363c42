// One input: the output drawn as a curve over it, the points around it.

/** The curve of `shown.values` over the x range, with a light grid line at zero. */
export function drawCurve(context, { values }, area, { toY }, colours) {
  context.fillStyle = colours.ground;
  context.fillRect(area.x, area.y, area.width, area.height);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  context.strokeStyle = colours.line;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(area.x, toY(0));
  context.lineTo(area.x + area.width, toY(0));
  context.stroke();
  context.strokeStyle = colours.strong;
  context.lineWidth = 2.4;
  context.lineJoin = "round";
  context.beginPath();
  values.forEach((value, i) => {
    if (Number.isFinite(value)) context.lineTo(area.x + (area.width * i) / (values.length - 1), toY(value));
  });
  context.stroke();
  context.restore();
}
