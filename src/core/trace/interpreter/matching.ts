/** `match` patterns → predicates that bind names. */
import type { Pattern } from './ast.ts';
import type { ExpressionCompiler } from './compileExpression.ts';
import { raise } from './errors.ts';
import type { Frame } from './frame.ts';
import {
  boolClass,
  bytesClass,
  dictClass,
  floatClass,
  frozensetClass,
  intClass,
  listClass,
  NativeObject,
  PyClass,
  PyDict,
  PyList,
  PyTuple,
  setClass,
  strClass,
  tupleClass,
  type Value,
} from './values.ts';

type Matcher = (f: Frame, value: Value) => boolean;

/** Classes whose single positional pattern matches the subject itself. */
const selfMatching: ReadonlySet<PyClass> = new Set([
  boolClass,
  bytesClass,
  dictClass,
  floatClass,
  frozensetClass,
  intClass,
  listClass,
  setClass,
  strClass,
  tupleClass,
]);

export function matcher(pattern: Pattern, expressions: ExpressionCompiler): Matcher {
  switch (pattern.kind) {
    case 'Wildcard':
      return () => true;
    case 'Capture': {
      const store = expressions.storeName(pattern.name);
      return (f, value) => {
        store(f, value);
        return true;
      };
    }
    case 'Value': {
      const expected = expressions.compile(pattern.value);
      const constant = pattern.value.kind === 'Constant' ? pattern.value.value : undefined;
      if (constant === null || typeof constant === 'boolean') return (_f, value) => value === constant;
      return (f, value) => f.interpreter.equals(value, expected(f));
    }
    case 'Or': {
      const inner = pattern.patterns.map(p => matcher(p, expressions));
      return (f, value) => inner.some(m => m(f, value));
    }
    case 'As': {
      const inner = matcher(pattern.pattern, expressions);
      const store = expressions.storeName(pattern.name);
      return (f, value) => {
        if (!inner(f, value)) return false;
        store(f, value);
        return true;
      };
    }
    case 'Star':
      return () => true;
    case 'Sequence': {
      const star = pattern.patterns.findIndex(p => p.kind === 'Star');
      const inner = pattern.patterns.map(p => matcher(p, expressions));
      const starPattern = pattern.patterns[star];
      const rest =
        starPattern?.kind === 'Star' && starPattern.name !== undefined && starPattern.name !== '_'
          ? expressions.storeName(starPattern.name)
          : undefined;
      return (f, value) => {
        if (!(value instanceof PyList || value instanceof PyTuple)) {
          if (value instanceof NativeObject)
            throw raise('TypeError', 'a tensor cannot be matched as a sequence');
          return false;
        }
        const { items } = value;
        if (star < 0) return items.length === inner.length && inner.every((m, i) => m(f, items[i]!));
        const after = inner.length - 1 - star;
        if (items.length < inner.length - 1) return false;
        for (let i = 0; i < star; i++) if (!inner[i]!(f, items[i]!)) return false;
        for (let i = 0; i < after; i++)
          if (!inner[star + 1 + i]!(f, items[items.length - after + i]!)) return false;
        rest?.(f, new PyList(items.slice(star, items.length - after)));
        return true;
      };
    }
    case 'Mapping': {
      const items = pattern.items.map(item => ({
        key: expressions.compile(item.key),
        matches: matcher(item.pattern, expressions),
      }));
      const rest = pattern.rest === undefined ? undefined : expressions.storeName(pattern.rest);
      return (f, value) => {
        if (!(value instanceof PyDict)) return false;
        const used = new PyDict();
        for (const { key, matches } of items) {
          const name = key(f);
          const found = value.get(name);
          if (found === undefined || !matches(f, found)) return false;
          used.set(name, null);
        }
        if (rest)
          rest(
            f,
            PyDict.of(
              [...value.entries.values()].filter(e => !used.has(e.key)).map(e => [e.key, e.value] as const),
            ),
          );
        return true;
      };
    }
    case 'Class': {
      const cls = expressions.compile(pattern.cls);
      const positional = pattern.positional.map(p => matcher(p, expressions));
      const keywords = pattern.keywords.map(({ name, pattern: p }) => ({
        name,
        matches: matcher(p, expressions),
      }));
      return (f, value) => {
        const { interpreter } = f;
        const type = cls(f);
        if (!interpreter.isInstance(value, type)) return false;
        if (positional.length > 0) {
          if (type instanceof PyClass && selfMatching.has(type)) {
            if (!positional[0]!(f, value)) return false;
          } else {
            const names = interpreter.findAttribute(type, '__match_args__');
            if (!(names instanceof PyTuple) || names.items.length < positional.length) {
              throw raise(
                'TypeError',
                `${interpreter.str(interpreter.getAttribute(type, '__name__'))}() accepts ${names instanceof PyTuple ? names.items.length : 0} positional sub-patterns (${positional.length} given)`,
              );
            }
            for (let i = 0; i < positional.length; i++) {
              const attribute = interpreter.findAttribute(value, names.items[i] as string);
              if (attribute === undefined || !positional[i]!(f, attribute)) return false;
            }
          }
        }
        return keywords.every(({ name, matches }) => {
          const attribute = interpreter.findAttribute(value, name);
          return attribute !== undefined && matches(f, attribute);
        });
      };
    }
  }
}
