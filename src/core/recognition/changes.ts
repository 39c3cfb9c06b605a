import type { Alignment } from '../alignment/alignment.ts';
import { lastSegment } from '../alignment/families.ts';
import type { FunctionOutline, StatementOutline } from '../python/outline.ts';

/** Calls that carry a value on unchanged as far as an equation goes: casts, shapes, copies, checks. */
const CARRIERS = new Set(
  (
    'to type type_as float half double bfloat16 long int bool cpu cuda contiguous clone detach requires_grad_ ' +
    'view reshape view_as reshape_as flatten unflatten permute transpose swapaxes movedim t squeeze unsqueeze expand ' +
    'checkpoint expand_as rearrange size dim numel len shape getattr hasattr isinstance type list tuple dict set zip range enumerate ' +
    'zeros zeros_like new_zeros ones ones_like new_ones arange get pop items keys values append copy deepcopy str print debug info warning warn record_function is_tensor'
  ).split(' '),
);

/** Operators that compute; comparing, choosing and indexing are left to other rules. */
const ARITHMETIC = new Set(['+', '-', '*', '/', '**', '@']);

/** Calls in whose arguments a product counts elements: `x.reshape(b * heads, -1)`. */
const SHAPING = new Set(['view', 'reshape', 'unflatten', 'expand', 'repeat']);

/** What a statement computes beyond carrying values on: last segments of callees, and operators. */
function operationsOf(statement: StatementOutline): string[] {
  const calls = statement.calls.map(lastSegment).filter(call => !CARRIERS.has(call) && !/drop/i.test(call));
  const shaping = statement.calls.some(call => SHAPING.has(lastSegment(call)));
  const operators = statement.operators.filter(it => ARITHMETIC.has(it) && !(it === '*' && shaping));
  return [...calls, ...operators];
}

/** An operation that stands between the steps of an entry, or that lets another input in. */
export interface Change {
  readonly operation: string;
  /** The names that the statement reads: a variant that names one of them has named the change. */
  readonly names: readonly string[];
}

/**
 * Statements that are no step but rewrite a value on its way from one step to the next (`scores = scores + mask`,
 * `features = self.mix(features)`): the equation does not say what they do.
 */
export function interposed(fn: FunctionOutline, alignment: Alignment): Change[] {
  const { statements } = fn;
  const placed = new Set(alignment.steps.flatMap(step => step.statements));
  const changes: Change[] = [];
  for (const [at, statement] of statements.entries()) {
    if (placed.has(at) || (statement.kind !== 'assign' && statement.kind !== 'augmented')) continue;
    const rewrites = statement.targets.some(
      target =>
        (statement.kind === 'augmented' || reads(statement, target)) &&
        comesFromStep(target, at, statements, placed) &&
        goesIntoStep(target, at, statements, placed),
    );
    if (!rewrites) continue;
    for (const operation of operationsOf(statement)) changes.push({ operation, names: statement.names });
  }
  return changes;
}

/** Calls that upstream has not and that take a parameter which upstream has not: another input comes in. */
export function foreignInputs(
  fn: FunctionOutline,
  extra: ReadonlySet<string>,
  known: (call: string) => boolean,
): Change[] {
  if (extra.size === 0) return [];
  const changes: Change[] = [];
  for (const statement of fn.statements) {
    if (statement.kind === 'assert' || statement.kind === 'raise') continue;
    if (!statement.names.some(name => extra.has(name.split('.')[0]!))) continue;
    for (const call of statement.calls.map(lastSegment)) {
      if (!CARRIERS.has(call) && !known(call)) changes.push({ operation: call, names: statement.names });
    }
  }
  return changes;
}

/**
 * True where the body stops before its result, as one that was cut off does: it returns nothing, or the last step assigns a
 * local that nothing reads any more.
 *
 * @param gives the function has a result, as every `forward` has
 */
export function endsNowhere(fn: FunctionOutline, alignment: Alignment, gives: boolean): boolean {
  if (alignment.steps.length > 0) {
    const returns = fn.statements.filter(it => it.kind === 'return');
    if ((gives || returns.length > 0) && returns.every(it => it.names.length + it.calls.length === 0))
      return true;
  }
  const last = Math.max(-1, ...alignment.steps.flatMap(step => step.statements));
  const statement = fn.statements[last];
  if (statement?.kind !== 'assign' && statement?.kind !== 'augmented') return false;
  const { targets, depth } = statement;
  if (targets.length === 0 || targets.some(target => target.includes('.'))) return false;
  const later = fn.statements.slice(last + 1);
  // What a parameter or a name from before refers to may be changed in place; inside a loop an earlier line may read it.
  if (targets.some(target => fn.parameters.some(it => it.name === target)) && later.length === 0 && depth > 0)
    return false;
  return !targets.some(target => later.some(it => reads(it, target)));
}

const reads = (statement: StatementOutline, name: string) =>
  statement.names.some(seen => seen === name || seen.startsWith(`${name}.`));

function comesFromStep(
  name: string,
  at: number,
  statements: readonly StatementOutline[],
  placed: ReadonlySet<number>,
): boolean {
  for (let i = at - 1; i >= 0; i--) if (placed.has(i) && statements[i]!.targets.includes(name)) return true;
  return false;
}

function goesIntoStep(
  name: string,
  at: number,
  statements: readonly StatementOutline[],
  placed: ReadonlySet<number>,
): boolean {
  for (let i = at + 1; i < statements.length; i++) {
    if (reads(statements[i]!, name) && placed.has(i)) return true;
    // Given anew, it is another value under the same name.
    if (statements[i]!.targets.includes(name) && !reads(statements[i]!, name)) return false;
  }
  return false;
}
