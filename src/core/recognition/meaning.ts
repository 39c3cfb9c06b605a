import { lastSegment } from '../alignment/families.ts';
import type { Signature } from '../atlas/schema.ts';

/**
 * Operations whose presence or absence changes what is computed. Those of one group stand for each other in an
 * edited body: a softmax that became a sigmoid is another equation, however alike the rest.
 */
const GROUPS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  activation: {
    softmax: ['softmax', 'Softmax', 'scaled_dot_product_attention'],
    log_softmax: ['log_softmax', 'LogSoftmax'],
    sigmoid: ['sigmoid', 'Sigmoid', 'sigmoid_'],
    logsigmoid: ['logsigmoid', 'LogSigmoid'],
    tanh: ['tanh', 'Tanh'],
    relu: ['relu', 'ReLU', 'relu_'],
    softplus: ['softplus', 'Softplus'],
  },
  loss: {
    cross_entropy: ['cross_entropy', 'CrossEntropyLoss'],
    mse: ['mse_loss', 'MSELoss'],
    l1: ['l1_loss', 'L1Loss', 'smooth_l1_loss'],
    bce: ['binary_cross_entropy', 'binary_cross_entropy_with_logits', 'BCEWithLogitsLoss', 'BCELoss'],
    kl: ['kl_div', 'KLDivLoss'],
    triplet: ['triplet_margin_loss', 'TripletMarginLoss', 'margin_ranking_loss', 'cosine_embedding_loss'],
  },
  product: {
    matmul: [
      '@',
      'matmul',
      'bmm',
      'mm',
      'einsum',
      'baddbmm',
      'addmm',
      'dot',
      'tensordot',
      'scaled_dot_product_attention',
    ],
    cdist: ['cdist', 'pairwise_distance'],
  },
  joining: {
    cat: ['cat', 'concat', 'concatenate', 'hstack', 'vstack', 'pad_sequence'],
    stack: ['stack'],
  },
  wave: { sin: ['sin', 'sin_'], cos: ['cos', 'cos_'] },
  growth: { exp: ['exp', 'exp_'], log: ['log', 'log_', 'log2', 'log10', 'log1p'] },
  norm: { normalize: ['normalize', 'norm', 'l2norm', 'vector_norm'] },
  arithmetic: {
    plus: ['+', 'add', 'add_'],
    minus: ['-', 'sub', 'sub_'],
  },
  scaling: {
    times: ['*', 'mul', 'mul_'],
    over: ['/', 'div', 'div_', 'true_divide', 'scaled_dot_product_attention'],
  },
};

/** Operations that many harmless edits add or drop: alone they decide nothing, replaced by their group's other they do. */
const WEAK = new Set(['plus', 'minus', 'times', 'over', 'stack', 'exp', 'log']);

interface Operation {
  readonly group: string;
  readonly name: string;
}

const OPERATIONS = new Map<string, Operation[]>();
for (const [group, operations] of Object.entries(GROUPS)) {
  for (const [name, words] of Object.entries(operations)) {
    for (const word of words) OPERATIONS.set(word, [...(OPERATIONS.get(word) ?? []), { group, name }]);
  }
}

/** Meaning-bearing operations by name, with their group. */
export type Meaning = ReadonlyMap<string, string>;

export function meaningOf(calls: Iterable<string>, operators: Iterable<string>): Meaning {
  const meaning = new Map<string, string>();
  for (const word of [...calls, ...operators]) {
    for (const operation of OPERATIONS.get(lastSegment(word)) ?? [])
      meaning.set(operation.name, operation.group);
  }
  return meaning;
}

export function meaningOfSignature(signature: Signature): Meaning {
  return meaningOf(signature.calls ?? [], signature.operators ?? []);
}

export interface MeaningChange {
  /** Operations that upstream's body has and this one has not, though they decide the equation. */
  readonly missing: readonly string[];
  /** Missing ones that another of their group took the place of: `softmax → sigmoid`. */
  readonly replaced: readonly string[];
  /** Deciding operations that upstream's body has not. */
  readonly added: readonly string[];
}

/** @param upstream of the signature @param here of the body on screen */
export function compareMeaning(upstream: Meaning, here: Meaning): MeaningChange {
  const missing: string[] = [];
  const replaced: string[] = [];
  const added: string[] = [];
  for (const name of here.keys()) if (!upstream.has(name) && !WEAK.has(name)) added.push(name);
  for (const [name, group] of upstream) {
    if (here.has(name)) continue;
    const substitute = [...here].find(([other, otherGroup]) => otherGroup === group && !upstream.has(other));
    if (substitute) replaced.push(`${name} → ${substitute[0]}`);
    else if (!WEAK.has(name)) missing.push(name);
  }
  return { missing, replaced, added };
}
