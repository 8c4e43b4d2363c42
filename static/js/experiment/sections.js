// The sections of the page of an experiment, in their order. Adding one is an entry here and a folder of its name,
// whose index.js exports mount(element, experiment), which returns { destroy() }. They are part of the page's bundle:
// modules that are imported dynamically belong to the studio.

/**
 * By name: the last part of the key of the title (experiment.section.…), `mount`, and, for a section that not every
 * experiment has, `applies(experiment)`.
 */
export const SECTIONS = {};
