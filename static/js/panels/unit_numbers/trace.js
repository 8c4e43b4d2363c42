// Opens the Trace tab at the chain rule of one weight.

import { viewApplies } from "../../studio/problem.js";
import { enlarge } from "../shared/panel.js";

/** Whether the weights of the run can be traced on this page. */
export const canTrace = (state) => viewApplies(state, "sample_trace") && document.getElementById("panel-sample_trace");

/** Traces the weight {layer, unit, source}, whose source is an index or "bias", for the point traced last. */
export function traceWeight({ store, network }, { layer, unit, source }) {
  const { section } = network.shell;
  if (section.classList.contains("enlarged")) enlarge(section); // it would hide the tab
  const sample = { part: "train", index: 0, batch: null, ...store.get().tracedSample };
  const weight = { layer, unit, source: source === "bias" ? -1 : source };
  store.set({ tracedSample: { ...sample, ...weight, asked: performance.now() }, traceStep: "chain" });
  scrollToTrace(store);
}

/** Scrolls to the tab once it is open: on a phone it stands below the network. */
function scrollToTrace(store) {
  const scroll = ({ openTabs }) => {
    const isOpen = openTabs.middle === "sample_trace";
    if (isOpen) document.getElementById("panel-sample_trace").scrollIntoView({ block: "nearest" });
    return isOpen;
  };
  if (scroll(store.get())) return;
  const stop = store.watch((state, changed) => changed.includes("openTabs") && (stop(), scroll(state)));
}
