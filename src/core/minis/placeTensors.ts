import type { Alignment } from '../alignment/alignment.ts';
import type { Step } from '../atlas/schema.ts';
import type { FunctionOutline } from '../python/outline.ts';
import type { Capture, Captures } from '../trace/interpreter/captures.ts';
import type { Value } from '../trace/interpreter/values.ts';

export interface LineRange {
  /** 0-based, inclusive. */
  readonly start: number;
  readonly end: number;
}

/** A step in a run of the function: where it stands and what it left behind, by the pack's names. */
export interface PlacedTensors {
  readonly id: string;
  readonly lines: readonly LineRange[];
  readonly values: readonly { readonly name: string; readonly value: Value }[];
}

/** What a step's `tensors` say of a return statement. */
const RETURN = 'return';

/** A value that a step may have left behind: an assignment, by its place in the run. */
interface Found {
  readonly at: number;
  readonly capture: Capture;
}

/**
 * The values that each step of an entry left behind in the first call of a function. A step that stands on lines gives what these
 * assigned last. Code that says the same otherwise is met half-way: an assignment on nobody's lines belongs to the one step between its
 * neighbours that stands nowhere; a step whose statement became the return statement gives what was returned; of two steps in one
 * statement the later one owns its value. What stays ambiguous is left out: nothing is compared on a guess.
 */
export function placeTensors(
  steps: readonly Step[],
  fn: FunctionOutline,
  alignment: Alignment,
  captures: Captures,
  path: string,
): readonly PlacedTensors[] {
  const all = captures
    .inLines(path, fn.range.start.line, fn.range.end.line, 0)
    .filter(capture => capture.qualname === fn.qualname);
  const linesOf = new Map<string, LineRange[]>(
    alignment.steps.map(step => [
      step.id,
      step.ranges.map(range => ({ start: range.start.line, end: range.end.line })),
    ]),
  );
  const order = new Map(steps.map((step, index) => [step.id, index]));
  const declared = new Set(steps.flatMap(step => step.tensors ?? []));
  const covered = (line: number) =>
    [...linesOf.values()].some(lines => lines.some(({ start, end }) => start <= line && line <= end));
  const ran = (id: string) =>
    (linesOf.get(id) ?? []).some(({ start, end }) =>
      all.some(({ span }) => start <= span.startLine && span.startLine <= end),
    );
  const found = new Map<string, Map<string, Found>>(steps.map(step => [step.id, new Map()]));
  const give = (id: string, name: string, at: number) => {
    found.get(id)!.set(name, { at, capture: all[at]! });
  };

  /** Whether a line follows a step and no other step stands between. */
  const isBehind = (line: number, id: string) => {
    const end = Math.max(
      ...linesOf
        .get(id)!
        .map(range => range.end)
        .filter(it => it < line),
    );
    const starts = [...linesOf].flatMap(([other, lines]) => (other === id ? [] : lines.map(it => it.start)));
    return Number.isFinite(end) && !starts.some(start => end < start && start <= line);
  };

  for (const step of steps) {
    const lines = linesOf.get(step.id);
    if (!lines) continue;
    const inside = (at: number) => {
      const line = all[at]!.span.startLine;
      return lines.some(({ start, end }) => start <= line && line <= end);
    };
    for (const name of step.tensors ?? []) {
      for (const own of ownNames(name, alignment, declared)) {
        const at = all.findLastIndex((capture, index) => capture.name === own && inside(index));
        if (at < 0) continue;
        give(step.id, name, at);
        break;
      }
    }
  }

  // A statement that a later step stands on as well gives that step's value, or one on the way to it.
  for (const [index, step] of steps.entries()) {
    for (const [name, { at, capture }] of found.get(step.id)!) {
      const { startLine } = capture.span;
      const isLater = steps.slice(index + 1).some(later => {
        const stands = linesOf
          .get(later.id)
          ?.some(({ start, end }) => start <= startLine && startLine <= end);
        const own = [...found.get(later.id)!.values()];
        return stands && own.length > 0 && !own.some(it => it.capture.span === capture.span || it.at <= at);
      });
      if (isLater) found.get(step.id)!.delete(name);
    }
  }

  for (const name of declared) {
    if (name === RETURN) continue;
    const own = ownNames(name, alignment, declared);
    const holders = steps
      .filter(step => found.get(step.id)!.has(name))
      .map(step => ({ step, at: found.get(step.id)!.get(name)!.at }))
      .sort((a, b) => a.at - b.at);
    const orphans = all.flatMap((capture, at) =>
      own.includes(capture.name) && !covered(capture.span.startLine) ? [at] : [],
    );
    for (let k = -1; k < holders.length; k++) {
      const [before, after] = [holders[k], holders[k + 1]];
      const between = orphans.filter(at => at > (before?.at ?? -1) && at < (after?.at ?? all.length));
      const last = between.at(-1);
      if (last === undefined) continue;
      const [from, to] = [
        before ? order.get(before.step.id)! : -1,
        after ? order.get(after.step.id)! : steps.length,
      ];
      const homeless = steps.filter(
        (step, index) => index > from && index < to && !ran(step.id) && (step.tensors ?? []).includes(name),
      );
      if (homeless.length === 1) {
        give(homeless[0]!.id, name, last);
        continue;
      }
      // A step of several statements of which one says something else.
      const placed = before && alignment.steps.find(step => step.id === before.step.id);
      if (homeless.length === 0 && before && placed && placed.statements.length < before.step.match.length) {
        give(before.step.id, name, last);
        continue;
      }
      // A step of which another statement stands, or whose call's result is only unpacked in the next one.
      const bereft = steps.filter(
        (step, index) =>
          index > from &&
          index < to &&
          ran(step.id) &&
          (step.tensors ?? []).includes(name) &&
          !found.get(step.id)!.has(name),
      );
      const [only] = bereft;
      const line = all[last]!.span.startLine;
      if (homeless.length === 0 && bereft.length === 1 && only && isBehind(line, only.id)) {
        give(only.id, name, last);
      }
    }
  }

  ownOnce(steps, found);
  const result = new Map<string, { lines: LineRange[]; values: { name: string; value: Value }[] }>();
  for (const step of steps) {
    const own = [...found.get(step.id)!];
    const lines = [...(linesOf.get(step.id) ?? [])];
    for (const [, { capture }] of own) {
      const { startLine, endLine } = capture.span;
      if (!lines.some(({ start, end }) => start <= startLine && startLine <= end)) {
        lines.push({ start: startLine, end: endLine });
      }
    }
    lines.sort((a, b) => a.start - b.start);
    result.set(step.id, {
      lines,
      values: own.map(([name, { capture }]) => ({ name, value: capture.value })),
    });
  }
  giveReturned(steps, fn, captures, result, linesOf, covered);
  return steps.flatMap(step => {
    const { lines, values } = result.get(step.id)!;
    return linesOf.has(step.id) || values.length > 0 ? [{ id: step.id, lines, values }] : [];
  });
}

/** The document's name for a name of the pack, then the pack's own. A rename onto another of the pack's names is none. */
function ownNames(name: string, alignment: Alignment, declared: ReadonlySet<string>): string[] {
  const renamed = alignment.renames.get(name);
  return renamed === undefined || renamed === name || declared.has(renamed) ? [name] : [renamed, name];
}

/** One statement of the document that is two steps: its value is the later one's. */
function ownOnce(steps: readonly Step[], found: ReadonlyMap<string, Map<string, Found>>): void {
  const owners = new Map<string, string>();
  for (const step of steps) {
    for (const [name, { at }] of found.get(step.id)!) {
      const key = `${name}\u0000${at}`;
      const earlier = owners.get(key);
      if (earlier !== undefined) found.get(earlier)!.delete(name);
      owners.set(key, step.id);
    }
  }
}

/** What was returned, for the step that says so or whose statement is the return statement here. */
function giveReturned(
  steps: readonly Step[],
  fn: FunctionOutline,
  captures: Captures,
  result: ReadonlyMap<string, { lines: LineRange[]; values: { name: string; value: Value }[] }>,
  linesOf: ReadonlyMap<string, readonly LineRange[]>,
  covered: (line: number) => boolean,
): void {
  const returned = captures.select(`${fn.qualname}:return`);
  if (returned === undefined) return;
  const returns = fn.statements.filter(statement => statement.kind === 'return');
  const at = (lines: readonly LineRange[]) =>
    returns.some(({ range }) =>
      lines.some(({ start, end }) => start <= range.start.line && range.start.line <= end),
    );
  const asks = (step: Step) => (step.tensors ?? []).includes(RETURN);
  const askers = steps.filter(step => asks(step) && linesOf.has(step.id));
  for (const step of askers) {
    const { values } = result.get(step.id)!;
    if (!values.some(it => it.name === RETURN)) values.push({ name: RETURN, value: returned });
  }
  // Only where there is one way out is it clear which statement gave the value.
  const [only] = returns;
  if (returns.length !== 1 || !only) return;
  const line = { start: only.range.start.line, end: only.range.end.line };
  for (const step of steps) {
    const { values } = result.get(step.id)!;
    const [name, ...more] = step.tensors ?? [];
    const lines = linesOf.get(step.id);
    if (lines && name !== undefined && more.length === 0 && values.length === 0 && at(lines)) {
      values.push({ name, value: returned });
    }
  }
  if (askers.length > 0 || covered(line.start)) return;
  const homeless = steps.filter(step => !linesOf.has(step.id) && (step.tensors ?? []).length === 1);
  const last = homeless.at(-1);
  const isLast = last && steps.indexOf(last) === steps.length - 1;
  if (!last || result.get(last.id)!.values.length > 0 || !(asks(last) || isLast)) return;
  // `return x` gives what another step left behind.
  if (!asks(last) && only.operators.length === 0 && only.calls.length === 0) return;
  result.get(last.id)!.values.push({ name: last.tensors![0]!, value: returned });
  result.get(last.id)!.lines.push(line);
}
