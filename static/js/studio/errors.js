// Errors of requests, shown as a notice; the module that says which field is meant is loaded with the first one.

/** As `explain` of form/rejected-values.js; if the server cannot send it, the notice has only the error's message. */
export const explain = (context, error) => import("./form/rejected-values.js").then(
  (module) => module.explain(context, error),
  () => {
    const { message: text } = error;
    context.store.set({ notice: { text, kind: "error", at: performance.now(), lost: true, actions: [] } });
  },
);
