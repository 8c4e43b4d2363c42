// The members whose ends are compared, sorted by minimum.

import { groupColour } from "../shared/groups.js";
import { memberName } from "../variation.js";

/**
 * In the order of the minima: { run, index, minimum, loss, name, colour }, `index` being the row in the matrices of the
 * answer and `minimum` the place in its list of minima.
 */
export function endsOf(experiment, { minima, distances }) {
  if (!distances) return [];
  const indexOf = new Map(distances.runs.map((run, index) => [run, index]));
  const memberOf = new Map(experiment.members.map((member) => [member.run, member]));
  return minima.flatMap(({ members }, minimum) => members
    .filter((run) => indexOf.has(run) && memberOf.has(run))
    .map((run) => {
      const member = memberOf.get(run);
      const colour = groupColour(minimum, minima.length);
      return {
        run, minimum, colour, index: indexOf.get(run), loss: member.latest?.train_loss ?? null,
        name: memberName(experiment, member),
      };
    }));
}
