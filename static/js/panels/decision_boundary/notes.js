// The sentences about the output map: its plane, and that the run diverged. Loaded with the first of them.

import { setProperty, setText } from "../../core/dom.js";
import { feature, number } from "../../core/formats.js";
import { t } from "../../core/text.js";
import { shortAxis } from "../shared/axes.js";
import { extent } from "../shared/scales.js";

/** Shows the sentences that apply, or none. */
export function showNotes(view, plot, isDiverged) {
  showProjection(view, plot);
  if (plot) showDiverged(view, plot, isDiverged);
}

/** Shows the plane onto which the points are projected, with more than two inputs. */
function showProjection({ note }, plot) {
  const text = plot?.frame.projected ? projectionText(plot.frame) : "";
  setText(note, text);
  setProperty(note, "hidden", !text);
}

function projectionText({ axes, held }) {
  const [x, y] = axes.map(shortAxis);
  if (axes[0].startsWith("principal")) return t("panel.decision_boundary.principal_plane", { x, y });
  const parts = Object.entries(held ?? {}).map(([name, value]) => `${feature(name)} ${number(value)}`);
  if (parts.length <= 4) return t("panel.decision_boundary.input_plane", { x, y, fixed: parts.join(", ") });
  const values = { x, y, fixed: parts.slice(0, 3).join(", "), count: parts.length - 3 };
  return t("panel.decision_boundary.input_plane_more", values);
}

/** After a divergence, replaces the map and its colour scale by a sentence; the points remain. */
function showDiverged({ divergedNote, scaleBar }, { frame }, isDiverged) {
  setProperty(divergedNote, "hidden", !isDiverged);
  scaleBar.classList.toggle("scale-hidden", isDiverged);
  if (!isDiverged) return;
  const reach = extent(frame.values);
  const large = t("panel.decision_boundary.diverged_at", { value: number(reach) });
  setText(divergedNote, reach > 10 ? large : t("panel.decision_boundary.diverged"));
}
