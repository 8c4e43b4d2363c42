// The output as a curve over a single input, and the residuals of the points.

const MAX_RESIDUALS = 600;

/** Vertical lines from each point to the curve of `values`; dashed for points that are not training points. */
export function drawResiduals(context, { values, frame }, area, { toX, toY }, points, colours) {
  const [low, high] = frame.x;
  const steps = values.length - 1;
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  context.strokeStyle = colours.accent;
  context.globalAlpha = 0.55;
  context.lineWidth = 1.2;
  for (const isTest of [false, true]) {
    context.setLineDash(isTest ? [3, 3] : []);
    context.beginPath();
    for (const { x, y, part } of points.slice(0, MAX_RESIDUALS)) {
      if ((part !== "train") !== isTest) continue;
      const position = (steps * (x - low)) / (high - low);
      const i = Math.min(steps - 1, Math.max(0, Math.floor(position)));
      const value = values[i] + (values[i + 1] - values[i]) * (position - i);
      if (!Number.isFinite(value)) continue;
      context.moveTo(toX(x), toY(y));
      context.lineTo(toX(x), toY(value));
    }
    context.stroke();
  }
  context.restore();
}

/** The curve of `values` over the x range, with a grid line at zero. */
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
