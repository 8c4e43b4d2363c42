// Which label of the page stands for which term of the glossary (templates/lessons/glossary.*.toml): the only place.

/**
 * By term, the labels: dotted paths of fields of the form (`*`: any name), panels as `panel:NAME`, counters and
 * choices of the bar as `counter:NAME` and `choice:NUMBER`.
 */
export const LABELS = {
  accuracy: ["counter:score"],
  activation: ["layers.*.activation", "output_activation", "panel:activation_curves", "panel:linear_collapse"],
  autoencoder: ["panel:reconstruction", "panel:bottleneck"],
  backpropagation: ["panel:sample_trace"],
  batch: ["batch_size"],
  bias: ["initializer.bias"],
  "confusion-matrix": ["panel:results"],
  "data-set": ["choice:2"],
  "decision-boundary": ["panel:decision_boundary"],
  dropout: ["layers.*.dropout"],
  "early-stopping": ["early_stopping", "early_stopping.*"],
  episode: ["panel:episode"],
  epoch: ["epochs", "counter:epoch"],
  "forward-pass": ["panel:answer"],
  gradient: ["panel:layer_health"],
  "gradient-clipping": ["optimizer.clip_norm"],
  initializer: ["initializer.name", "initializer.scale"],
  layer: ["panel:activation_histograms"],
  "learning-curve": ["panel:curves"],
  "learning-rate": ["optimizer.learning_rate", "optimizer.schedule", "optimizer.schedule.*"],
  loss: ["loss.name", "counter:train-loss", "counter:test-loss"],
  "loss-landscape": ["panel:loss_landscape"],
  momentum: ["optimizer.momentum"],
  network: ["panel:network"],
  neuron: ["layers.*.units", "panel:unit_numbers"],
  noise: ["dataset.noise", "corruption.noise"],
  optimizer: ["optimizer.name"],
  perceptron: ["panel:perceptron", "panel:swimming"],
  policy: ["environment.name", "panel:policy", "panel:comparison", "baseline", "discount", "entropy_bonus"],
  regularisation: ["l1", "l2", "optimizer.weight_decay"],
  seed: ["seed", "dataset.seed", "dataset.train_seed"],
  standardisation: ["dataset.standardize"],
  step: ["steps", "counter:step"],
  task: ["choice:1"],
  "training-part": [
    "dataset.validation_fraction", "dataset.test_fraction", "dataset.samples", "dataset.train_samples",
  ],
};

/** The elements that hold a label; the button is added to them. */
export const HOLDERS = "[data-field], .panel-head, .counter, .bar-choice";

const patterns = Object.entries(LABELS).flatMap(([term, names]) =>
  names.map((name) => ({ term, pattern: RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", "[^.]+")}$`) })));

/** The term of a name as in LABELS; undefined if no label of this name has one. */
const termOf = (name) => patterns.find(({ pattern }) => pattern.test(name))?.term;

/** { term, label, place } of the label that an element holds: its element, and where the button is added; or null. */
export function labelAt(holder) {
  const found = holder && labelOf(holder);
  const term = found?.label && termOf(found.name);
  return term ? { term, ...found } : null;
}

function labelOf(holder) {
  const { field, counter } = holder.dataset;
  if (field) return fieldLabel(holder, field);
  if (counter) {
    const label = holder.querySelector("dt");
    return { name: `counter:${counter}`, label, place: label };
  }
  if (holder.matches(".panel-head")) return panelLabel(holder);
  const position = [...holder.parentElement.querySelectorAll(".bar-choice")].indexOf(holder) + 1;
  return { name: `choice:${position}`, label: holder.querySelector("span"), place: holder.parentElement };
}

/** A field of the form has its label inside; a control in the window of a layer is itself marked with the path. */
function fieldLabel(holder, path) {
  const detail = holder.closest(".detail");
  const label = holder.querySelector("label") ?? detail?.querySelector("span");
  return { name: path, label, place: detail?.parentElement ?? holder };
}

/** The title of a panel, or its tab where panels share a place. */
function panelLabel(head) {
  const tab = head.querySelector("[role=tab][aria-selected=true]"); // the title is beside it, for screen readers only
  const label = tab?.checkVisibility() ? tab : head.querySelector(".panel-title");
  return { name: `panel:${head.closest("[data-panel]")?.dataset.panel}`, label, place: head };
}

/** The own text of a label, without that of marks inside it. */
export const textOf = ({ firstChild, textContent }) =>
  (firstChild?.nodeType === Node.TEXT_NODE ? firstChild.data : textContent).trim();
