import type { ElementType } from '../graph/data.ts';
import { NativeObject, PyClass, type Value } from '../interpreter/values.ts';

/** Rank of a dtype in promotions: a higher category wins whatever the widths. */
export type Category = 0 | 1 | 2;
export const boolean = 0;
export const integral = 1;
export const floating = 2;

export const dtypeClass = new PyClass('dtype', { module: 'torch', final: true });

/**
 * A torch dtype. `float16` and `bfloat16` are names only: their numbers are kept in float32 and never rounded to half precision.
 * Integers narrower than 64 bits wrap around as in torch.
 */
export class TorchDType extends NativeObject {
  readonly name: string;
  readonly element: ElementType;
  readonly category: Category;
  readonly bits: number;
  readonly unsigned: boolean;
  /** What `Tensor.type()` says: `torch.FloatTensor`. */
  readonly legacy: string;

  constructor(name: string, element: ElementType, category: Category, bits: number, legacy: string) {
    super();
    this.name = name;
    this.element = element;
    this.category = category;
    this.bits = bits;
    this.unsigned = name.startsWith('u');
    this.legacy = legacy;
  }

  override get cls(): PyClass {
    return dtypeClass;
  }

  get isFloating(): boolean {
    return this.category === floating;
  }

  override repr(): string {
    return `torch.${this.name}`;
  }

  override getAttribute(name: string): Value | undefined {
    if (name === 'is_floating_point') return this.isFloating;
    if (name === 'is_complex') return false;
    if (name === 'is_signed') return !this.unsigned && this.category !== boolean;
    if (name === 'itemsize') return this.bits / 8;
    return undefined;
  }
}

export const dtypes = {
  bool: new TorchDType('bool', 'bool', boolean, 8, 'BoolTensor'),
  uint8: new TorchDType('uint8', 'int64', integral, 8, 'ByteTensor'),
  int8: new TorchDType('int8', 'int64', integral, 8, 'CharTensor'),
  int16: new TorchDType('int16', 'int64', integral, 16, 'ShortTensor'),
  int32: new TorchDType('int32', 'int64', integral, 32, 'IntTensor'),
  int64: new TorchDType('int64', 'int64', integral, 64, 'LongTensor'),
  float16: new TorchDType('float16', 'float32', floating, 16, 'HalfTensor'),
  bfloat16: new TorchDType('bfloat16', 'float32', floating, 16, 'BFloat16Tensor'),
  float32: new TorchDType('float32', 'float32', floating, 32, 'FloatTensor'),
  float64: new TorchDType('float64', 'float64', floating, 64, 'DoubleTensor'),
} as const;

/** Other names of the same dtypes under `torch`. */
export const dtypeAliases: Readonly<Record<string, TorchDType>> = {
  half: dtypes.float16,
  float: dtypes.float32,
  double: dtypes.float64,
  short: dtypes.int16,
  int: dtypes.int32,
  long: dtypes.int64,
};

/** The smallest dtype that holds both, as `torch.promote_types`. */
export function promoteTypes(a: TorchDType, b: TorchDType): TorchDType {
  if (a === b) return a;
  if (a.category !== b.category) return a.category > b.category ? a : b;
  if (a.category === floating) {
    if (a.bits === b.bits) return dtypes.float32;
    return a.bits > b.bits ? a : b;
  }
  if (a.unsigned !== b.unsigned) {
    const signed = a.unsigned ? b : a;
    return signed.bits > 8 ? signed : dtypes.int16;
  }
  return a.bits > b.bits ? a : b;
}

/** An operand as promotion sees it. */
export interface Promotable {
  readonly dtype: TorchDType;
  /** Python number, tensor without axes, or tensor with axes: later ones outrank earlier ones of the same category. */
  readonly rank: 'number' | 'scalar' | 'tensor';
}

/** The dtype of an operation's result, as `torch.result_type`. */
export function resultType(operands: Iterable<Promotable>): TorchDType {
  const best: Partial<Record<Promotable['rank'], TorchDType>> = {};
  for (const { dtype, rank } of operands) {
    const held = best[rank];
    best[rank] = held ? promoteTypes(held, dtype) : dtype;
  }
  const lower = combine(best.scalar, best.number);
  return combine(best.tensor, lower) ?? dtypes.float32;
}

function combine(higher: TorchDType | undefined, lower: TorchDType | undefined): TorchDType | undefined {
  if (!higher) return lower;
  if (!lower || higher.category >= lower.category) return higher;
  return promoteTypes(higher, lower);
}
