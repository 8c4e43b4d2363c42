// The episode as a table with one row per time step, for saving.

/** { step, scores, columns: { name: [value of each time step] } }; an empty object without a frame. */
export function episodeTable(frame) {
  if (!frame) return {};
  const timeSteps = Array.from(frame.actions, (_, index) => index);
  const columns = {
    moment: timeSteps,
    action: timeSteps.map((index) => frame.names[frame.actions[index]]),
    entropy: Array.from(frame.entropy),
    ...probabilityColumns(frame, timeSteps),
    ...stateColumns(frame, timeSteps),
  };
  return { step: frame.step, scores: frame.scores, columns };
}

function probabilityColumns({ names, policy }, timeSteps) {
  const column = (action) => timeSteps.map((index) => policy[index * names.length + action]);
  return Object.fromEntries(names.map((name, action) => [`probability of ${name}`, column(action)]));
}

/** The state of the environment has one row more than there are actions: the state after the last action. */
function stateColumns({ moments }, timeSteps) {
  const columns = {};
  for (const [name, values] of Object.entries(moments)) {
    const width = values.length / (timeSteps.length + 1);
    for (let i = 0; i < width; i++)
      columns[width > 1 ? `${name}_${i}` : name] = timeSteps.map((index) => values[index * width + i]);
  }
  return columns;
}
