import { lastSegment } from './families.ts';

/** Operations of one kind, of which each makes another equation. */
const KINDS: readonly (readonly string[])[] = [
  ['+', '-', '*', '/', '**', '@', '//', '%', 'add', 'sub', 'mul', 'div', 'matmul', 'bmm', 'einsum', 'cdist'],
  [
    'softmax',
    'log_softmax',
    'sigmoid',
    'logsigmoid',
    'tanh',
    'relu',
    'gelu',
    'silu',
    'softplus',
    'Softmax',
    'Sigmoid',
    'Tanh',
    'ReLU',
    'normalize',
  ],
  [
    'cross_entropy',
    'mse_loss',
    'l1_loss',
    'smooth_l1_loss',
    'binary_cross_entropy',
    'binary_cross_entropy_with_logits',
    'kl_div',
    'nll_loss',
    'triplet_margin_loss',
  ],
  ['cat', 'concat', 'concatenate', 'stack'],
  ['sin', 'cos'],
  ['exp', 'log', 'sqrt', 'rsqrt'],
  [
    'mean',
    'sum',
    'prod',
    'amax',
    'amin',
    'max',
    'min',
    'argmax',
    'argmin',
    'logsumexp',
    'std',
    'var',
    'median',
  ],
  ['<', '>', '<=', '>=', '==', '!='],
];

const kindOf = new Map<string, readonly string[]>();
for (const kind of KINDS) for (const operation of kind) kindOf.set(operation, kind);

/** True for operations that cannot be exchanged for another of their kind. */
export function isDecisive(operation: string): boolean {
  return kindOf.has(lastSegment(operation));
}

/**
 * What stands in a statement where a wanted operation is missed: another of its kind. One that is wanted too may now
 * stand twice: in `a * m - b * (1 - m)` the difference took the place of the sum.
 */
export function substituteFor(
  operation: string,
  calls: readonly string[],
  operators: readonly string[],
): string | undefined {
  const kind = kindOf.get(lastSegment(operation));
  return kind && [...calls.map(lastSegment), ...operators].find(seen => kind.includes(seen));
}
