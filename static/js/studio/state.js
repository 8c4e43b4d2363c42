// The state of the studio: each key with its initial value, its meaning and the modules that write it.

import { emptyHistory } from "../core/history.js";

/**
 * Prefixes of keys that are composed at run time:
 * `view:ID` the newest frame of a view, `progress:ID` the progress of a slow view (studio/stream-frames.js);
 * `earlier:VIEW` frames of the steps before a view was first shown, oldest first (studio/earlier-views.js).
 */
export const FAMILIES = ["view:", "progress:", "earlier:"];

/** The state before any data is loaded; `speed` in steps per second, or "max". */
export const initialState = (speed) => ({
  // The catalogue of the server: data sets, environments, layers, views ... (boot, data/dialog, orphaned-datasets).
  catalogue: null,
  // The JSON Schema of the draft's paradigm, and the path patterns of fields that can change during training
  // (boot, problem).
  schema: null,
  livePatterns: [],

  // The configuration shown in the form (form and controls through actions; session when that of the run changed).
  draft: null,
  // The configuration in the last answer of the server (session).
  confirmed: null,
  // Messages of rejected values, by the dotted path of the field (form/rejected-values).
  errors: {},
  // The run as the server describes it: id, status, step, config, warnings ... (session, stream-frames).
  run: null,
  // Its data points by part (train, validation, test), with task, names and classes (session, draw-points).
  points: null,
  // The recorded points of the shown attempt, in columns; those of the present one while an earlier one is shown, else
  // null (session, stream-frames, timeline/attempts).
  history: emptyHistory(),
  presentHistory: null,
  // The newest event frame of the stream (stream-frames).
  lastEvent: null,
  // Training steps per second, or max (transport through actions, stream-frames).
  speed,
  // The stream: connecting, open, lost, gone (session).
  connection: "connecting",

  // The earlier step that the panels show: step, attempt, epoch, latest (its measured values), and progress of its
  // replay (0 to 1, or null); null: the newest step (timeline/position).
  shown: null,
  // While the settings at that step are not the newest ones: `config`, the resolved configuration then, which draft and
  // confirmed contain meanwhile; `present`, what these were, and `newest`, that of the run (timeline/shown-settings).
  shownSettings: null,
  // The time line: play (timeline/playback.js), log (timeline/log.js), attempt, attempts and presentLog
  // (timeline/attempts.js), bookmarks (timeline/bookmarks.js); null until it is loaded (timeline).
  timeline: null,
  // The runs of the family of the run, newest first: those it continues, and all that continue these (branch).
  family: null,
  // A function that returns the curves of the runs that this one continues, up to its first step; or null (branch).
  curvesBefore: null,

  // A, a step of this or another run that is compared with the shown one: run, attempt, step, config, history, points,
  // latest (what was measured where it paused, or null) and frames by view; or null (reference). The module that draws
  // it (reference/drawing.js), once it is loaded.
  reference: null,
  referenceModule: null,

  // A message shown for some seconds: text, kind, at, and optionally actions (notices), duration, field, lost.
  notice: null,
  // A message that stays until it is answered: text, kind, actions; `holds`: the draft is not sent until then (branch).
  offer: null,
  // Whether there is something to undo (actions), and whether the page has left a trained run (branch/recent.js).
  canUndo: false,
  canRedo: false,
  hasRecent: false,
  // The reason why the page could not start, or null (boot).
  failure: null,
  // RUN/ATTEMPT/STATUS whose message was closed (actions).
  dismissed: null,
  // The error of a subscribed view: code, message, field, id (stream-frames).
  viewError: null,

  // Units as {layer, unit}: the hovered one, the pinned one, those whose maps are compared side by side (actions).
  hovered: null,
  pinned: null,
  sideBySide: [],
  // The target unit of the hovered edge, and the unit whose popover is open (unit_numbers).
  hoveredEdge: null,
  inspected: null,
  // Fetched parameters of the run: run, step, layers (weight-edits), and the seq of their last edit (stream-frames).
  parameters: null,
  parametersEditedAt: null,

  // Whether a panel is visible, by name (view-subscriptions), and the open tab of each tab list (tabs).
  visiblePanels: {},
  openTabs: {},
  // Subscriptions with options, by panel (the panels).
  subscriptions: {},
  // Sizes of window and studio as text; a change makes the panels update their layout (boot, split).
  layoutSize: "",
  // Horizontal scroll position of the network in pixels (network).
  networkScroll: 0,
  // Whether Plotly is loaded; "drawn" once the curves are drawn with it (curves).
  plotly: false,
  // light or dark, and the colours that canvases draw with (core/theme).
  theme: null,
  colours: null,

  // Output panel: whether it shows test points, predicted classes instead of values, residuals (display-options).
  showTest: true,
  discretise: false,
  residuals: true,
  // Its display of several outputs, the label shown of several, and the lazily loaded display module
  // (decision_boundary).
  displayMode: null,
  shownLabel: 0,
  displayModule: null,
  mapNotes: null,
  // The plane shown of more than two inputs: its axes, and the fixed values of the other inputs (plane-choice).
  plane: null,
  // Whether the user is adding points (display-options), and the number of compared maps (pinned-units).
  drawing: false,
  sideBySideCount: 0,
  // Curves: the curve shown, and whether its axis is logarithmic; null: as the curve needs (curves).
  curveTab: "loss",
  logScale: null,
  // The experiments of a lesson that were started: rows (title, run, loss, history), and the function curvesOfTries
  // that returns their curves; null on other pages (lessons/results.js).
  tries: null,
  // The step marked in all charts over time: step, and source, the chart under the pointer (step-cursor).
  stepCursor: null,
  // Trace: its sample, the name of the computation step to show (else {}), and the position of the step shown in the
  // network (sample_trace, results, unit_numbers).
  tracedSample: null,
  traceStep: null,
  tracePosition: null,
  // Notation of formulas: common or lecture; null: as kept in the browser (core/notation).
  notation: null,
  // Options of further panels; null for their default values (written by the panels).
  activationOptions: null,
  comparisonOptions: null,
  episodeOptions: null,
  healthQuantity: null,
  landscapeOptions: null,
  policyOptions: null,
  resultsOptions: null,
  // The drawn image: pixels, empty, source (answer), and the first row that the panel Reconstruction shows.
  drawnImage: null,
  firstRow: 0,
});
