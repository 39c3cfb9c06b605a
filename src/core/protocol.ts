import * as v from 'valibot';

/**
 * The conversation between the panel and the extension, in one file; both ends validate what they receive.
 *
 * - The panel says `ready`; the extension answers with a complete `snapshot`. Later pushes are complete snapshots again, never
 *   deltas, so that a panel that was hidden or reloaded cannot be out of step.
 * - The panel asks with `request` (an id, a method, its parameters); the extension answers `response` with that id, ok or error.
 *   A request that is not answered in time fails in the panel; nobody waits for ever.
 */

const position = v.object({ line: v.number(), character: v.number() });
const range = v.object({ start: position, end: position });
const placed = v.object({ id: v.string(), ranges: v.array(range) });

/** The function in the editor that the panel explains. */
export const CodeSnapshotSchema = v.object({
  /** URI of the document, for requests back. */
  uri: v.string(),
  /** Path inside the workspace with `/`, for display and as the tracer's name of the file. */
  path: v.string(),
  qualname: v.string(),
  version: v.number(),
  /** Text of the function, whole lines, decorators included. */
  text: v.string(),
  /** 0-based line of the document at which `text` starts. */
  firstLine: v.number(),
  /** Where the function's name stands. */
  nameLine: v.number(),
  nameColumn: v.number(),
  steps: v.array(placed),
  unplaced: v.array(v.string()),
  differences: v.array(placed),
  variants: v.array(v.string()),
});

export const SnapshotSchema = v.object({
  /** Null for a function that the atlas does not know ("run it all the same"). */
  entry: v.nullable(v.unknown()),
  systemTitle: v.string(),
  /** What the reader answered for a function without an entry: the panel keeps it for the next window. */
  explored: v.nullable(
    v.object({ constructorArguments: v.exactOptional(v.string()), callArguments: v.string() }),
  ),
  language: v.picklist(['en', 'ja']),
  theme: v.picklist(['dark', 'light', 'hc-dark', 'hc-light']),
  /** What the setting asks for; what ran is the panel's to say. */
  backend: v.picklist(['auto', 'webgpu', 'wasm']),
  followCursor: v.boolean(),
  /** Null when no open file holds the function: the mini is shown alone. */
  code: v.nullable(CodeSnapshotSchema),
  /** Why `code` is missing or may be stale; null when all is well. */
  codeProblem: v.nullable(v.string()),
  /** Other functions of the class, when *Explain* was asked for on a class. */
  siblings: v.array(v.object({ qualname: v.string(), entryId: v.string() })),
  /** Names the state of the mini's files where the entry brings its own; null for ours. Another name: they must be read again. */
  ownMini: v.nullable(v.string()),
  /** Steps that the selection or the cursor touches. */
  focusedSteps: v.array(v.string()),
  /** Counts up when the reader asked for a place: the panel scrolls there once. */
  focusRequest: v.number(),
  startAt: v.picklist(['explanation', 'run']),
});

export type CodeSnapshot = v.InferOutput<typeof CodeSnapshotSchema>;
export type Snapshot = v.InferOutput<typeof SnapshotSchema>;

/** The panel's page as HTML, drawn where there is no page yet. */
export type DrawFirstPage = (snapshot: Snapshot) => string;

/** What the panel may ask for. Parameters and results, by method. */
export const RequestSchemas = {
  /** Text of a Python file near the function, for the tracer's imports; null where there is none. */
  readSource: { params: v.object({ path: v.string() }), result: v.nullable(v.string()) },
  /** Which of these paths exist (a package's `__init__.py`, a module's file …), in one round trip. */
  readSources: {
    params: v.object({ paths: v.pipe(v.array(v.string()), v.maxLength(500)) }),
    result: v.record(v.string(), v.nullable(v.string())),
  },
  /** Files of a mini in a pack of the reader's; bytes of an `.onnx` file in base64. */
  readMini: {
    params: v.object({ entryId: v.string() }),
    result: v.object({
      files: v.record(v.string(), v.string()),
      model: v.nullable(v.string()),
      problem: v.nullable(v.string()),
    }),
  },
  /** Shows the lines of a step in the editor, and selects them when `reveal` is true. */
  showStep: { params: v.object({ step: v.nullable(v.string()), reveal: v.boolean() }), result: v.null() },
  revealLine: { params: v.object({ path: v.string(), line: v.number() }), result: v.null() },
  copyText: { params: v.object({ text: v.string() }), result: v.null() },
  /** Asks where to save; false when the reader cancels. `base64` is the content. */
  saveFile: { params: v.object({ name: v.string(), base64: v.string() }), result: v.boolean() },
  setLanguage: { params: v.object({ language: v.picklist(['en', 'ja']) }), result: v.null() },
  setFollowCursor: { params: v.object({ on: v.boolean() }), result: v.null() },
  openEntry: { params: v.object({ entryId: v.string() }), result: v.null() },
  /** Runs one of the extension's own commands; the extension holds the allow-list. */
  runCommand: { params: v.object({ command: v.string(), args: v.array(v.unknown()) }), result: v.null() },
  log: {
    params: v.object({ level: v.picklist(['info', 'warn', 'error']), message: v.string() }),
    result: v.null(),
  },
} as const;

export type RequestMethod = keyof typeof RequestSchemas;
export type RequestParams<M extends RequestMethod> = v.InferOutput<(typeof RequestSchemas)[M]['params']>;
export type RequestResult<M extends RequestMethod> = v.InferOutput<(typeof RequestSchemas)[M]['result']>;

export const FromPanelSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('request'), id: v.number(), method: v.string(), params: v.unknown() }),
]);
export type FromPanel = v.InferOutput<typeof FromPanelSchema>;

export const ToPanelSchema = v.variant('type', [
  v.object({ type: v.literal('snapshot'), snapshot: SnapshotSchema }),
  v.object({ type: v.literal('response'), id: v.number(), ok: v.literal(true), result: v.unknown() }),
  v.object({ type: v.literal('response'), id: v.number(), ok: v.literal(false), error: v.string() }),
  /** Text of files the screen run has read changed: it must run again. */
  v.object({ type: v.literal('sourceChanged'), path: v.string(), text: v.nullable(v.string()) }),
]);
export type ToPanel = v.InferOutput<typeof ToPanelSchema>;
