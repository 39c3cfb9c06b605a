import type { Entry, StatementPattern } from '../atlas/schema.ts';
import type { FunctionOutline, StatementOutline } from '../python/outline.ts';
import type { Range } from '../python/position.ts';
import type { Alignment, PlacedDifference, PlacedStep } from './alignment.ts';
import { fitPattern } from './fitPattern.ts';
import { Naming } from './naming.ts';
import { type Placement, placePatterns } from './placePatterns.ts';

/** Places the steps and differences of an entry on the statements of a function. Pure; the same input, the same output. */
export function alignFunction(entry: Entry, fn: FunctionOutline): Alignment {
  const { statements } = fn;
  const patterns: StatementPattern[] = [];
  const stepOf: number[] = [];
  for (const [index, step] of entry.steps.entries()) {
    for (const pattern of step.match) {
      patterns.push(pattern);
      stepOf.push(index);
    }
  }
  let naming = Naming.of(fn, parameterRenames(entry, fn));
  let placements = placePatterns(patterns, statements, naming);
  // A name learnt from one statement lets the next be found, which may tell another name.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const learned = learnRenames(patterns, placements, fn, naming);
    if (learned.size === naming.renames.size) break;
    naming = naming.with(learned);
    placements = placePatterns(patterns, statements, naming);
  }
  const steps: PlacedStep[] = [];
  const unplaced: string[] = [];
  const contradicted: string[] = [];
  for (const [index, step] of entry.steps.entries()) {
    const own = placements.filter((_, at) => stepOf[at] === index);
    const placed =
      placeStep(step.match, own, statements) ?? placeElsewhere(step.match, placements, statements, naming);
    if (placed) steps.push({ id: step.id, equation: step.equation, ...placed });
    else {
      unplaced.push(step.id);
      if (isContradicted(step.match, own, statements, naming)) contradicted.push(step.id);
    }
  }
  return {
    entryId: entry.id,
    steps,
    unplaced,
    contradicted,
    differences: placeDifferences(entry, fn, naming),
    renames: naming.renames,
  };
}

/** How much of an entry's steps a function shows: 0…1, 1 where the entry has none. */
export function coverage(entry: Entry, alignment: Alignment): number {
  if (entry.steps.length === 0) return 1;
  return alignment.steps.reduce((sum, step) => sum + step.confidence, 0) / entry.steps.length;
}

const MAX_ROUNDS = 4;
/** A cast is not any other cast, a clamp not any other limit. */
const MIN_DIFFERENCE_STRUCTURE = 0.95;

/** True where some statement has the shape of a pattern that found no place, but for an operation. */
function isContradicted(
  match: readonly StatementPattern[],
  placements: readonly (Placement | undefined)[],
  statements: readonly StatementOutline[],
  naming: Naming,
): boolean {
  return match.some((pattern, at) => {
    if (placements[at] || pattern.optional) return false;
    return statements.some(statement => {
      const fit = fitPattern(pattern, [statement], naming);
      return fit.contradicted && fit.shape >= 0.9 && fit.naming >= 0.7;
    });
  });
}

type Placed = Pick<PlacedStep, 'ranges' | 'statements' | 'confidence'>;

/** A step stands when at least two thirds of the statements it needs were found. */
function placeStep(
  match: readonly StatementPattern[],
  placements: readonly (Placement | undefined)[],
  statements: readonly StatementOutline[],
): Placed | undefined {
  const indexes = new Set<number>();
  let wanted = 0;
  let found = 0;
  let sum = 0;
  let any = 0;
  for (const [at, pattern] of match.entries()) {
    const placement = placements[at];
    if (!pattern.optional) wanted++;
    if (!placement) continue;
    for (const index of placement.statements) indexes.add(index);
    any++;
    sum += placement.fit.score;
    if (!pattern.optional) found++;
  }
  if (any === 0 || found < (2 / 3) * wanted - 1e-9) return undefined;
  const sorted = [...indexes].sort((a, b) => a - b);
  const share = wanted === 0 ? 1 : found / wanted;
  return { statements: sorted, ranges: groupRanges(sorted, statements), confidence: (sum / any) * share };
}

/** Code in another order than the pack: a step may stand elsewhere if it fits there well and nowhere else nearly so. */
function placeElsewhere(
  match: readonly StatementPattern[],
  taken: readonly (Placement | undefined)[],
  statements: readonly StatementOutline[],
  naming: Naming,
): Placed | undefined {
  const used = new Set(taken.flatMap(placement => placement?.statements ?? []));
  const free = statements.map((statement, index) => ({ statement, index })).filter(it => !used.has(it.index));
  const freeStatements = free.map(it => it.statement);
  const placements = placePatterns(match, freeStatements, naming);
  const placed = placeStep(match, placements, freeStatements);
  if (!placed || placed.confidence < 0.8) return undefined;
  if (placements.some(it => it && (!it.fit.structural || it.fit.structure < 0.9))) return undefined;
  const rest = freeStatements.filter((_, index) => !placed.statements.includes(index));
  const rival = placeStep(match, placePatterns(match, rest, naming), rest);
  if (rival && rival.confidence > placed.confidence - 0.15) return undefined;
  const indexes = placed.statements.map(index => free[index]!.index);
  return { ...placed, statements: indexes, ranges: groupRanges(indexes, statements) };
}

function placeDifferences(entry: Entry, fn: FunctionOutline, naming: Naming): PlacedDifference[] {
  const placed: PlacedDifference[] = [];
  for (const difference of entry.differences ?? []) {
    if (!difference.match?.length) {
      placed.push({ id: difference.id, ranges: [fn.range] });
      continue;
    }
    const placements = placePatterns(difference.match, fn.statements, naming);
    const found = placeStep(difference.match, placements, fn.statements);
    // A difference is about a detail; what is only like it is another detail.
    if (placements.some(it => it && it.fit.structure < MIN_DIFFERENCE_STRUCTURE)) continue;
    if (found) placed.push({ id: difference.id, ranges: found.ranges });
  }
  return placed;
}

/** One range per run of neighbouring statements. */
function groupRanges(indexes: readonly number[], statements: readonly StatementOutline[]): Range[] {
  const ranges: Range[] = [];
  let previous = -2;
  for (const index of indexes) {
    const { range } = statements[index]!;
    const last = ranges[ranges.length - 1];
    if (last && index === previous + 1) ranges[ranges.length - 1] = { start: last.start, end: range.end };
    else ranges.push(range);
    previous = index;
  }
  return ranges;
}

/** Parameters that stand in the same place under another name. */
function parameterRenames(entry: Entry, fn: FunctionOutline): Map<string, string> {
  const renames = new Map<string, string>();
  const wanted = entry.signature?.parameters.filter(name => !isReceiver(name)) ?? [];
  const seen = fn.parameters.map(parameter => parameter.name).filter(name => !isReceiver(name));
  if (seen.length < wanted.length) return renames;
  for (const [index, name] of wanted.entries()) {
    const other = seen[index]!;
    if (name !== other && !seen.includes(name) && !wanted.includes(other)) renames.set(name, other);
  }
  return renames;
}

const isReceiver = (name: string) => name === 'self' || name === 'cls';

/** Locals that hold the same under another name, read off statements that fit in all but the name. */
function learnRenames(
  patterns: readonly StatementPattern[],
  placements: readonly (Placement | undefined)[],
  fn: FunctionOutline,
  known: Naming,
): Map<string, string> {
  /** Votes of placements, by the pack's name and the document's. */
  const votes = new Map<string, { ours: string; theirs: string; weight: number }>();
  const learn = (ours: string, theirs: string, weight: number) => {
    if (ours === theirs || known.renames.has(ours) || known.isUsed(ours)) return;
    const key = `${ours} ${theirs}`;
    const vote = votes.get(key);
    if (vote) vote.weight += weight;
    else votes.set(key, { ours, theirs, weight });
  };
  for (const [at, pattern] of patterns.entries()) {
    const placement = placements[at];
    if (!placement || placement.fit.structure < 0.7) continue;
    const weight = placement.fit.score * (placement.fit.distinctive ? 1 : 0.5);
    const statements = placement.statements.map(index => fn.statements[index]!);
    const last = statements[statements.length - 1]!;
    if (pattern.targets?.length === last.targets.length) {
      for (const [index, target] of pattern.targets.entries()) learn(target, last.targets[index]!, weight);
    }
    // What is left over on both sides goes together where there is one of each.
    for (const [wanted, seen] of [
      [pattern.calls, statements.flatMap(it => it.calls)],
      [pattern.names, statements.flatMap(it => it.names)],
    ] as const) {
      const foreign = (wanted ?? []).filter(name => known.isForeign(name));
      const strangers = new Set(
        seen
          .filter(name => known.isStranger(name) && !wanted?.some(other => known.isSame(other, name)))
          .map(name => name.split('.')[0]!),
      );
      const [ours] = foreign;
      const [theirs] = strangers;
      if (foreign.length === 1 && strangers.size === 1 && ours && theirs) learn(ours, theirs, weight);
    }
  }
  // The names that most placements agree on, each used once.
  const renames = new Map(known.renames);
  const taken = new Set(renames.values());
  for (const { ours, theirs } of [...votes.values()].sort((a, b) => b.weight - a.weight)) {
    if (renames.has(ours) || taken.has(theirs)) continue;
    renames.set(ours, theirs);
    taken.add(theirs);
  }
  return renames;
}
