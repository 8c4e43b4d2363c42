// Edits of the points of the run. Loaded with the first of them.

import { api } from "../core/api.js";
import { explain } from "./form/rejected-values.js";
import { followConfig } from "./follow-config.js";
import { reloadPoints } from "./run-connection.js";

/** Edits the points of the run; resolves to the event, or to null if the edit was refused. */
export async function editPoints(session, operations) {
  const { id } = session.store.get().run;
  try {
    const answer = await api.editPoints(id, operations);
    if (session.store.get().run.id === id) followConfig(session, answer, reloadPoints);
    return answer.event;
  } catch (error) {
    explain(session, error);
    reloadPoints(session, id);
    return null;
  }
}
