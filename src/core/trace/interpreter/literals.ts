/** Python's string and number literals. */
import { float, integer, type Value } from './values.ts';

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** Text between the quotes with its escapes resolved. `\N{…}` stays as written (nothing in models needs it). */
export function resolveEscapes(raw: string, bytes: boolean): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(
    /\\(\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g,
    (whole, code: string) => {
      if (code === '\r\n') return '';
      const simple = simpleEscapes.get(code);
      if (simple !== undefined) return simple;
      if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
      if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      if (!bytes && /^[uU]./.test(code)) {
        const point = Number.parseInt(code.slice(1), 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return whole;
    },
  );
}

/** An int or float literal; `undefined` for imaginary ones. */
export function parseNumber(text: string): Value | undefined {
  const clean = text.replaceAll('_', '').toLowerCase();
  if (/^0[xob]/.test(clean)) return integer(BigInt(clean));
  if (/^\d+$/.test(clean)) return integer(BigInt(clean));
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(clean)) return float(Number(clean));
  return undefined;
}
