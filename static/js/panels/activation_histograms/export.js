// The histograms as they are saved by the panel's menu.

import { withExactFrames } from "../../studio/exact-frames.js";

const VIEW = "view:activation_histograms";

/** The layers, and those of A if it is compared. */
export async function savedLayers(state) {
  const exact = await withExactFrames(state, VIEW);
  return { layers: exact[VIEW]?.layers ?? [], ...exact.referenceModule?.savedLayers(exact) };
}
