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
