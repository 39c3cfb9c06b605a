/**
 * Operations that compute the same in other words. A pattern that names one member is met by another, at the price
 * beside it: 1 where the mathematics is the same, less where only the manner is (reshaping, splitting).
 * Operators are members like callees: `@` is a matrix product.
 */
interface Family {
  readonly members: readonly string[];
  readonly credit: number;
}

const FAMILIES: readonly Family[] = [
  {
    members: ['@', 'matmul', 'bmm', 'mm', 'einsum', 'baddbmm', 'addmm', 'mv', 'dot', 'tensordot'],
    credit: 0.9,
  },
  { members: ['cat', 'concat', 'concatenate'], credit: 1 },
  { members: ['+', 'add', 'add_'], credit: 1 },
  { members: ['-', 'sub', 'sub_', 'subtract'], credit: 1 },
  { members: ['*', 'mul', 'mul_', 'multiply'], credit: 1 },
  { members: ['/', 'div', 'div_', 'divide', 'true_divide', 'truediv'], credit: 1 },
  { members: ['**', 'pow', 'square', 'pow_'], credit: 0.9 },
  { members: ['view', 'reshape', 'flatten', 'unflatten', 'rearrange', 'view_as', 'reshape_as'], credit: 0.8 },
  {
    members: ['permute', 'transpose', 'swapaxes', 'swapdims', 'movedim', 'moveaxis', 't', 'rearrange'],
    credit: 0.8,
  },
  { members: ['split', 'chunk', 'unbind', 'tensor_split'], credit: 0.4 },
  { members: ['softmax', 'Softmax', 'softmax_'], credit: 1 },
  { members: ['log_softmax', 'LogSoftmax'], credit: 1 },
  { members: ['sigmoid', 'Sigmoid', 'sigmoid_', 'expit'], credit: 1 },
  { members: ['normalize', 'norm', 'l2norm', 'vector_norm'], credit: 0.7 },
  { members: ['cross_entropy', 'CrossEntropyLoss'], credit: 1 },
  { members: ['mse_loss', 'MSELoss'], credit: 1 },
  { members: ['expand', 'repeat', 'tile', 'expand_as', 'broadcast_to', 'repeat_interleave'], credit: 0.8 },
  { members: ['unsqueeze', 'expand_dims'], credit: 0.9 },
  { members: ['to', 'type', 'type_as', 'float', 'half', 'double', 'bfloat16'], credit: 0.7 },
  { members: ['exp', 'exp_'], credit: 1 },
  { members: ['clamp', 'clamp_', 'clip', 'clamp_min', 'clamp_max'], credit: 0.9 },
  { members: ['masked_fill', 'masked_fill_', 'where'], credit: 0.7 },
];

const familiesOf = new Map<string, Set<number>>();
for (const [index, family] of FAMILIES.entries()) {
  for (const member of family.members) {
    const known = familiesOf.get(member) ?? new Set<number>();
    known.add(index);
    familiesOf.set(member, known);
  }
}

/** 1 for the same operation, a family's credit for a kindred one, else 0. */
export function kinship(wanted: string, seen: string): number {
  if (wanted === seen || isPrivateTwin(wanted, seen)) return 1;
  const families = familiesOf.get(wanted);
  if (!families) return 0;
  let credit = 0;
  for (const index of families) {
    if (familiesOf.get(seen)?.has(index)) credit = Math.max(credit, FAMILIES[index]!.credit);
  }
  return credit;
}

/** `_encode_image` does the work of `encode_image`: moving a method behind an underscore changes nothing. */
function isPrivateTwin(a: string, b: string): boolean {
  return a.length + 1 === b.length ? `_${a}` === b : b.length + 1 === a.length && `_${b}` === a;
}

/** True for operations that are known by name, so that no local can be meant. */
export function familyMember(name: string): boolean {
  return familiesOf.has(name);
}

/** The last segment of a dotted name. */
export function lastSegment(dotted: string): string {
  return dotted.slice(dotted.lastIndexOf('.') + 1);
}

/** The best kinship of a wanted operation among callees (by last segment) and operators. */
export function bestKinship(wanted: string, calls: readonly string[], operators: readonly string[]): number {
  const name = lastSegment(wanted);
  let best = 0;
  for (const call of calls) {
    best = Math.max(best, kinship(name, lastSegment(call)));
    if (best === 1) return 1;
  }
  for (const operator of operators) {
    best = Math.max(best, kinship(name, operator));
    if (best === 1) return 1;
  }
  return best;
}
