// Runs in the page before its own scripts: when the boundary is first painted, and when it changes after a click.
{
  const marks = (window.benchmark = { boundary: null, click: null, changed: null, scored: null, reached: null });
  const small = new OffscreenCanvas(24, 24).getContext("2d", { willReadFrequently: true });

  /** The middle of the large picture, so small that looking at it costs little; null while it is not painted. */
  function picture() {
    const canvas = document.querySelector(".boundary-map, #heatmap canvas"); // the second: TensorFlow Playground
    if (!canvas || !canvas.width) return null;
    small.clearRect(0, 0, 24, 24);
    small.drawImage(canvas, 0, 0, 24, 24);
    const { data } = small.getImageData(6, 6, 12, 12);
    for (let i = 3; i < data.length; i += 4) if (!data[i]) return null;
    return data.join();
  }

  /** Look once a frame until `found` returns something, and note when. */
  function until(found, name) {
    const look = () => {
      const value = found();
      if (!value) return requestAnimationFrame(look);
      marks[name] = performance.now();
      if (value !== true) marks[`${name}Value`] = value;
    };
    look();
  }

  until(() => picture() !== null, "boundary");
  addEventListener("click", (event) => {
    if (!event.target.closest?.("#train, #play-pause-button") || marks.click !== null) return;
    marks.click = event.timeStamp;
    const before = picture();
    until(() => picture() !== before, "changed");
    until(() => /\d/.test(document.querySelector("[data-counter=score] dd")?.textContent), "scored");
  }, true);

  /** From now on look for the first point whose test loss is below `limit`; its epoch is the value. */
  window.awaitLoss = (limit) => until(() => {
    const { columns } = window.__perceptarium.state.history;
    const index = columns.test_loss.findIndex((loss) => loss !== null && loss < limit);
    return index >= 0 && { epoch: columns.epoch[index], step: columns.step[index] };
  }, "reached");

  /** Frames and redraws of the boundary over so many milliseconds. */
  window.countFrames = (duration) => new Promise((done) => {
    const { counters } = window.__perceptarium;
    const draws = () => counters.draws.decision_boundary ?? 0;
    const times = [];
    const before = draws();
    const frame = (now) => {
      times.push(now);
      if (now - times[0] < duration) return requestAnimationFrame(frame);
      done({ times, redraws: draws() - before });
    };
    requestAnimationFrame(frame);
  });
}
