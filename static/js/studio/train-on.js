// What "Train on" does at the end of a run. Loaded with the first press of it.

const MOST_EPOCHS = 1e9; // that a run can have

/** Trains a finished run for as many epochs or steps again as it has, unless they were raised since it finished. */
export const trainOn = ({ config: { epochs, steps }, step, epoch, reason_parameters: done }) => {
  const stoppedEarly = done?.patience;
  const changes = {
    ...((stoppedEarly || epoch >= epochs) && { epochs: Math.min(2 * epochs, MOST_EPOCHS) }),
    ...(steps && step >= steps && { steps: 2 * steps }),
  };
  return [...(Object.keys(changes).length ? [["change", changes]] : []), ["start"]];
};
