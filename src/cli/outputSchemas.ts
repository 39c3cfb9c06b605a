import * as v from 'valibot';

/** The JSON of every command; published in `docs/schemas` by `scripts/buildSchemas.ts`. */

const lineNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.description('1-based, inclusive'));
const text = v.strictObject({ en: v.string(), ja: v.string() });
const stringOrNull = v.nullable(v.string());

export const RecognizeOutputSchema = v.array(
  v.strictObject({
    path: v.pipe(v.string(), v.description('Relative to the argument, / between its parts')),
    qualname: v.string(),
    line: v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Line of def, 1-based')),
    entry: v.pipe(v.string(), v.description('Id of the entry')),
    confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    variant: v.pipe(
      stringOrNull,
      v.description('Ids of the variants that hold, joined by ", "; null for upstream’s form'),
    ),
    evidence: v.array(v.strictObject({ kind: v.string(), weight: v.number(), detail: v.string() })),
    steps: v.pipe(
      v.array(
        v.strictObject({ id: v.string(), equation: v.string(), startLine: lineNumber, endLine: lineNumber }),
      ),
      v.description('One item per stretch of lines: a step in two places comes twice'),
    ),
    differences: v.array(v.strictObject({ id: v.string(), startLine: lineNumber, endLine: lineNumber })),
    unplaced: v.pipe(v.array(v.string()), v.description('Ids of steps that stand nowhere in this function')),
  }),
);

export const AtlasOutputSchema = v.array(
  v.strictObject({
    id: v.string(),
    system: v.string(),
    title: text,
    summary: text,
    exercises: v.array(v.string()),
    upstream: v.pipe(
      v.nullable(
        v.strictObject({ repo: stringOrNull, commit: stringOrNull, path: v.string(), qualname: v.string() }),
      ),
      v.description('Null for entries without a function'),
    ),
    equations: v.array(v.strictObject({ id: v.string(), tex: v.string(), spoken: text, text })),
    symbols: v.array(
      v.strictObject({ tex: v.string(), code: v.array(v.string()), shape: stringOrNull, meaning: text }),
    ),
    steps: v.array(v.strictObject({ id: v.string(), equation: v.string() })),
    differences: v.array(v.strictObject({ id: v.string(), text })),
    variants: v.array(v.strictObject({ id: v.string(), text })),
    mini: v.pipe(
      stringOrNull,
      v.description('Module of the mini, relative to its pack; null where there is none'),
    ),
  }),
);

const tensor = {
  name: v.string(),
  shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  dtype: v.pipe(v.string(), v.description('torch’s name: float32, int64, bool')),
  values: v.pipe(
    v.array(v.union([v.number(), v.picklist(['Infinity', '-Infinity', 'NaN'])])),
    v.description('Flat, row-major, nine significant digits; booleans as 0 and 1'),
  ),
};
const range = v.pipe(v.tuple([lineNumber, lineNumber]), v.description('First and last line'));
const config = v.record(v.string(), v.unknown());
const numberOrText = v.union([v.number(), v.string()]);

export const RunOutputSchema = v.strictObject({
  entry: v.string(),
  driver: v.string(),
  source: v.pipe(v.string(), v.description('mini, or the file that was run')),
  config,
  seed: v.pipe(v.number(), v.integer()),
  weights: v.picklist(['rule', 'trained']),
  sample: stringOrNull,
  backend: v.literal('wasm'),
  ms: v.strictObject({ trace: v.number(), build: v.number(), session: v.number(), run: v.number() }),
  outputs: v.array(v.strictObject(tensor)),
  steps: v.pipe(
    v.array(v.strictObject({ id: v.string(), ...tensor, lines: v.array(range) })),
    v.description(
      'One item per tensor that a step left behind, under the golden case’s name where it has one',
    ),
  ),
  intermediates: v.pipe(
    v.array(v.strictObject(tensor)),
    v.description('Named by the driver, as in the golden cases'),
  ),
  unmatched: v.pipe(v.array(v.string()), v.description('Intermediates that this code does not assign')),
  invariants: v.array(v.strictObject({ id: v.string(), value: numberOrText, holds: v.boolean() })),
  refused: v.optional(
    v.strictObject({
      file: v.string(),
      line: lineNumber,
      column: lineNumber,
      construct: v.string(),
      message: v.string(),
    }),
  ),
});

const compared = {
  id: v.string(),
  agrees: v.boolean(),
  difference: v.pipe(
    v.nullable(numberOrText),
    v.description('Largest absolute one; null: not on both sides'),
  ),
  size: v.pipe(v.number(), v.description('Largest magnitude on the mini’s side')),
  tensor: stringOrNull,
  reason: v.nullable(v.picklist(['shape', 'values', 'missing', 'noise'])),
  difference64: v.pipe(v.nullable(numberOrText), v.description('In float64, where it was asked for')),
};

export const CompareOutputSchema = v.strictObject({
  entry: v.string(),
  driver: v.string(),
  source: v.string(),
  config,
  seed: v.pipe(v.number(), v.integer()),
  backend: v.literal('wasm'),
  agrees: v.boolean(),
  verdict: v.picklist(['equal', 'noise', 'different', 'nothing']),
  difference: v.nullable(numberOrText),
  first: v.pipe(
    v.nullable(
      v.strictObject({
        step: stringOrNull,
        tensor: v.string(),
        difference: v.nullable(numberOrText),
        size: v.number(),
        lines: v.array(range),
      }),
    ),
    v.description('Where the two part; step is null where only an output differs'),
  ),
  steps: v.array(v.strictObject({ ...compared, lines: v.array(range) })),
  outputs: v.array(v.strictObject(compared)),
});

export const MinisOutputSchema = v.array(
  v.strictObject({
    entry: v.string(),
    file: v.pipe(v.string(), v.description('Relative to its pack')),
    trained: stringOrNull,
    config: v.array(
      v.strictObject({
        name: v.string(),
        default: v.union([v.number(), v.boolean(), v.string()]),
        min: v.nullable(v.number()),
        max: v.nullable(v.number()),
        step: v.nullable(v.number()),
        options: v.nullable(v.array(numberOrText)),
        label: text,
      }),
    ),
    drivers: v.array(
      v.strictObject({
        name: v.string(),
        config,
        inputs: v.array(
          v.strictObject({
            name: v.string(),
            shape: v.array(numberOrText),
            dtype: v.string(),
            rule: v.string(),
          }),
        ),
        intermediates: v.array(v.string()),
      }),
    ),
    samples: v.array(
      v.strictObject({
        name: v.string(),
        title: text,
        text,
        driver: v.string(),
        weights: v.picklist(['rule', 'trained']),
      }),
    ),
    invariants: v.array(v.strictObject({ id: v.string(), text })),
  }),
);
