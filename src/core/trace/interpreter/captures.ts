/**
 * What a run remembers: for every call of a function in the reader's, the mini's or the driver's files, the value that each
 * statement assigned and what was returned; for every call of an instance (`nn.Module`s above all), its result. Only
 * references are kept: a tensor gives a handle on its current immutable value (`NativeObject.snapshot`).
 */
import type { Expression } from './ast.ts';
import type { Span } from './errors.ts';
import { Cell, type Code } from './frame.ts';
import { NativeObject, PyDict, type PyInstance, PyList, PyTuple, type Value } from './values.ts';

interface Located {
  readonly start: number;
  readonly end: number;
}

/** One call of one function. */
export class CallRecord {
  readonly code: Code;
  /** Which call of this function in the run, from 0. */
  readonly instance: number;
  readonly parent: CallRecord | null;
  /** Arguments as they came in, by slot. */
  readonly parameters: readonly (Value | undefined)[];
  readonly statements: Located[] = [];
  readonly targets: (readonly Expression[])[] = [];
  readonly values: Value[] = [];
  returned: Value | undefined;

  constructor(
    code: Code,
    instance: number,
    parent: CallRecord | null,
    parameters: readonly (Value | undefined)[],
  ) {
    this.code = code;
    this.instance = instance;
    this.parent = parent;
    this.parameters = parameters;
  }
}

/** Collects; `Captures` answers questions. */
export class Recorder {
  readonly calls: CallRecord[] = [];
  readonly byCode = new Map<Code, CallRecord[]>();
  readonly moduleCalls: { readonly instance: PyInstance; readonly result: Value }[] = [];
  private room: number;

  /** @param room how many values are kept at most; later ones are dropped, not the run */
  constructor(room = 400_000) {
    this.room = room;
  }

  enter(code: Code, parent: CallRecord | null, vars: readonly unknown[]): CallRecord | null {
    if (this.room <= 0) return null;
    this.room--;
    let list = this.byCode.get(code);
    if (!list) {
      list = [];
      this.byCode.set(code, list);
    }
    const count =
      code.positional.length + code.keywordOnly.length + (code.star ? 1 : 0) + (code.doubleStar ? 1 : 0);
    const parameters: (Value | undefined)[] = [];
    for (let i = 0; i < count; i++) parameters.push(snapshot(unwrap(vars[i])));
    const record = new CallRecord(code, list.length, parent, parameters);
    list.push(record);
    this.calls.push(record);
    return record;
  }

  assign(record: CallRecord, statement: Located, targets: readonly Expression[], value: Value): void {
    if (this.room-- <= 0) return;
    record.statements.push(statement);
    record.targets.push(targets);
    record.values.push(snapshot(value)!);
  }

  called(instance: PyInstance, result: Value): void {
    if (this.room-- <= 0) return;
    this.moduleCalls.push({ instance, result: snapshot(result)! });
  }
}

function unwrap(value: unknown): Value | undefined {
  // A parameter that nested functions share sits in a cell.
  return value instanceof Cell ? value.value : (value as Value | undefined);
}

/** The value as it is now; containers of up to 64 items are copied, two levels deep. */
export function snapshot(value: Value | undefined, depth = 2): Value | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof NativeObject) return value.snapshot();
  if (depth === 0) return value;
  if (value instanceof PyTuple && value.items.length <= 64) {
    return new PyTuple(
      value.items.map(item => snapshot(item, depth - 1)!),
      value.cls,
    );
  }
  if (value instanceof PyList && value.items.length <= 64) {
    return new PyList(value.items.map(item => snapshot(item, depth - 1)!));
  }
  if (value instanceof PyDict && value.size <= 64) {
    const copy = new PyDict();
    copy.cls = value.cls;
    for (const [hash, entry] of value.entries) {
      copy.entries.set(hash, { key: entry.key, value: snapshot(entry.value, depth - 1)! });
    }
    return copy;
  }
  return value;
}

/** One assigned value, with its place. */
export interface Capture {
  readonly span: Span;
  readonly qualname: string;
  readonly instance: number;
  /** `x`, `self.scale`; empty for an expression statement. */
  readonly name: string;
  readonly value: Value;
}

/** Answers questions about a finished run. */
export class Captures {
  private readonly recorder: Recorder;
  private readonly paths: () => ReadonlyMap<PyInstance, string>;

  /** @param paths dotted module path of every submodule of the model, worked out when first asked for */
  constructor(recorder: Recorder, paths: () => ReadonlyMap<PyInstance, string>) {
    this.recorder = recorder;
    let known: ReadonlyMap<PyInstance, string> | undefined;
    this.paths = () => {
      known ??= paths();
      return known;
    };
  }

  /**
   * The value that a selector names, `undefined` when nothing fits:
   * `Qualname:variable`, `Qualname:variable#k`, `Qualname@n:variable`, `Qualname:return`, `module:path`, `module:path@n`.
   * Without `@n` the first call counts, without `#k` the last assignment or change in place (`x.clamp_(0)` as a statement,
   * which `#k` does not count); a parameter that is never assigned gives the argument.
   */
  select(selector: string): Value | undefined {
    const colon = selector.indexOf(':');
    if (colon < 0) return undefined;
    const head = selector.slice(0, colon);
    let variable = selector.slice(colon + 1);
    if (head === 'module' || head.startsWith('module@')) {
      let instance = head === 'module' ? 0 : Number(head.slice(7));
      const at = variable.lastIndexOf('@');
      if (at >= 0) {
        instance = Number(variable.slice(at + 1));
        variable = variable.slice(0, at);
      }
      return this.moduleOutput(variable, instance);
    }
    const at = head.lastIndexOf('@');
    const qualname = at < 0 ? head : head.slice(0, at);
    const call = this.callsOf(qualname)[at < 0 ? 0 : Number(head.slice(at + 1))];
    if (!call) return undefined;
    if (variable === 'return') return call.returned;
    const hash = variable.lastIndexOf('#');
    const name = hash < 0 ? variable : variable.slice(0, hash);
    const found: Value[] = [];
    for (let i = 0; i < call.values.length; i++) {
      if (hash >= 0 && isExpressionStatement(call.statements[i]!)) continue;
      for (const target of call.targets[i]!) {
        const value = extract(target, call.values[i]!, name);
        if (value !== undefined) found.push(value);
      }
    }
    if (hash >= 0) return found[Number(variable.slice(hash + 1))];
    return found.at(-1) ?? parameterValue(call, name);
  }

  /** Calls of a function by qualified name (or its end after a dot: `forward` fits `Net.forward` when nothing else does). */
  callsOf(qualname: string): readonly CallRecord[] {
    const exact = this.recorder.calls.filter(call => call.code.qualname === qualname);
    if (exact.length > 0) return exact;
    return this.recorder.calls.filter(call => call.code.qualname.endsWith(`.${qualname}`));
  }

  /** Output of the n-th call of the submodule at a dotted path; the empty path is the model itself. */
  moduleOutput(path: string, instance = 0): Value | undefined {
    const paths = this.paths();
    const calls = this.recorder.moduleCalls.filter(call => paths.get(call.instance) === path);
    return calls[instance]?.result;
  }

  /** Dotted path of every submodule call, in order. */
  moduleCalls(): { path: string; result: Value }[] {
    const paths = this.paths();
    const result: { path: string; result: Value }[] = [];
    for (const call of this.recorder.moduleCalls) {
      const path = paths.get(call.instance);
      if (path !== undefined) result.push({ path, result: call.result });
    }
    return result;
  }

  /**
   * Everything assigned or returned by the statements that lie in a line range of a file, in order of execution.
   * @param instance only that call of each function; all calls when left out
   */
  inLines(file: string, startLine: number, endLine: number, instance?: number): Capture[] {
    const result: Capture[] = [];
    for (const call of this.recorder.calls) {
      if (call.code.file.path !== file || (instance !== undefined && call.instance !== instance)) continue;
      for (let i = 0; i < call.values.length; i++) {
        const span = call.code.file.span(call.statements[i]!);
        if (span.startLine < startLine || span.startLine > endLine) continue;
        for (const target of call.targets[i]!) {
          for (const [name, value] of parts(target, call.values[i]!)) {
            result.push({ span, qualname: call.code.qualname, instance: call.instance, name, value });
          }
        }
        if (call.targets[i]!.length === 0) {
          result.push({
            span,
            qualname: call.code.qualname,
            instance: call.instance,
            name: '',
            value: call.values[i]!,
          });
        }
      }
    }
    return result;
  }

  /** Everything, as `inLines` gives it. */
  all(): Capture[] {
    const files = new Set(this.recorder.calls.map(call => call.code.file.path));
    return [...files].flatMap(file => this.inLines(file, 0, Number.MAX_SAFE_INTEGER));
  }
}

function isExpressionStatement(node: Located & { readonly kind?: string }): boolean {
  return node.kind === 'Expression';
}

function parameterValue(call: CallRecord, name: string): Value | undefined {
  const { code } = call;
  const names = [...code.positional, ...code.keywordOnly];
  const index = names.indexOf(name);
  return index < 0 ? undefined : call.parameters[index];
}

/** Value that `name` got when `value` was assigned to `target`. */
function extract(target: Expression, value: Value, name: string): Value | undefined {
  for (const [part, inner] of parts(target, value)) if (part === name) return inner;
  return undefined;
}

/** Pairs of dotted name and value of an assignment. */
function parts(target: Expression, value: Value): [string, Value][] {
  switch (target.kind) {
    case 'Name':
      return [[target.id, value]];
    case 'Attribute': {
      const name = dottedName(target);
      return name === undefined ? [] : [[name, value]];
    }
    case 'Subscript':
      // The value recorded for a subscript is the container after the write.
      return parts(target.object, value);
    case 'Tuple':
    case 'List': {
      const items = value instanceof PyTuple || value instanceof PyList ? value.items : undefined;
      if (!items) return [];
      const star = target.items.findIndex(item => item.kind === 'Starred');
      return target.items.flatMap((item, i) => {
        if (star < 0 || i < star) return items[i] === undefined ? [] : parts(item, items[i]!);
        const after = target.items.length - 1 - i;
        if (i > star) return parts(item, items[items.length - 1 - after]!);
        return parts(
          (item as { value: Expression }).value,
          new PyList(items.slice(star, items.length - after)),
        );
      });
    }
    default:
      return [];
  }
}

/** `self.scale` of an attribute expression. */
export function dottedName(e: Expression): string | undefined {
  if (e.kind === 'Name') return e.id;
  if (e.kind !== 'Attribute') return undefined;
  const object = dottedName(e.object);
  return object === undefined ? undefined : `${object}.${e.name}`;
}
