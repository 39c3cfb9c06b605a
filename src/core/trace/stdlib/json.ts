import { Refusal, raise } from '../interpreter/errors.ts';
import { floatText } from '../interpreter/formatting.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { textOf } from '../interpreter/strMethods.ts';
import {
  float,
  integer,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  type PyModule,
  PyTuple,
  type Value,
} from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

interface Style {
  readonly indent: string | undefined;
  readonly item: string;
  readonly key: string;
  readonly sort: boolean;
  readonly fallback: Value;
}

function dump(value: Value, style: Style, depth: number, runtime: Runtime): string {
  runtime.budget.step();
  if (depth > 100) throw raise('ValueError', 'Circular reference detected');
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string')
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (value instanceof PyFloat)
    return Number.isFinite(value.value)
      ? floatText(value.value)
      : Number.isNaN(value.value)
        ? 'NaN'
        : value.value > 0
          ? 'Infinity'
          : '-Infinity';
  const wrap = (open: string, parts: readonly string[], close: string) => {
    if (parts.length === 0) return open + close;
    if (style.indent === undefined) return open + parts.join(style.item) + close;
    const inner = `\n${style.indent.repeat(depth + 1)}`;
    return `${open}${inner}${parts.join(`${style.item.trimEnd()}${inner}`)}\n${style.indent.repeat(depth)}${close}`;
  };
  if (value instanceof PyList || value instanceof PyTuple)
    return wrap(
      '[',
      value.items.map(item => dump(item, style, depth + 1, runtime)),
      ']',
    );
  if (value instanceof PyDict) {
    const entries = [...value.entries.values()].map(e => {
      const key =
        typeof e.key === 'string'
          ? e.key
          : e.key === null
            ? 'null'
            : typeof e.key === 'boolean'
              ? String(e.key)
              : runtime.str(e.key);
      return [key, e.value] as const;
    });
    if (style.sort) entries.sort((a, b) => (a[0] < b[0] ? -1 : 1));
    return wrap(
      '{',
      entries.map(
        ([key, inner]) => `${JSON.stringify(key)}${style.key}${dump(inner, style, depth + 1, runtime)}`,
      ),
      '}',
    );
  }
  if (value instanceof PyInstance && value.payload !== undefined)
    return dump(value.payload, style, depth, runtime);
  if (style.fallback !== null) return dump(runtime.call(style.fallback, [value]), style, depth + 1, runtime);
  throw raise('TypeError', `Object of type ${value.cls.name} is not JSON serializable`);
}

function load(value: unknown, source: string): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return new PyList(value.map(item => load(item, source)));
  if (value instanceof NumberText) {
    return /^-?\d+$/.test(value.text) ? integer(BigInt(value.text)) : float(Number(value.text));
  }
  const dict = new PyDict();
  if (value instanceof Map) for (const [key, inner] of value) dict.set(key as string, load(inner, source));
  return dict;
}

class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A small JSON reader that keeps ints and floats apart. */
function parse(text: string): unknown {
  let at = 0;
  const fail = (): never => {
    throw raise('ValueError', `Expecting value: line 1 column ${at + 1} (char ${at})`);
  };
  const space = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++;
  };
  const value = (depth: number): unknown => {
    if (depth > 100) throw raise('RecursionError', 'JSON is nested too deeply');
    space();
    const c = text[at];
    if (c === '{') {
      const map = new Map<string, unknown>();
      at++;
      space();
      if (text[at] === '}') {
        at++;
        return map;
      }
      for (;;) {
        space();
        const key = stringToken();
        space();
        if (text[at++] !== ':') fail();
        map.set(key, value(depth + 1));
        space();
        const next = text[at++];
        if (next === '}') return map;
        if (next !== ',') fail();
      }
    }
    if (c === '[') {
      const list: unknown[] = [];
      at++;
      space();
      if (text[at] === ']') {
        at++;
        return list;
      }
      for (;;) {
        list.push(value(depth + 1));
        space();
        const next = text[at++];
        if (next === ']') return list;
        if (next !== ',') fail();
      }
    }
    if (c === '"') return stringToken();
    const word = /(?:true|false|null|NaN|-?Infinity|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
    word.lastIndex = at;
    const match = word.exec(text)?.[0];
    if (match === undefined) return fail();
    at += match.length;
    if (match === 'true' || match === 'false') return match === 'true';
    return match === 'null' ? null : new NumberText(match);
  };
  const stringToken = (): string => {
    const token = /"(?:[^"\\]|\\.)*"/y;
    token.lastIndex = at;
    const match = token.exec(text)?.[0];
    if (match === undefined) return fail();
    at += match.length;
    try {
      return JSON.parse(match) as string;
    } catch {
      return fail();
    }
  };
  const result = value(0);
  space();
  if (at < text.length) throw raise('ValueError', `Extra data: line 1 column ${at + 1} (char ${at})`);
  return result;
}

export function jsonModule(): PyModule {
  const files = (name: string) =>
    std(`${name}(*args, **keywords)`, () => {
      throw new Refusal({ construct: `json.${name}`, message: 'Traced code may not touch files.' });
    });
  return moduleOf('json', [
    std(
      'dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False)',
      ([object, , , , , , indent, separators, fallback, sort], r) => {
        const given = separators === null ? undefined : r.list(separators!).map(part => textOf(part));
        const text =
          indent === null
            ? undefined
            : typeof indent === 'string'
              ? indent
              : ' '.repeat(Math.min(20, r.index(indent!)));
        return dump(
          object!,
          {
            indent: text,
            item: given?.[0] ?? ', ',
            key: given?.[1] ?? ': ',
            sort: r.truth(sort!),
            fallback: fallback!,
          },
          0,
          r,
        );
      },
    ),
    std('loads(s, **keywords)', ([text]) => load(parse(textOf(text)), '')),
    files('load'),
    files('dump'),
  ]);
}
