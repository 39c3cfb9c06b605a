import type { StatementPattern } from '../atlas/schema.ts';
import type { StatementOutline } from '../python/outline.ts';
import { isDecisive, substituteFor } from './decisive.ts';
import { bestKinship, kinship, lastSegment } from './families.ts';
import { isLiteral, literalValue } from './literals.ts';
import type { Naming } from './naming.ts';

/** What counts how much: what is computed above all, what it is called least. Attributes of `self` are hardly ever renamed. */
const WEIGHT = {
  calls: 3,
  operators: 2,
  literals: 2,
  keywords: 1,
  targets: 1.5,
  names: 1,
  attributes: 1.5,
  kind: 1,
} as const;

/** A local that may be what the pack calls by another name counts as this much of it. */
const STRANGER = { calls: 0.75, targets: 0.5, names: 0.4 } as const;

/** How much of what a pattern asks for stands in these statements taken together. */
export interface Fit {
  /** 0…1 over all features. */
  readonly score: number;
  /** 0…1 over calls, operators, literals and attributes of self: what a rename of locals cannot change. 1 where the pattern has none. */
  readonly structure: number;
  /** True where the pattern says anything about structure. */
  readonly structural: boolean;
  /** True where that says more than an operator or a number would. */
  readonly distinctive: boolean;
  /** 0…1 over targets and names. 1 where the pattern has none. */
  readonly naming: number;
  /**
   * True where a wanted operation is not there and another stands in its place: `a - b` for `a + b`, a sigmoid for a softmax.
   * Such a statement is another one, however alike.
   */
  readonly contradicted: boolean;
  /** `structure` as it would be with what stands in place of the wanted operations counted as these. */
  readonly shape: number;
}

/** @param statements one, or several that may together be what the pattern has as one */
export function fitPattern(
  pattern: StatementPattern,
  statements: readonly StatementOutline[],
  naming: Naming,
): Fit {
  const calls = gather(statements, 'calls');
  const operators = gather(statements, 'operators');
  const literals = gather(statements, 'literals');
  const keywords = gather(statements, 'keywords');
  let structureWeight = 0;
  let structureHit = 0;
  let shapeHit = 0;
  const unmet: string[] = [];
  /** A detail of another kind: a number, an axis, a switch, the order of what is joined. */
  let otherDetail = false;
  const countOperation = (operation: string, weight: number) => {
    const kinship = bestKinship(operation, calls, operators);
    structureWeight += weight;
    structureHit += weight * kinship;
    shapeHit += weight * kinship;
    if (kinship === 0 && isDecisive(operation)) {
      unmet.push(operation);
      if (substituteFor(operation, calls, operators)) shapeHit += weight;
    }
  };
  const localCalls = calls.filter(call => naming.isStranger(call));
  const countMet = (credit: number) => {
    structureWeight += WEIGHT.calls;
    structureHit += WEIGHT.calls * credit;
    shapeHit += WEIGHT.calls * credit;
  };
  for (const call of pattern.calls ?? []) {
    const renamed = naming.renames.get(lastSegment(call));
    if (renamed !== undefined && calls.includes(renamed)) countMet(1);
    else if (renamed === undefined && naming.isForeign(lastSegment(call)) && localCalls.length > 0) {
      countMet(STRANGER.calls);
    } else countOperation(call, WEIGHT.calls);
  }
  for (const operator of pattern.operators ?? []) countOperation(operator, WEIGHT.operators);
  for (const literal of pattern.literals ?? []) {
    structureWeight += WEIGHT.literals;
    if (!literals.some(written => isLiteral(literal, written))) {
      if (isOtherFactor(literal, literals, operators)) {
        otherDetail = true;
        shapeHit += WEIGHT.literals;
      }
      continue;
    }
    structureHit += WEIGHT.literals;
    shapeHit += WEIGHT.literals;
  }
  const names = gather(statements, 'names');
  const attributes = pattern.names?.filter(name => name.startsWith('self.')) ?? [];
  for (const attribute of attributes) {
    structureWeight += WEIGHT.attributes;
    if (!names.some(seen => naming.isSame(attribute, seen))) continue;
    structureHit += WEIGHT.attributes;
    shapeHit += WEIGHT.attributes;
  }
  let weight = structureWeight;
  let hit = structureHit;
  for (const keyword of pattern.keywords ?? []) {
    weight += WEIGHT.keywords;
    if (keywords.includes(keyword)) hit += WEIGHT.keywords;
    else if (keyword.includes('=') && keywords.some(seen => seen.startsWith(keyword.replace(/=.*/, '=')))) {
      otherDetail = true;
    }
  }
  let namingWeight = 0;
  let namingHit = 0;
  const targets = gather(statements, 'targets');
  for (const target of pattern.targets ?? []) {
    namingWeight += WEIGHT.targets;
    if (targets.some(seen => naming.isSame(target, seen))) namingHit += WEIGHT.targets;
    else if (naming.isForeign(target) && targets.some(seen => naming.isStranger(seen))) {
      namingHit += WEIGHT.targets * STRANGER.targets;
    }
  }
  for (const name of pattern.names ?? []) {
    if (name.startsWith('self.')) continue;
    namingWeight += WEIGHT.names;
    if (names.some(seen => naming.isSame(name, seen))) namingHit += WEIGHT.names;
    else if (naming.isForeign(name) && names.some(seen => naming.isStranger(seen))) {
      namingHit += WEIGHT.names * STRANGER.names;
    }
  }
  weight += namingWeight;
  hit += namingHit;
  if (pattern.kind) {
    weight += WEIGHT.kind;
    hit += WEIGHT.kind * kindFit(pattern.kind, statements);
  }
  return {
    score: weight === 0 ? 0 : hit / weight,
    structure: structureWeight === 0 ? 1 : structureHit / structureWeight,
    structural: structureWeight > 0,
    distinctive: (pattern.calls?.length ?? 0) + attributes.length > 0,
    naming: namingWeight === 0 ? 1 : namingHit / namingWeight,
    contradicted:
      otherDetail ||
      isJoinedOtherwise(pattern, calls, names, naming) ||
      unmet.some(operation => substituteFor(operation, calls, operators)),
    shape: structureWeight === 0 ? 1 : shapeHit / structureWeight,
  };
}

/** True where what a pattern joins is joined in another order: `cat([k, text])` for `cat([text, k])`, sines before cosines. */
function isJoinedOtherwise(
  pattern: StatementPattern,
  calls: readonly string[],
  names: readonly string[],
  naming: Naming,
): boolean {
  if (!pattern.calls?.some(call => kinship('cat', lastSegment(call)) === 1)) return false;
  const places = (pattern.names ?? []).map(wanted => names.findIndex(seen => naming.isSame(wanted, seen)));
  const waves = pattern.calls.filter(call => call === 'sin' || call === 'cos');
  const wavePlaces = waves.map(wave => calls.findIndex(call => lastSegment(call) === wave));
  return isOutOfOrder(places) || isOutOfOrder(wavePlaces);
}

const isOutOfOrder = (places: readonly number[]) =>
  !places.includes(-1) && places.some((place, index) => index > 0 && place < places[index - 1]!);

/** Operators beside which a number is part of the equation. */
const FACTOR_OPERATORS = ['+', '-', '*', '/', '**'];
/** Numbers that axes, slices and counts are full of. */
const COMMON_NUMBERS = new Set([-2, -1, 0, 1]);

/** True where a statement that reckons has another number in place of the wanted one: `(a + b) / 6` for `(a + b) / 2`. */
function isOtherFactor(
  wanted: string | number,
  written: readonly string[],
  operators: readonly string[],
): boolean {
  const value = typeof wanted === 'number' ? wanted : Number(wanted);
  if (wanted === '' || Number.isNaN(value) || !operators.some(it => FACTOR_OPERATORS.includes(it)))
    return false;
  return written.map(literalValue).some(it => typeof it === 'number' && !COMMON_NUMBERS.has(it));
}

function gather(
  statements: readonly StatementOutline[],
  field: 'targets' | 'names' | 'calls' | 'operators' | 'literals' | 'keywords',
): readonly string[] {
  return statements.length === 1 ? statements[0]![field] : statements.flatMap(statement => statement[field]);
}

/** A value that is returned at once may elsewhere be assigned first, and the other way round. */
const VALUE_KINDS = new Set(['assign', 'augmented', 'return', 'expression']);

function kindFit(kind: string, statements: readonly StatementOutline[]): number {
  let best = 0;
  for (const statement of statements) {
    if (statement.kind === kind || (kind === 'if' && statement.kind === 'elif')) return 1;
    if (VALUE_KINDS.has(kind) && VALUE_KINDS.has(statement.kind)) best = 0.4;
    if (kind === 'if' && statement.operators.includes('if-else')) best = 0.7;
  }
  return best;
}
