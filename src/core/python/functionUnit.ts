import { type FunctionBody, LazyBody } from './functionBody.ts';
import { classOutline, lazyFunction } from './lazyOutline.ts';
import type {
  AttributeOutline,
  CallOutline,
  ClassOutline,
  FunctionOutline,
  ImportOutline,
  NameUse,
  StatementOutline,
} from './outline.ts';
import type { Range } from './position.ts';
import { shiftLines } from './ranges.ts';

/** All that one outermost function contributes to an outline; reused as long as its text stays the same. */
export interface FunctionUnit {
  readonly text: string;
  /** Where it starts. */
  readonly line: number;
  readonly column: number;
  /** Qualified name of what encloses it; empty at module level. */
  readonly prefix: string;
  readonly isMethod: boolean;
  /** Set where the body is read on demand: then there is one function and nothing else. */
  readonly body?: LazyBody;
  /** Itself first, then those nested in it. */
  readonly functions: readonly FunctionOutline[];
  readonly classes: readonly ClassOutline[];
  /** `self.x = …` in its body, for its class; with a `body`, they are there. */
  readonly attributes: readonly AttributeOutline[];
  /** What its body imports. */
  readonly imports: readonly ImportOutline[];
  /** The unit as it was read, where this one is a moved copy: moves do not pile up. */
  readonly origin?: FunctionUnit;
}

/** Where a unit stands. */
export type UnitPlace = Pick<FunctionUnit, 'line' | 'prefix' | 'isMethod'>;

/**
 * The same unit at another place; its functions are the very same objects where nothing moved, so that caches by identity hold.
 * @param read where the body has not been read yet: how to read it at the new place
 */
export function placeUnit(unit: FunctionUnit, to: UnitPlace, read?: () => FunctionBody): FunctionUnit {
  const { line, prefix, isMethod } = to;
  if (unit.line === line && unit.prefix === prefix && unit.isMethod === isMethod) {
    if (read) unit.body?.rebind(read);
    return unit;
  }
  const from = unit.origin ?? unit;
  const move = mover(range => shiftLines(range, line - from.line));
  const rename = (qualname: string) =>
    (prefix ? `${prefix}.` : '') + qualname.slice(from.prefix ? from.prefix.length + 1 : 0);
  const old = from.body;
  const body = read ? new LazyBody(read) : old && new LazyBody(() => move.body(old.get()));
  return {
    ...from,
    ...to,
    text: unit.text,
    ...(body ? { body } : {}),
    // A text is a slice of a whole that nobody needs any more.
    ...(read ? {} : { origin: { ...from, text: '' } }),
    functions: from.functions.map((fn, index) => {
      const { className: _, ...rest } = move.head(fn);
      const className = index === 0 ? (isMethod ? prefix : undefined) : fn.className && rename(fn.className);
      const head = {
        ...rest,
        qualname: rename(fn.qualname),
        ...(className === undefined ? {} : { className }),
      };
      return lazyFunction(head, body ?? move.bodyOf(fn));
    }),
    classes: from.classes.map(cls => move.class(cls, rename(cls.qualname))),
    attributes: from.attributes.map(move.attribute),
    imports: from.imports.map(it => ({ ...it, range: move.range(it.range) })),
  };
}

/** Maps every range of outlines by one function; bodies are mapped when they are asked for. */
export function mover(move: (range: Range) => Range) {
  const attribute = (it: AttributeOutline): AttributeOutline => ({ ...it, range: move(it.range) });
  const statement = (it: StatementOutline): StatementOutline => ({ ...it, range: move(it.range) });
  const name = (it: NameUse): NameUse => ({ ...it, range: move(it.range) });
  const call = (it: CallOutline): CallOutline => ({
    ...it,
    range: move(it.range),
    nameRange: move(it.nameRange),
  });
  const body = (it: FunctionBody): FunctionBody => ({
    statements: it.statements.map(statement),
    names: it.names.map(name),
    calls: it.calls.map(call),
    attributes: it.attributes.map(attribute),
  });
  const bodyOf = (fn: FunctionOutline): LazyBody =>
    new LazyBody(() => body({ statements: fn.statements, names: fn.names, calls: fn.calls, attributes: [] }));
  const head = (fn: FunctionOutline) => ({
    name: fn.name,
    qualname: fn.qualname,
    ...(fn.className === undefined ? {} : { className: fn.className }),
    parameters: fn.parameters,
    decorators: fn.decorators,
    isAsync: fn.isAsync,
    hasErrors: fn.hasErrors,
    nameRange: move(fn.nameRange),
    range: move(fn.range),
    bodyRange: move(fn.bodyRange),
  });
  return {
    range: move,
    attribute,
    body,
    head,
    bodyOf,
    function: (fn: FunctionOutline): FunctionOutline => lazyFunction(head(fn), bodyOf(fn)),
    class: (cls: ClassOutline, qualname = cls.qualname): ClassOutline =>
      classOutline(
        {
          name: cls.name,
          qualname,
          bases: cls.bases,
          decorators: cls.decorators,
          methods: cls.methods,
          nameRange: move(cls.nameRange),
          range: move(cls.range),
        },
        () => cls.attributes.map(attribute),
      ),
  };
}
