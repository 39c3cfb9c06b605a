import * as v from 'valibot';

/**
 * The pack format: one YAML file of entries for one code base. The same schema validates at load (valibot) and is
 * published as `docs/schemas/pack.schema.json` for editors. Unknown keys are errors, so that a typo is found.
 */

const line = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'));
const id = v.pipe(line, v.regex(/^[\w.-]+$/, 'may hold letters, digits, "_", "-" and "." only'));

/** A sentence in both languages of the product. */
export const TextSchema = v.strictObject({ en: line, ja: line });

/**
 * Features of one statement. Every listed feature counts towards the match; callees match by their last segment
 * (`softmax` fits `th.softmax`, `F.softmax` and `x.softmax`), targets and names are hints that a rename may break.
 */
export const StatementPatternSchema = v.strictObject({
  kind: v.optional(
    v.picklist(['assign', 'augmented', 'expression', 'return', 'if', 'for', 'while', 'with', 'assert']),
  ),
  targets: v.optional(v.array(line)),
  names: v.optional(v.array(line)),
  calls: v.optional(v.array(line)),
  operators: v.optional(v.array(line)),
  literals: v.optional(v.array(v.union([line, v.number()]))),
  keywords: v.optional(v.array(line)),
  /** The step stands without this statement. */
  optional: v.optional(v.boolean()),
});

export interface Condition {
  /** Parameter names that must all be there. */
  parameters?: string[] | undefined;
  /** Callees (last segment) in the body. */
  calls?: string[] | undefined;
  /** Attributes that the class assigns. */
  attributes?: string[] | undefined;
  /** Methods that the class defines. */
  siblings?: string[] | undefined;
  /** Base classes (last segment). */
  bases?: string[] | undefined;
  /** Names read in the body, dotted. */
  names?: string[] | undefined;
  /** String or number literals in the body. */
  literals?: (string | number)[] | undefined;
  /** Some statement of the body has all these features. */
  statement?: v.InferOutput<typeof StatementPatternSchema> | undefined;
  any?: Condition[] | undefined;
  not?: Condition | undefined;
}

/** All that is listed must hold. */
export const ConditionSchema: v.GenericSchema<Condition> = v.strictObject({
  parameters: v.optional(v.array(line)),
  calls: v.optional(v.array(line)),
  attributes: v.optional(v.array(line)),
  siblings: v.optional(v.array(line)),
  bases: v.optional(v.array(line)),
  names: v.optional(v.array(line)),
  literals: v.optional(v.array(v.union([line, v.number()]))),
  statement: v.optional(StatementPatternSchema),
  any: v.optional(v.array(v.lazy(() => ConditionSchema))),
  not: v.optional(v.lazy(() => ConditionSchema)),
});

/** What a function looks like; recognition scores it. Scaffolded from a checkout, then tuned by hand. */
export const SignatureSchema = v.strictObject({
  kind: v.picklist(['method', 'function']),
  name: line,
  /** Names of the class it is a method of, the first being upstream's. */
  class: v.optional(v.array(line)),
  /** File names or path endings, the first being upstream's. */
  path: v.array(line),
  parameters: v.array(line),
  bases: v.optional(v.array(line)),
  siblings: v.optional(v.array(line)),
  attributes: v.optional(v.array(line)),
  calls: v.optional(v.array(line)),
  operators: v.optional(v.array(line)),
  literals: v.optional(v.array(v.union([line, v.number()]))),
  imports: v.optional(v.array(line)),
  /** Callees and operators of upstream's own statements between the steps: what else rewrites a value there changes the equation. */
  between: v.optional(v.array(line)),
  /** Must hold, or the card stays away whatever the score. */
  requires: v.optional(v.array(ConditionSchema)),
  /** Must not hold. */
  forbids: v.optional(v.array(ConditionSchema)),
});

export const EquationSchema = v.strictObject({
  id,
  /** Display math; lines broken (`aligned`) so that it fits 600 px. */
  tex: line,
  /** How one would read it aloud. */
  spoken: TextSchema,
  /** One sentence: what it says. */
  text: TextSchema,
  /** Where it comes from: `exercise 6.5`, `arXiv:2103.00020 §2.3`. */
  source: v.optional(line),
});

export const SymbolSchema = v.strictObject({
  tex: line,
  /** Code names that hold it, dotted where attributes: `self.logit_scale`. */
  code: v.array(line),
  /** In the pack's letters: `[B·H, C, T]`. Empty only for symbols that are no tensors. */
  shape: v.optional(line),
  meaning: TextSchema,
});

export const StepSchema = v.strictObject({
  id,
  /** Id of the equation of this entry it is a part of. */
  equation: id,
  label: TextSchema,
  /** The part of the equation that this step computes; the whole equation where absent. */
  tex: v.optional(line),
  /** The statements that compute it, in order. */
  match: v.pipe(v.array(StatementPatternSchema), v.minLength(1)),
  /** Variables whose tensors are the step's result (captured in a run). */
  tensors: v.optional(v.array(line)),
  /**
   * Where the mini keeps a tensor otherwise than upstream: `flat` for the same numbers in the same order under another shape, or the order in
   * which upstream's axes become the mini's (`[1, 0, 2]`).
   */
  layout: v.optional(
    v.record(line, v.union([v.literal('flat'), v.array(v.pipe(v.number(), v.integer(), v.minValue(0)))])),
  ),
});

export const DifferenceSchema = v.strictObject({
  id,
  text: TextSchema,
  /** The statements that show it; absent where the whole function differs. */
  match: v.optional(v.array(StatementPatternSchema)),
});

export const VariantSchema = v.strictObject({
  id,
  /** What is different from the entry's function, as one sentence. */
  text: TextSchema,
  when: ConditionSchema,
});

const ConfigValueSchema = v.strictObject({
  default: v.union([v.number(), v.boolean(), v.string()]),
  min: v.optional(v.number()),
  max: v.optional(v.number()),
  step: v.optional(v.number()),
  options: v.optional(v.array(v.union([v.number(), v.string()]))),
  label: TextSchema,
});

/** Python, interpreted by the tracer; `docs/minis.md` has the contract of `build`, `call` and `sample`. */
export const DriverSchema = v.strictObject({
  /** Named after the golden case it reproduces. */
  name: id,
  title: v.optional(TextSchema),
  /** Made for samples: parts of the model are replaced by stand-ins, so that no case of another name is run with it. */
  standIns: v.optional(v.boolean()),
  /** Defaults that differ from the mini's config. */
  config: v.optional(v.record(v.string(), v.unknown())),
  /** Names of the mini's config that make no sense otherwise here: their sliders do not move. */
  fixed: v.optional(v.array(line)),
  /** `false` where the mini's trained weights do not fit this driver's model. */
  trained: v.optional(v.boolean()),
  inputs: v.array(
    v.strictObject({
      name: line,
      /** Python expressions over the config: `3 * n_heads * ch`. */
      shape: v.array(v.union([line, v.number()])),
      dtype: v.picklist(['float32', 'float64', 'int64', 'bool']),
      rule: v.picklist(['input', 'token', 'explicit']),
      /** Expression for the vocabulary size: the token rule draws below it, and listed values that are not below it do not fit. */
      vocab: v.optional(v.union([line, v.number()])),
      values: v.optional(v.array(v.number())),
    }),
  ),
  /** May be left out only where the mini is an `.onnx` file and nobody's code is to run beside it. */
  code: v.optional(line),
  /** Golden intermediate → capture selector. */
  intermediates: v.optional(v.record(v.string(), line)),
});

export const SampleSchema = v.strictObject({
  name: id,
  title: TextSchema,
  /** What to look at. */
  text: TextSchema,
  driver: v.optional(id),
  config: v.optional(v.record(v.string(), v.unknown())),
  /** Names of the mini's config that its tensors are made for: their sliders do not move. */
  fixed: v.optional(v.array(line)),
  /** Which weights it is meant for: by the rule (default), or the mini's trained ones. */
  weights: v.optional(v.picklist(['rule', 'trained'])),
  code: line,
});

export const InvariantSchema = v.strictObject({
  id,
  text: TextSchema,
  /** A Python expression over outputs and captures that gives a number to be (nearly) zero, or a bool. */
  code: line,
});

const MiniFields = v.strictObject({
  /** Our module, relative to the pack's folder: Python, or an `.onnx` file. Left out where only the code on screen runs. */
  file: v.optional(v.pipe(v.string(), v.trim()), ''),
  config: v.optional(v.record(v.string(), ConfigValueSchema), {}),
  drivers: v.pipe(v.array(DriverSchema), v.minLength(1)),
  samples: v.optional(v.array(SampleSchema), []),
  invariants: v.optional(v.array(InvariantSchema)),
  /** Trained weights that fit: name of a file in packs/weights. */
  trained: v.optional(id),
  /** The config that the trained weights were made with: it counts, and its sliders do not move, whenever they are used. */
  trainedConfig: v.optional(v.record(v.string(), v.unknown())),
});

/** Fields of a mini that speak of one another, each told at its place. */
export const MiniSchema = v.pipe(
  MiniFields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const mini = dataset.value;
    const tell = (message: string, ...keys: readonly (string | number)[]) => {
      const [first, ...rest] = keys.map(
        key => ({ type: 'unknown', origin: 'value', input: mini, key, value: undefined }) as const,
      );
      if (first) addIssue({ message, path: [first, ...rest] });
    };
    if (mini.trained === undefined && mini.trainedConfig !== undefined)
      tell('belongs to trained weights, which trained has to name', 'trainedConfig');
    for (const list of ['drivers', 'samples'] as const) {
      for (const [index, { fixed = [] }] of mini[list].entries()) {
        for (const [at, name] of fixed.entries()) {
          if (!Object.hasOwn(mini.config, name))
            tell(`there is no config "${name}" in this mini`, list, index, 'fixed', at);
        }
      }
    }
  }),
);

export const EntrySchema = v.strictObject({
  id,
  title: TextSchema,
  exercises: v.array(v.pipe(v.string('write exercises as strings: "6.10"'), v.regex(/^\d+\.\d+$/))),
  /** One or two sentences for the card. */
  summary: TextSchema,
  /** Absent for entries without a function. */
  upstream: v.optional(
    v.strictObject({
      path: line,
      qualname: line,
      repo: v.optional(line),
      commit: v.optional(line),
    }),
  ),
  signature: v.optional(SignatureSchema),
  /** None only in entries from a note (`origin`), which may be prose and symbols. */
  equations: v.array(EquationSchema),
  symbols: v.array(SymbolSchema),
  /** Empty for abstract methods and entries without a function. */
  steps: v.array(StepSchema),
  differences: v.optional(v.array(DifferenceSchema)),
  variants: v.optional(v.array(VariantSchema)),
  /** Ids of entries worth reading next. */
  related: v.optional(v.array(id)),
  mini: v.optional(MiniSchema),
  /** The note that the entry was imported from: its title, line (from 1) and language. Both texts are then in that language. */
  origin: v.optional(
    v.strictObject({
      file: line,
      line: v.pipe(v.number(), v.integer(), v.minValue(1)),
      language: v.optional(line),
    }),
  ),
});

export const PackSchema = v.strictObject({
  system: id,
  title: TextSchema,
  upstream: v.optional(v.strictObject({ repo: line, commit: line })),
  /** Papers the pack cites: key → title and URL. */
  papers: v.optional(v.record(v.string(), v.strictObject({ title: line, url: line }))),
  entries: v.pipe(v.array(EntrySchema), v.minLength(1)),
});

export type Text = v.InferOutput<typeof TextSchema>;
export type StatementPattern = v.InferOutput<typeof StatementPatternSchema>;
export type Signature = v.InferOutput<typeof SignatureSchema>;
export type Equation = v.InferOutput<typeof EquationSchema>;
export type EquationSymbol = v.InferOutput<typeof SymbolSchema>;
export type Step = v.InferOutput<typeof StepSchema>;
export type Difference = v.InferOutput<typeof DifferenceSchema>;
export type Variant = v.InferOutput<typeof VariantSchema>;
export type Driver = v.InferOutput<typeof DriverSchema>;
export type Sample = v.InferOutput<typeof SampleSchema>;
export type Invariant = v.InferOutput<typeof InvariantSchema>;
export type Mini = v.InferOutput<typeof MiniSchema>;
export type Entry = v.InferOutput<typeof EntrySchema> & { readonly prints?: StatementPrints };
export type Pack = Omit<v.InferOutput<typeof PackSchema>, 'entries'> & { readonly entries: readonly Entry[] };

/** Statements of upstream that are steps: by the hash of their names, `values:exact` (see `statementPrint`). */
export type StatementPrints = Readonly<Record<string, readonly string[]>>;
