// The family of a run: the runs it continues, and all that continue one of these, as trees. Pure functions.

/**
 * The trees of runs, each node { id, run, children }, children in the order of the steps at which they branch off;
 * `run` is null where the parent of a run is not among the runs, because it was deleted.
 */
export function familyTrees(runs) {
  const nodes = new Map(runs.map((run) => [run.id, { id: run.id, run, children: [] }]));
  const roots = [];
  for (const run of [...runs].reverse()) {
    const node = nodes.get(run.id);
    if (!run.parent) roots.push(node);
    else parentOf(run.parent.id, nodes, roots).children.push(node);
  }
  for (const { children } of nodes.values()) children.sort((a, b) => a.run.parent.step - b.run.parent.step);
  return roots;
}

function parentOf(id, nodes, roots) {
  if (!nodes.has(id)) {
    nodes.set(id, { id, run: null, children: [] });
    roots.push(nodes.get(id));
  }
  return nodes.get(id);
}

/** Whether a run has a parent, or a run that continues it, in its family. */
export const hasRelatives = (run, runs) =>
  Boolean(run?.parent) || Boolean(runs?.some(({ parent }) => parent?.id === run?.id));
