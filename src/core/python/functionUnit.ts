import type {
  AttributeOutline,
  CallOutline,
  ClassOutline,
  FunctionOutline,
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
  /** Itself first, then those nested in it. */
  readonly functions: readonly FunctionOutline[];
  readonly classes: readonly ClassOutline[];
  /** `self.x = …` in its body, for its class. */
  readonly attributes: readonly AttributeOutline[];
}

/** The same unit at another place: the very same object where nothing moved, so that caches by identity hold. */
export function placeUnit(unit: FunctionUnit, line: number, prefix: string, isMethod: boolean): FunctionUnit {
  if (unit.line === line && unit.prefix === prefix && unit.isMethod === isMethod) return unit;
  const move = mover(range => shiftLines(range, line - unit.line));
  const rename = (qualname: string) =>
    (prefix ? `${prefix}.` : '') + qualname.slice(unit.prefix ? unit.prefix.length + 1 : 0);
  return {
    ...unit,
    line,
    prefix,
    isMethod,
    functions: unit.functions.map((fn, index) => {
      const { className: _, ...rest } = move.function(fn);
      const className = index === 0 ? (isMethod ? prefix : undefined) : fn.className && rename(fn.className);
      return { ...rest, qualname: rename(fn.qualname), ...(className === undefined ? {} : { className }) };
    }),
    classes: unit.classes.map(cls => ({ ...move.class(cls), qualname: rename(cls.qualname) })),
    attributes: unit.attributes.map(move.attribute),
  };
}

/** Maps every range of outlines by one function. */
export function mover(move: (range: Range) => Range) {
  const attribute = (it: AttributeOutline): AttributeOutline => ({ ...it, range: move(it.range) });
  const statement = (it: StatementOutline): StatementOutline => ({ ...it, range: move(it.range) });
  const name = (it: NameUse): NameUse => ({ ...it, range: move(it.range) });
  const call = (it: CallOutline): CallOutline => ({
    ...it,
    range: move(it.range),
    nameRange: move(it.nameRange),
  });
  return {
    attribute,
    function: (it: FunctionOutline): FunctionOutline => ({
      ...it,
      statements: it.statements.map(statement),
      names: it.names.map(name),
      calls: it.calls.map(call),
      nameRange: move(it.nameRange),
      range: move(it.range),
      bodyRange: move(it.bodyRange),
    }),
    class: (it: ClassOutline): ClassOutline => ({
      ...it,
      attributes: it.attributes.map(attribute),
      nameRange: move(it.nameRange),
      range: move(it.range),
    }),
  };
}
