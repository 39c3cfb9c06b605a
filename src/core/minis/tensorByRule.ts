import { allocate, type ElementType, type TensorData } from '../trace/graph/data.ts';
import { RuleStream } from './ruleStream.ts';

/** How the numbers of a tensor are made; `explicit` ones are listed. Specified in `test/fixtures/goldens/RULE.md`. */
export type TensorRule = 'weight' | 'norm' | 'bias' | 'input' | 'token' | 'explicit';

export interface RuledTensor {
  /** Together with the seed it names the stream: the state_dict key, or the input's name. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly rule: TensorRule;
  /** Default: `int64` for tokens, else `float32`. */
  readonly type?: ElementType;
  /** `token` only: numbers are below it. */
  readonly vocab?: number;
  /** `explicit` only: flat, row-major; non-finite ones as strings. */
  readonly values?: readonly (number | string)[];
}

/** `tensorByRule`, or what remembers its tensors. */
export type TensorMaker = (wanted: RuledTensor, seed: number) => TensorData;

/**
 * The tensor that a rule gives for an integer seed. Floats are rounded to float32.
 *
 * @throws RangeError when explicit values do not fill the shape or a token rule has no vocabulary
 */
export function tensorByRule(wanted: RuledTensor, seed: number): TensorData {
  const { name, shape, rule } = wanted;
  const length = shape.reduce((product, size) => product * size, 1);
  const type = wanted.type ?? (rule === 'token' ? 'int64' : 'float32');
  const data = allocate(type, length);
  if (rule === 'explicit') {
    if (wanted.values?.length !== length) {
      throw new RangeError(
        `${name}: ${wanted.values?.length ?? 'no'} values for the shape [${shape.join(', ')}]`,
      );
    }
    for (const [index, value] of wanted.values.entries()) data[index] = Number(value);
    return { type, shape: [...shape], data };
  }
  const stream = new RuleStream(`${seed}:${name}`);
  if (rule === 'token') {
    const { vocab } = wanted;
    if (vocab === undefined) throw new RangeError(`${name}: the token rule needs a vocabulary`);
    for (let i = 0; i < length; i++) data[i] = stream.below(vocab);
    return { type, shape: [...shape], data };
  }
  const scale = ruleScale(rule, shape);
  const offset = rule === 'norm' ? 1 : 0;
  for (let i = 0; i < length; i++) {
    // Parenthesised as in the specification: 2u − 1 first, in float64.
    const s = 2 * stream.next() - 1;
    data[i] = Math.fround(offset + s * scale);
  }
  return { type, shape: [...shape], data };
}

function ruleScale(rule: TensorRule, shape: readonly number[]): number {
  if (rule === 'input') return 1;
  if (rule !== 'weight') return 0.1;
  return 1 / Math.sqrt(shape.slice(1).reduce((product, size) => product * size, 1));
}

/**
 * The rule of a state_dict entry that no golden case describes. Undefined keeps what the constructor made: integers and
 * scalars (`position_ids`, `logit_scale`, `num_batches_tracked`).
 */
export function defaultRule(
  name: string,
  shape: readonly number[],
  type: ElementType,
): TensorRule | undefined {
  if (type === 'int64' || type === 'bool' || shape.length === 0) return undefined;
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'running_var') return 'norm';
  if (shape.length >= 2) return 'weight';
  return last === 'weight' || last === 'g' ? 'norm' : 'bias';
}
