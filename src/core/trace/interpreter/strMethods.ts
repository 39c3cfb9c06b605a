/** Methods of str and bytes. */
import { LimitError, raise } from './errors.ts';
import { formatValue } from './formatting.ts';
import { type NativeBody, NativeFunction } from './native.ts';
import type { Runtime } from './runtime.ts';
import { PyBytes, PyDict, PyInstance, PyList, PyTuple, type Value } from './values.ts';

/** A method of str or bytes: what it walks through counts as steps. */
const def = (signature: string, body: NativeBody) =>
  new NativeFunction(
    signature,
    (args, runtime) => {
      const [self] = args;
      if (typeof self === 'string') runtime.budget.work(self.length >> 2);
      else if (self instanceof PyBytes) runtime.budget.work(self.bytes.length);
      return body(args, runtime);
    },
    { unknown: 'raise' },
  );

/** The text of a str (or of an instance of a subclass). */
export function textOf(value: Value | undefined, what = 'argument'): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyInstance && typeof value.payload === 'string') return value.payload;
  throw raise('TypeError', `${what} must be str`);
}

/** Index in UTF-16 code units → index in code points. */
function codePoints(text: string, index: number): number {
  if (index <= 0) return index;
  let count = 0;
  for (const character of text.slice(0, index)) count += character ? 1 : 0;
  return count;
}

function spaces(text: string): string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s+/u);
}

function strip(text: string, characters: Value | undefined, left: boolean, right: boolean): string {
  if (characters === null || characters === undefined) {
    let result = text;
    if (left) result = result.trimStart();
    if (right) result = result.trimEnd();
    return result;
  }
  const set = new Set(textOf(characters));
  const list = [...text];
  let from = 0;
  let to = list.length;
  if (left) while (from < to && set.has(list[from]!)) from++;
  if (right) while (to > from && set.has(list[to - 1]!)) to--;
  return list.slice(from, to).join('');
}

function split(text: string, separator: Value | undefined, most: number, fromRight: boolean): string[] {
  if (separator === null || separator === undefined) {
    if (most < 0) return spaces(text);
    if (!fromRight) {
      const parts: string[] = [];
      let rest = text.trimStart();
      while (rest !== '' && parts.length < most) {
        const match = /\s+/u.exec(rest);
        if (!match) break;
        parts.push(rest.slice(0, match.index));
        rest = rest.slice(match.index + match[0].length);
      }
      if (rest !== '') parts.push(parts.length < most ? rest.trimEnd() : rest.trimEnd() === '' ? '' : rest);
      return parts.filter((part, i) => part !== '' || i < parts.length - 1);
    }
    const all = spaces(text);
    if (all.length <= most + 1) return all;
    const tail = all.slice(all.length - most);
    let rest = text.trimEnd();
    for (let i = 0; i < most; i++) rest = rest.slice(0, rest.length - tail[most - 1 - i]!.length).trimEnd();
    return [rest, ...tail];
  }
  const mark = textOf(separator);
  if (mark === '') throw raise('ValueError', 'empty separator');
  const all = text.split(mark);
  if (most < 0 || all.length <= most + 1) return all;
  return fromRight
    ? [all.slice(0, all.length - most).join(mark), ...all.slice(all.length - most)]
    : [...all.slice(0, most), all.slice(most).join(mark)];
}

/** Slice of a text by optional code point bounds, as `find` and `count` take them. */
function part(
  text: string,
  start: Value | undefined,
  end: Value | undefined,
  runtime: Runtime,
): { text: string; offset: number } {
  if ((start ?? null) === null && (end ?? null) === null) return { text, offset: 0 };
  const list = [...text];
  const clamp = (value: number) =>
    Math.min(Math.max(value < 0 ? value + list.length : value, 0), list.length);
  const from = (start ?? null) === null ? 0 : clamp(runtime.index(start!));
  const to = (end ?? null) === null ? list.length : clamp(runtime.index(end!));
  return { text: list.slice(from, to).join(''), offset: from };
}

function find(args: Value[], runtime: Runtime, last: boolean): number {
  const { text, offset } = part(textOf(args[0]), args[2], args[3], runtime);
  const needle = textOf(args[1]);
  const index = last ? text.lastIndexOf(needle) : text.indexOf(needle);
  return index < 0 ? -1 : codePoints(text, index) + offset;
}

function startsOrEnds(
  args: Value[],
  runtime: Runtime,
  test: (text: string, needle: string) => boolean,
): boolean {
  const { text } = part(textOf(args[0]), args[2], args[3], runtime);
  const needle = args[1]!;
  return needle instanceof PyTuple
    ? needle.items.some(item => test(text, textOf(item)))
    : test(text, textOf(needle));
}

/** `template.format(*args, **keywords)` */
export function formatTemplate(
  template: string,
  args: readonly Value[],
  keywords: PyDict,
  runtime: Runtime,
  depth = 0,
): string {
  if (depth > 2) throw raise('ValueError', 'Max string recursion exceeded');
  let out = '';
  let automatic = 0;
  let i = 0;
  while (i < template.length) {
    const c = template[i]!;
    if (c === '{' || c === '}') {
      if (template[i + 1] === c) {
        out += c;
        i += 2;
        continue;
      }
      if (c === '}') throw raise('ValueError', "Single '}' encountered in format string");
      let level = 1;
      let end = i + 1;
      while (end < template.length && level > 0) {
        if (template[end] === '{') level++;
        else if (template[end] === '}') level--;
        end++;
      }
      if (level > 0) throw raise('ValueError', "expected '}' before end of string");
      const field = template.slice(i + 1, end - 1);
      const match = /^([^!:[.]*)((?:\.[^!:[.]+|\[[^\]]*\])*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(field);
      if (!match) throw raise('ValueError', `bad field '${field}' in format string`);
      const [, name, path, conversion, spec] = match;
      let value: Value | undefined;
      if (name === '' || /^\d+$/.test(name!)) {
        const index = name === '' ? automatic++ : Number(name);
        value = args[index];
        if (value === undefined)
          throw raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
      } else {
        value = keywords.get(name!);
        if (value === undefined) throw raise('KeyError', name!);
      }
      for (const step of path!.match(/\.[^.[]+|\[[^\]]*\]/g) ?? []) {
        if (step.startsWith('.')) value = runtime.getAttribute(value, step.slice(1));
        else
          value = runtime.getItem(
            value,
            /^\[\d+\]$/.test(step) ? Number(step.slice(1, -1)) : step.slice(1, -1),
          );
      }
      if (conversion === 'r' || conversion === 'a') value = runtime.repr(value);
      else if (conversion === 's') value = runtime.str(value);
      const inner =
        spec === undefined
          ? ''
          : spec.includes('{')
            ? formatTemplate(spec, args.slice(automatic), keywords, runtime, depth + 1)
            : spec;
      out += runtime.format(value, inner);
      runtime.budget.elements(out.length);
      i = end;
      continue;
    }
    out += c;
    i++;
  }
  return out;
}

const isLetter = /^\p{L}+$/u;
const isWord = /^[\p{L}\p{N}]+$/u;
const isNumber = /^\p{Nd}+$/u;

/** No text needs to be padded to more than this. */
const MAX_WIDTH = 100_000;

function padded(width: number, runtime: Runtime): void {
  runtime.budget.elements(width);
  if (width > MAX_WIDTH) throw new LimitError('elements', MAX_WIDTH, width);
}

function pads(self: Value, width: Value, fill: Value, align: string, runtime: Runtime): string {
  const n = runtime.index(width);
  padded(n, runtime);
  const text = textOf(self);
  const character = textOf(fill);
  if ([...character].length !== 1)
    throw raise('TypeError', 'The fill character must be exactly one character long');
  const missing = n - [...text].length;
  if (missing <= 0) return text;
  if (align === '<') return text + character.repeat(missing);
  if (align === '>') return character.repeat(missing) + text;
  const left = Math.floor(missing / 2) + (missing & n & 1);
  return character.repeat(left) + text + character.repeat(missing - left);
}

const strings = (items: readonly string[]) => new PyList([...items]);

export const strMethods: readonly NativeFunction[] = [
  def('upper(self)', ([self]) => textOf(self).toUpperCase()),
  def('lower(self)', ([self]) => textOf(self).toLowerCase()),
  def('casefold(self)', ([self]) => textOf(self).toLowerCase().replaceAll('ß', 'ss')),
  def('capitalize(self)', ([self]) => {
    const [first = '', ...rest] = [...textOf(self)];
    return first.toUpperCase() + rest.join('').toLowerCase();
  }),
  def('title(self)', ([self]) =>
    textOf(self).replace(/\p{L}+/gu, w => w[0]!.toUpperCase() + w.slice(1).toLowerCase()),
  ),
  def('swapcase(self)', ([self]) =>
    [...textOf(self)].map(c => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  ),
  def('strip(self, chars=None, /)', ([self, chars]) => strip(textOf(self), chars, true, true)),
  def('lstrip(self, chars=None, /)', ([self, chars]) => strip(textOf(self), chars, true, false)),
  def('rstrip(self, chars=None, /)', ([self, chars]) => strip(textOf(self), chars, false, true)),
  def('split(self, sep=None, maxsplit=-1)', ([self, sep, most], r) =>
    strings(split(textOf(self), sep, r.index(most!), false)),
  ),
  def('rsplit(self, sep=None, maxsplit=-1)', ([self, sep, most], r) =>
    strings(split(textOf(self), sep, r.index(most!), true)),
  ),
  def('splitlines(self, keepends=False)', ([self, keep], r) => {
    const parts = textOf(self).match(/[^\n\r\v\f]*(?:\r\n|[\n\r\v\f])|[^\n\r\v\f]+$/g) ?? [];
    return strings(r.truth(keep!) ? parts : parts.map(line => line.replace(/(?:\r\n|[\n\r\v\f])$/, '')));
  }),
  def('join(self, iterable, /)', ([self, iterable], r) => {
    const items = r.list(iterable!);
    const parts = items.map((item, i) => {
      if (typeof item === 'string') return item;
      if (item instanceof PyInstance && typeof item.payload === 'string') return item.payload;
      throw raise('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`);
    });
    const text = parts.join(textOf(self));
    r.budget.elements(text.length);
    r.budget.memory(text.length);
    return text;
  }),
  def('replace(self, old, new, count=-1, /)', ([self, old, with_, count], r) => {
    const text = textOf(self);
    const from = textOf(old);
    const to = textOf(with_);
    const most = r.index(count!);
    const occurrences = from === '' ? text.length + 1 : text.split(from).length - 1;
    r.budget.elements(text.length + occurrences * to.length);
    r.budget.memory(text.length);
    if (most < 0) return text.replaceAll(from, () => to);
    let done = 0;
    return text.replaceAll(from, match => (done++ < most ? to : match));
  }),
  def('startswith(self, prefix, start=None, end=None, /)', (args, r) =>
    startsOrEnds(args, r, (t, n) => t.startsWith(n)),
  ),
  def('endswith(self, suffix, start=None, end=None, /)', (args, r) =>
    startsOrEnds(args, r, (t, n) => t.endsWith(n)),
  ),
  def('find(self, sub, start=None, end=None, /)', (args, r) => find(args, r, false)),
  def('rfind(self, sub, start=None, end=None, /)', (args, r) => find(args, r, true)),
  def('index(self, sub, start=None, end=None, /)', (args, r) => {
    const index = find(args, r, false);
    if (index < 0) throw raise('ValueError', 'substring not found');
    return index;
  }),
  def('rindex(self, sub, start=None, end=None, /)', (args, r) => {
    const index = find(args, r, true);
    if (index < 0) throw raise('ValueError', 'substring not found');
    return index;
  }),
  def('count(self, sub, start=None, end=None, /)', ([self, sub, start, end], r) => {
    const { text } = part(textOf(self), start, end, r);
    const needle = textOf(sub);
    return needle === '' ? [...text].length + 1 : text.split(needle).length - 1;
  }),
  def('format(self, /, *args, **keywords)', ([self, args, keywords], r) =>
    formatTemplate(textOf(self), (args as PyTuple).items, keywords as PyDict, r),
  ),
  def('format_map(self, mapping, /)', ([self, mapping], r) => {
    if (!(mapping instanceof PyDict)) throw raise('TypeError', 'format_map expects a dict');
    return formatTemplate(textOf(self), [], mapping, r);
  }),
  def('partition(self, sep, /)', ([self, sep]) => {
    const text = textOf(self);
    const at = text.indexOf(textOf(sep));
    return new PyTuple(
      at < 0 ? [text, '', ''] : [text.slice(0, at), textOf(sep), text.slice(at + textOf(sep).length)],
    );
  }),
  def('rpartition(self, sep, /)', ([self, sep]) => {
    const text = textOf(self);
    const at = text.lastIndexOf(textOf(sep));
    return new PyTuple(
      at < 0 ? ['', '', text] : [text.slice(0, at), textOf(sep), text.slice(at + textOf(sep).length)],
    );
  }),
  def('removeprefix(self, prefix, /)', ([self, prefix]) => {
    const text = textOf(self);
    return text.startsWith(textOf(prefix)) ? text.slice(textOf(prefix).length) : text;
  }),
  def('removesuffix(self, suffix, /)', ([self, suffix]) => {
    const text = textOf(self);
    const end = textOf(suffix);
    return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
  }),
  def("ljust(self, width, fillchar=' ', /)", ([self, width, fill], r) => pads(self!, width!, fill!, '<', r)),
  def("rjust(self, width, fillchar=' ', /)", ([self, width, fill], r) => pads(self!, width!, fill!, '>', r)),
  def("center(self, width, fillchar=' ', /)", ([self, width, fill], r) => pads(self!, width!, fill!, '^', r)),
  def('zfill(self, width, /)', ([self, width], r) => {
    const text = textOf(self);
    const n = r.index(width!);
    padded(n, r);
    const sign = /^[+-]/.test(text) ? text[0]! : '';
    return sign + text.slice(sign.length).padStart(n - sign.length, '0');
  }),
  def('expandtabs(self, tabsize=8)', ([self, size], r) => {
    const n = r.index(size!);
    padded(n, r);
    let length = 0;
    return textOf(self)
      .split(/([\n\r])/)
      .map(line => {
        let out = '';
        for (const c of line) out += c === '\t' ? ' '.repeat(n <= 0 ? 0 : n - (out.length % n)) : c;
        length += out.length;
        r.budget.elements(length);
        return out;
      })
      .join('');
  }),
  def('isalpha(self)', ([self]) => isLetter.test(textOf(self))),
  def('isalnum(self)', ([self]) => isWord.test(textOf(self))),
  def('isdigit(self)', ([self]) => isNumber.test(textOf(self))),
  def('isdecimal(self)', ([self]) => isNumber.test(textOf(self))),
  def('isnumeric(self)', ([self]) => /^\p{N}+$/u.test(textOf(self))),
  def('isspace(self)', ([self]) => /^\s+$/u.test(textOf(self))),
  def('isidentifier(self)', ([self]) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(textOf(self))),
  def(
    'islower(self)',
    ([self]) => textOf(self) === textOf(self).toLowerCase() && textOf(self) !== textOf(self).toUpperCase(),
  ),
  def(
    'isupper(self)',
    ([self]) => textOf(self) === textOf(self).toUpperCase() && textOf(self) !== textOf(self).toLowerCase(),
  ),
  def('istitle(self)', ([self]) => /^(?:\P{L}*\p{Lu}\p{Ll}*)+\P{L}*$/u.test(textOf(self))),
  def('isascii(self)', ([self]) => [...textOf(self)].every(c => c.charCodeAt(0) < 128)),
  def("encode(self, encoding='utf-8', errors='strict')", ([self, encoding]) => {
    const name = textOf(encoding).toLowerCase().replace('-', '').replace('_', '');
    if (!['utf8', 'ascii', 'latin1'].includes(name))
      throw raise('LookupError', `unknown encoding: ${textOf(encoding)}`);
    if (name === 'utf8') return new PyBytes(new TextEncoder().encode(textOf(self)));
    return new PyBytes(Uint8Array.from(textOf(self), c => c.charCodeAt(0)));
  }),
  def('__len__(self)', ([self], r) => r.length(textOf(self))),
  def('__getitem__(self, key, /)', ([self, key], r) => r.getItem(textOf(self), key!)),
  def('__contains__(self, key, /)', ([self, key], r) => r.contains(textOf(self), key!)),
  def('__iter__(self)', ([self], r) => r.iterate(textOf(self))),
  def('__str__(self)', ([self]) => textOf(self)),
  def('__format__(self, spec, /)', ([self, spec]) => formatValue(textOf(self), textOf(spec))),
  def('__hash__(self)', ([self]) => hashText(textOf(self))),
];

function typeName(value: Value): string {
  return value === null
    ? 'NoneType'
    : typeof value === 'number'
      ? 'int'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'object'
          ? value.cls.name
          : typeof value;
}

/** FNV-1a over the text; `hash()` of anything goes through it. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export const bytesMethods: readonly NativeFunction[] = [
  def("decode(self, encoding='utf-8', errors='strict')", ([self, , errors]) => {
    try {
      return new TextDecoder('utf-8', { fatal: errors === 'strict' }).decode((self as PyBytes).bytes);
    } catch {
      throw raise('UnicodeDecodeError', "'utf-8' codec can't decode bytes");
    }
  }),
  def('hex(self)', ([self]) =>
    [...(self as PyBytes).bytes].map(b => b.toString(16).padStart(2, '0')).join(''),
  ),
];
