/** Numbers and strings as Python writes them: `repr`, format specifications, `%`. */
import { raise } from './errors.ts';
import type { Runtime } from './runtime.ts';
import { type PyBytes, PyDict, PyFloat, PyInstance, PyTuple, type Value } from './values.ts';

/** `repr` of a float: shortest digits that read back, Python's exponent rules. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain =
    exponent >= 0
      ? value.toString()
      : value.toFixed(Math.max(1, mantissa.replace(/[-.]/g, '').length - exponent - 1));
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** `repr` of a str. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = mark;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === mark || character === '\\') out += `\\${character}`;
    else if (character === '\n') out += '\\n';
    else if (character === '\r') out += '\\r';
    else if (character === '\t') out += '\\t';
    else if (code < 32 || code === 127) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += character;
  }
  return out + mark;
}

/** `repr` of bytes. */
export function bytesText(value: PyBytes): string {
  let out = "b'";
  for (const byte of value.bytes) {
    if (byte === 39 || byte === 92) out += `\\${String.fromCharCode(byte)}`;
    else if (byte === 10) out += '\\n';
    else if (byte === 13) out += '\\r';
    else if (byte === 9) out += '\\t';
    else if (byte < 32 || byte > 126) out += `\\x${byte.toString(16).padStart(2, '0')}`;
    else out += String.fromCharCode(byte);
  }
  return `${out}'`;
}

const specification =
  /^(?:([\s\S])?([<>=^]))?([ +-])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** `format(value, spec)` for ints, floats and strings. */
export function formatValue(value: number | bigint | boolean | string | PyFloat, spec: string): string {
  // A bool is a word only where nothing is asked for: f'{True:>5}' ends in 1.
  if (typeof value === 'boolean' && spec === '') return value ? 'True' : 'False';
  const match = specification.exec(spec);
  if (!match) throw raise('ValueError', `Invalid format specifier '${spec}'`);
  const [, fillGiven, alignGiven, sign, alternate, zero, widthText, grouping, precisionText, type] = match;
  const width = widthText === undefined ? 0 : Number(widthText);
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  if (width > 100_000 || (precision ?? 0) > 100_000)
    throw raise('ValueError', 'Too many decimal digits in format string');
  const fill = fillGiven ?? (zero ? '0' : ' ');
  if (typeof value === 'string') {
    if (type !== undefined && type !== 's')
      throw raise('ValueError', `Unknown format code '${type}' for object of type 'str'`);
    const text = precision === undefined ? value : [...value].slice(0, precision).join('');
    return pad(text, fill, alignGiven ?? '<', width, '');
  }
  let body: string;
  let negative = false;
  const isFloat = value instanceof PyFloat;
  if (isFloat || (type !== undefined && 'eEfFgG%'.includes(type))) {
    const number = isFloat ? value.value : Number(value);
    negative = number < 0 || Object.is(number, -0);
    body = formatFloat(Math.abs(number), type, precision, isFloat, alternate !== undefined);
    if (type === 'd' || type === 'x' || type === 'b' || type === 'o' || type === 's')
      throw raise('ValueError', `Unknown format code '${type}' for object of type 'float'`);
  } else {
    if (type === 's') throw raise('ValueError', "Unknown format code 's' for object of type 'int'");
    const number = typeof value === 'boolean' ? (value ? 1 : 0) : (value as number | bigint);
    negative = number < 0;
    const magnitude = negative ? -number : number;
    switch (type) {
      case 'b':
        body = (alternate ? '0b' : '') + magnitude.toString(2);
        break;
      case 'o':
        body = (alternate ? '0o' : '') + magnitude.toString(8);
        break;
      case 'x':
        body = (alternate ? '0x' : '') + magnitude.toString(16);
        break;
      case 'X':
        body = (alternate ? '0X' : '') + magnitude.toString(16).toUpperCase();
        break;
      case 'c':
        return pad(String.fromCodePoint(Number(magnitude)), fill, alignGiven ?? '<', width, '');
      default:
        body = magnitude.toString();
    }
  }
  if (grouping) {
    const [whole, ...rest] = body.split('.');
    body = [whole!.replace(/\B(?=(\d{3})+(?!\d))/g, grouping), ...rest].join('.');
  }
  const signText = negative ? '-' : sign === '+' ? '+' : sign === ' ' ? ' ' : '';
  return pad(body, fill, alignGiven ?? (zero ? '=' : '>'), width, signText);
}

function pad(body: string, fill: string, align: string, width: number, sign: string): string {
  const missing = width - [...body].length - sign.length;
  if (missing <= 0) return sign + body;
  switch (align) {
    case '<':
      return sign + body + fill.repeat(missing);
    case '^':
      return (
        fill.repeat(Math.floor(missing / 2)) + sign + body + fill.repeat(missing - Math.floor(missing / 2))
      );
    case '=':
      return sign + fill.repeat(missing) + body;
    default:
      return fill.repeat(missing) + sign + body;
  }
}

function formatFloat(
  value: number,
  type: string | undefined,
  precision: number | undefined,
  isFloat: boolean,
  alternate: boolean,
): string {
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? 'nan' : 'inf';
    return (
      (type !== undefined && 'EFG'.includes(type) ? text.toUpperCase() : text) + (type === '%' ? '%' : '')
    );
  }
  switch (type) {
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case '%':
      return `${fixed(value * 100, precision ?? 6)}%`;
    case 'e':
    case 'E': {
      const text = exponential(value, precision ?? 6);
      return type === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G': {
      const text = general(value, precision ?? 6, alternate);
      return type === 'G' ? text.toUpperCase() : text;
    }
    default: {
      if (precision === undefined) return isFloat ? floatText(value) : String(value);
      const text = general(value, precision, alternate);
      // Without a type a float keeps its point.
      return isFloat && !/[.e]/.test(text) ? `${text}.0` : text;
    }
  }
}

/** Correctly rounded decimals: JavaScript's `toFixed` does it up to 1e21. */
function fixed(value: number, digits: number): string {
  if (value < 1e21) return value.toFixed(Math.min(digits, 100));
  return digits > 0 ? `${BigInt(value)}.${'0'.repeat(digits)}` : String(BigInt(value));
}

function exponential(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(Math.min(digits, 100)).split('e') as [string, string];
  const number = Number(exponent);
  return `${mantissa}e${number < 0 ? '-' : '+'}${String(Math.abs(number)).padStart(2, '0')}`;
}

function general(value: number, precisionGiven: number, alternate: boolean): string {
  const precision = Math.max(1, precisionGiven);
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(Math.min(precision - 1, 100)).split('e')[1]);
  let text: string;
  if (exponent < -4 || exponent >= precision) {
    text = exponential(value, precision - 1);
    if (!alternate) text = text.replace(/\.?0+e/, 'e');
  } else {
    text = fixed(value, Math.max(0, precision - 1 - exponent));
    if (!alternate && text.includes('.')) text = text.replace(/\.?0+$/, '');
  }
  return text;
}

/** `text % values` */
export function percentFormat(text: string, values: Value, runtime: Runtime): string {
  const tuple = values instanceof PyTuple ? values.items : [values];
  let position = 0;
  const next = (): Value => {
    const value = tuple[position++];
    if (value === undefined) throw raise('TypeError', 'not enough arguments for format string');
    return value;
  };
  const result = text.replace(
    /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([diouxXeEfFgGcrsa%])/g,
    (
      _whole,
      key: string | undefined,
      flags: string,
      widthText: string | undefined,
      precisionText: string | undefined,
      type: string,
    ) => {
      if (type === '%') return '%';
      const width = widthText === '*' ? String(runtime.index(next())) : (widthText ?? '');
      const precision = precisionText === '*' ? String(runtime.index(next())) : precisionText;
      let value: Value;
      if (key === undefined) value = next();
      else {
        if (!(values instanceof PyDict)) throw raise('TypeError', 'format requires a mapping');
        const found = values.get(key);
        if (found === undefined) throw raise('KeyError', key);
        value = found;
        position = tuple.length;
      }
      const left = flags.includes('-');
      const zero = flags.includes('0') && !left;
      const align = left ? '<' : '';
      if (type === 's' || type === 'r' || type === 'a') {
        const shown = type === 's' ? runtime.str(value) : runtime.repr(value);
        return formatValue(
          shown,
          `${left ? '<' : '>'}${width}${precision === undefined ? '' : `.${precision}`}`,
        );
      }
      if (type === 'c')
        return formatValue(
          typeof value === 'string' ? value : String.fromCodePoint(runtime.index(value)),
          `${left ? '<' : '>'}${width}`,
        );
      const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
      if ('diu'.includes(type)) {
        const whole =
          value instanceof PyFloat
            ? Math.trunc(value.value)
            : typeof value === 'bigint'
              ? value
              : runtime.index(value);
        return formatValue(whole, `${align}${sign}${zero ? '0' : ''}${width}d`);
      }
      if ('oxX'.includes(type))
        return formatValue(
          runtime.index(value),
          `${align}${sign}${flags.includes('#') ? '#' : ''}${zero ? '0' : ''}${width}${type}`,
        );
      const number = value instanceof PyFloat ? value : new PyFloat(toFloat(value, runtime));
      return formatValue(number, `${align}${sign}${zero ? '0' : ''}${width}.${precision ?? 6}${type}`);
    },
  );
  if (position < tuple.length && !(values instanceof PyDict) && !(values instanceof PyInstance)) {
    throw raise('TypeError', 'not all arguments converted during string formatting');
  }
  return result;
}

function toFloat(value: Value, runtime: Runtime): number {
  const number = runtime.call(floatConstructor(runtime), [value]);
  return (number as PyFloat).value;
}

function floatConstructor(runtime: Runtime): Value {
  return runtime.getAttribute(new PyFloat(0), '__class__');
}
