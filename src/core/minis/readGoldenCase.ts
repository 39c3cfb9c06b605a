import * as v from 'valibot';
import type { GoldenCase } from './goldenCase.ts';

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const NON_FINITE = ['Infinity', '-Infinity', 'NaN'];

const TensorSchema = v.object({
  name: v.string(),
  shape: v.array(size),
  dtype: v.optional(v.string()),
  rule: v.optional(v.picklist(['weight', 'norm', 'bias', 'input', 'token', 'explicit', 'tied'])),
  vocab: v.optional(v.number()),
  values: v.optional(v.array(v.union([v.number(), v.picklist(NON_FINITE)]))),
});

const CaseSchema = v.object({
  id: v.string(),
  entry: v.string(),
  seed: v.pipe(v.number(), v.safeInteger()),
  // Where the numbers come from; null or partly null where no upstream function made them.
  upstream: v.optional(v.unknown()),
  config: v.record(v.string(), v.unknown()),
  parameters: v.array(TensorSchema),
  inputs: v.array(TensorSchema),
  outputs: v.optional(v.array(TensorSchema), []),
  intermediates: v.optional(v.array(TensorSchema)),
});

/** A case that cannot be used; the message is one sentence. */
export class GoldenCaseError extends Error {
  override readonly name = 'GoldenCaseError';
}

/**
 * Reads a case file's text and checks that shapes and numbers go together.
 *
 * @throws {GoldenCaseError} naming the tensor or the field at fault
 */
export function readGoldenCase(text: string): GoldenCase {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new GoldenCaseError(`the case is no JSON: ${(error as Error).message}`);
  }
  const parsed = v.safeParse(CaseSchema, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new GoldenCaseError(
      `the case is not right at ${v.getDotPath(issue) ?? 'its top'}: ${issue.message}`,
    );
  }
  const golden = parsed.output as GoldenCase;
  for (const tensor of [...golden.parameters, ...golden.inputs]) {
    const count = tensor.shape.reduce((product, length) => product * length, 1);
    if (tensor.values && tensor.values.length !== count) {
      throw new GoldenCaseError(
        `${tensor.name} has ${tensor.values.length} values, its shape [${tensor.shape.join(', ')}] needs ${count}`,
      );
    }
    const at = tensor.values?.indexOf('NaN') ?? -1;
    if (at >= 0) throw new GoldenCaseError(`${tensor.name} holds NaN at place ${at}; numbers are allowed`);
    if (tensor.rule === 'token' && !tensor.values && tensor.vocab === undefined) {
      throw new GoldenCaseError(`${tensor.name} is made of tokens, but says no vocab`);
    }
  }
  return golden;
}
