import type { StatementPattern } from '../atlas/schema.ts';
import type { StatementOutline } from '../python/outline.ts';
import { type Fit, fitPattern } from './fitPattern.ts';
import type { Naming } from './naming.ts';

/** The statements that were found for one pattern. */
export interface Placement {
  /** Indexes of statements, ascending. More than one where the document splits what the pattern has as one. */
  readonly statements: readonly number[];
  readonly fit: Fit;
}

/** A stretch of statements that might be meant by one pattern. */
interface Candidate extends Placement {
  readonly value: number;
}

const REUSE_COST = 0.08;
const SPLIT_COST = 0.06;

/**
 * Finds statements for patterns so that their order is kept and the sum of fits is largest. Patterns that nothing
 * fits well enough come out undefined. One statement may serve several patterns in a row (merged statements), and one
 * pattern may take up to three statements that feed each other (split statements).
 */
export function placePatterns(
  patterns: readonly StatementPattern[],
  statements: readonly StatementOutline[],
  naming: Naming,
): (Placement | undefined)[] {
  const n = statements.length;
  const flows = dataFlow(statements);
  const candidates = patterns.map(pattern => candidatesFor(pattern, statements, flows, naming));
  // best[p][e + 1]: the best sum after p patterns when the last statement used is e (-1: none yet).
  const best: Float64Array[] = [new Float64Array(n + 1).fill(Number.NEGATIVE_INFINITY)];
  best[0]![0] = 0;
  const chosen: ({ candidate: Candidate; from: number } | undefined)[][] = [];
  for (let p = 0; p < patterns.length; p++) {
    const before = best[p]!;
    const after = Float64Array.from(before);
    const choice: ({ candidate: Candidate; from: number } | undefined)[] = new Array(n + 1).fill(undefined);
    // bestUpTo[e]: which earlier end, at most e, has the largest sum.
    const bestUpTo = new Int32Array(n + 1);
    for (let e = 1; e <= n; e++) bestUpTo[e] = before[e]! > before[bestUpTo[e - 1]!]! ? e : bestUpTo[e - 1]!;
    for (const candidate of candidates[p]!) {
      const first = candidate.statements[0]!;
      const end = candidate.statements[candidate.statements.length - 1]! + 1;
      // Ends are shifted by one: the end before statement `first` is `first`, sharing it is `first + 1`.
      const apart = bestUpTo[first]!;
      let from = apart;
      let total = before[apart]! + candidate.value;
      const shared = before[first + 1]! + candidate.value - REUSE_COST;
      if (shared > total) {
        from = first + 1;
        total = shared;
      }
      if (total > after[end]! + 1e-9) {
        after[end] = total;
        choice[end] = { candidate, from };
      }
    }
    best.push(after);
    chosen.push(choice);
  }
  let end = 0;
  const last = best[patterns.length]!;
  for (let e = 1; e <= n; e++) if (last[e]! > last[end]! + 1e-9) end = e;
  const placements: (Placement | undefined)[] = new Array(patterns.length).fill(undefined);
  for (let p = patterns.length - 1; p >= 0; p--) {
    const choice = chosen[p]![end];
    if (!choice) continue;
    placements[p] = { statements: choice.candidate.statements, fit: choice.candidate.fit };
    end = choice.from;
  }
  return placements;
}

/** Whether a fit is good enough to be said. */
export function isAccepted(fit: Fit): boolean {
  if (fit.contradicted) return false;
  if (!fit.structural) return fit.score >= 0.75;
  return fit.structure >= 0.66 && fit.score >= (fit.distinctive && fit.structure >= 0.95 ? 0.45 : 0.55);
}

function candidatesFor(
  pattern: StatementPattern,
  statements: readonly StatementOutline[],
  flows: readonly (readonly number[])[],
  naming: Naming,
): Candidate[] {
  const found: Candidate[] = [];
  const consider = (indexes: readonly number[], parts: number): Fit => {
    const fit = fitPattern(
      pattern,
      indexes.map(index => statements[index]!),
      naming,
    );
    if (isAccepted(fit)) {
      const value = fit.score + 0.05 * precision(pattern, indexes, statements) - SPLIT_COST * (parts - 1);
      found.push({ statements: indexes, fit, value });
    }
    return fit;
  };
  for (let i = 0; i < statements.length; i++) {
    if (!wantsKind(pattern, statements[i]!)) continue;
    const single = consider([i], 1);
    if (!single.structural || single.structure >= 1 || single.structure === 0) continue;
    for (const j of flows[i]!) {
      const pair = fitPattern(pattern, [statements[i]!, statements[j]!], naming);
      const alone = fitPattern(pattern, [statements[j]!], naming);
      // A second statement belongs to it only when either lacks something that the other has.
      if (pair.structure <= single.structure || pair.structure <= alone.structure) continue;
      consider([i, j], 2);
      for (const k of flows[j]!) {
        const triple = fitPattern(pattern, [statements[i]!, statements[j]!, statements[k]!], naming);
        if (triple.structure > pair.structure) consider([i, j, k], 3);
      }
    }
  }
  return found;
}

/** Headers are never meant by patterns for values, nor the other way round. */
function wantsKind(pattern: StatementPattern, statement: StatementOutline): boolean {
  const compound = COMPOUND.has(statement.kind);
  switch (pattern.kind) {
    case undefined:
      return true;
    case 'if':
      return statement.kind === 'if' || statement.kind === 'elif' || statement.operators.includes('if-else');
    case 'for':
    case 'while':
      return statement.kind === 'for' || statement.kind === 'while';
    case 'with':
      return statement.kind === 'with';
    case 'assert':
      return statement.kind === 'assert';
    default:
      return !compound && statement.kind !== 'assert' && statement.kind !== 'import';
  }
}

const COMPOUND = new Set(['if', 'elif', 'else', 'for', 'while', 'with', 'try', 'except', 'finally']);

/** For every statement the next few (at most four further on) that read what it assigns. */
function dataFlow(statements: readonly StatementOutline[]): number[][] {
  return statements.map((statement, i) => {
    const next: number[] = [];
    if (statement.targets.length === 0) return next;
    for (let j = i + 1; j < Math.min(i + 5, statements.length); j++) {
      const reader = statements[j]!;
      const reads = statement.targets.some(target =>
        reader.names.some(name => name === target || name.startsWith(`${target}.`)),
      );
      if (reads) next.push(j);
    }
    return next;
  });
}

/** How much of what the statements do is what the pattern asks for: between equal fits, the plainer one wins. */
function precision(
  pattern: StatementPattern,
  indexes: readonly number[],
  statements: readonly StatementOutline[],
): number {
  let features = 0;
  for (const index of indexes) {
    const statement = statements[index]!;
    features += statement.calls.length + statement.operators.length;
  }
  const wanted = (pattern.calls?.length ?? 0) + (pattern.operators?.length ?? 0);
  return features === 0 ? 1 : Math.min(1, (wanted + 1) / (features + 1));
}
