// The state of the studio: every key with its initial value, its meaning, and the modules that write it.

import { emptyHistory } from "../core/history.js";

/**
 * Keys that are composed at run time, by their prefix:
 * `view:ID` the newest frame of a view, `progress:ID` the progress of one that takes long (studio/stream.js);
 * `earlier:VIEW` frames of the steps before a view was first shown, oldest first (studio/earlier-views.js).
 */
export const FAMILIES = ["view:", "progress:", "earlier:"];

/** The state before anything was fetched; `speed` in steps per second, or max. */
export const initialState = (speed) => ({
  // What the server offers: data sets, layers, views ... (boot, data/dialog, orphaned-datasets).
  catalogue: null,
  // The JSON Schema of configurations of the draft's paradigm, and the patterns of its live fields (boot, problem).
  schema: null,
  livePatterns: [],

  // The configuration that the form shows (form and controls through actions; session when the run's own changed).
  draft: null,
  // The configuration that the server answered last (session).
  confirmed: null,
  // Messages of rejected values by their field's dotted path (form/rejected-values).
  errors: {},
  // The run as the server describes it: id, status, step, config, warnings ... (session, stream).
  run: null,
  // Its data points: those of parts train, validation and test, and what they are (session, draw-points).
  points: null,
  // The measured points of the current attempt, in columns (session, stream).
  history: emptyHistory(),
  // Training steps per second, or max (transport through actions, stream).
  speed,
  // The stream: connecting, open, lost, gone (session).
  connection: "connecting",

  // A message shown for some seconds: text, kind, at, and optionally lasts, field, lost.
  notice: null,
  // Why the page could not start; shown until it can (boot).
  failure: null,
  // RUN/ATTEMPT/STATUS of which the message was closed (actions).
  dismissed: null,
  // The refusal of a subscribed view: code, message, field, id (stream).
  viewError: null,

  // Units, as layer and unit: the one under the pointer, the pinned one, those whose maps stand side by side (actions).
  hovered: null,
  pinned: null,
  sideBySide: [],
  // The unit to which the line under the pointer leads, and the unit whose window is open (unit_numbers).
  hoveredEdge: null,
  inspected: null,
  // Parameters of the run, fetched: run, step, layers (weight-edits), and the seq of their last edit (stream).
  parameters: null,
  parametersEditedAt: null,

  // Panels in sight, by name (view-subscriptions), and the open tab of each place (tabs).
  visiblePanels: {},
  openTabs: {},
  // Subscriptions of views with options, by panel (the panels).
  subscriptions: {},
  // Width and height of window and studio as text: it changes when panels must be laid out anew (boot).
  layoutSize: "",
  // How far the network is scrolled to the right, in pixels (network).
  networkScroll: 0,
  // Whether Plotly is loaded (curves).
  plotly: false,
  // light or dark, and the colours that canvases draw with (core/theme).
  theme: null,
  colours: null,

  // Output panel: test points, decisions in place of values, residuals (display-options).
  showTest: true,
  discretise: false,
  residuals: true,
  // How it shows several outputs, which label of several, and the module for the less usual ways (decision_boundary).
  displayMode: null,
  shownLabel: 0,
  displayModule: null,
  // The plane shown of more than two inputs: axes, held (plane-choice).
  plane: null,
  // Whether points are being drawn (display-options), and how many maps stand side by side (pinned-units).
  drawing: false,
  sideBySideCount: 0,
  // Learning: the curve shown, and whether its axis is logarithmic (curves).
  curveTab: "loss",
  logScale: false,
  // The step marked on all charts over time: step, by (step-cursor).
  stepCursor: null,
  // Trace: the sample it follows, which step of it is shown, and where in the network that is (sample_trace, results).
  tracedSample: null,
  traceStep: null,
  tracePosition: null,
  // Options of further panels, as far as they were chosen (each by its panel).
  activationOptions: null,
  comparisonOptions: null,
  episodeOptions: null,
  healthQuantity: null,
  landscapeOptions: null,
  policyOptions: null,
  resultsOptions: null,
  // The image drawn in Draw: pixels, empty, known (answer), and the first row shown of Reconstruction (reconstruction).
  drawnImage: null,
  firstRow: 0,
});
