// The sections of the page of an experiment, in their order. Adding one is an entry here and a folder of its name,
// whose index.js exports mount(element, experiment), which returns { destroy() }. They are part of the page's bundle:
// modules that are imported dynamically belong to the studio.

import { mount as mountCurves } from "./curves/index.js";
import { mount as mountFields } from "./fields/index.js";
import { mount as mountLearningCurve } from "./learning_curve/index.js";
import { mount as mountMinima } from "./minima/index.js";
import { mount as mountResults } from "./results/index.js";
import { mount as mountWall } from "./wall/index.js";

/**
 * By name, which is the last part of the key of its heading (experiment.section.…): `mount`, and, for a section that
 * not every experiment has, `applies(experiment)`.
 */
export const SECTIONS = {
  wall: { mount: mountWall },
  curves: { mount: mountCurves },
  results: { mount: mountResults },
  fields: { mount: mountFields },
  minima: {
    mount: mountMinima,
    applies: ({ config, members }) => config.paradigm !== "policy_gradient" && members.length > 1,
  },
  learning_curve: { mount: mountLearningCurve, applies: ({ detail }) => "dataset.train_samples" in detail.vary },
};
