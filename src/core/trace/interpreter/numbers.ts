/** Arithmetic of ints (numbers, bigints beyond 2^53), bools and floats. */
import { LimitError, raise } from './errors.ts';
import { type BinaryOperator, type CompareOperator, integer, PyFloat, type Value } from './values.ts';

type Int = number | bigint;

/** The int behind an int or bool. */
export function intOf(value: Value): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return undefined;
}

/** `left OP right` for numbers; `undefined` when one is no number or the operator is not for numbers. */
export function arithmetic(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  const a = intOf(left);
  const b = intOf(right);
  if (a !== undefined && b !== undefined) {
    if (typeof left === 'boolean' && typeof right === 'boolean') {
      if (operator === '&') return left && right;
      if (operator === '|') return left || right;
      if (operator === '^') return left !== right;
    }
    return ints(operator, a, b);
  }
  const x = a ?? (left instanceof PyFloat ? left.value : undefined);
  const y = b ?? (right instanceof PyFloat ? right.value : undefined);
  if (x === undefined || y === undefined) return undefined;
  return floats(operator, Number(x), Number(y));
}

function ints(operator: BinaryOperator, a: Int, b: Int): Value | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    switch (operator) {
      case '+':
        if (Number.isSafeInteger(a + b)) return a + b;
        break;
      case '-':
        if (Number.isSafeInteger(a - b)) return a - b;
        break;
      case '*':
        if (Number.isSafeInteger(a * b)) return a * b + 0;
        break;
      case '//':
        if (b === 0) throw raise('ZeroDivisionError', 'integer division or modulo by zero');
        return floorDivide(a, b);
      case '%':
        if (b === 0) throw raise('ZeroDivisionError', 'integer modulo by zero');
        return modulo(a, b);
      case '**':
        if (b >= 0 && Number.isSafeInteger(a ** b)) return a ** b;
        break;
      case '&':
      case '|':
      case '^':
        if (a === (a | 0) && b === (b | 0))
          return operator === '&' ? a & b : operator === '|' ? a | b : a ^ b;
        break;
      default:
    }
  }
  if (operator === '/') {
    if (Number(b) === 0) throw raise('ZeroDivisionError', 'division by zero');
    return new PyFloat(divideExactly(a, b));
  }
  const x = BigInt(a);
  const y = BigInt(b);
  switch (operator) {
    case '+':
      return integer(x + y);
    case '-':
      return integer(x - y);
    case '*':
      return guard(x, y) && integer(x * y);
    case '//': {
      if (y === 0n) throw raise('ZeroDivisionError', 'integer division or modulo by zero');
      const quotient = x / y;
      return integer(x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient);
    }
    case '%': {
      if (y === 0n) throw raise('ZeroDivisionError', 'integer modulo by zero');
      const rest = x % y;
      return integer(rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest);
    }
    case '**': {
      if (y < 0n) {
        if (x === 0n) throw raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
        return new PyFloat(Number(a) ** Number(b));
      }
      if (y > 1_000_000n || bits(x) * Number(y) > 1_000_000)
        throw new LimitError('elements', 1_000_000, bits(x) * Number(y));
      return integer(x ** y);
    }
    case '&':
      return integer(x & y);
    case '|':
      return integer(x | y);
    case '^':
      return integer(x ^ y);
    case '<<':
      if (y < 0n) throw raise('ValueError', 'negative shift count');
      if (y > 1_000_000n) throw new LimitError('elements', 1_000_000, Number(y));
      return integer(x << y);
    case '>>':
      if (y < 0n) throw raise('ValueError', 'negative shift count');
      return integer(x >> (y > 10_000_000n ? 10_000_000n : y));
    default:
      return undefined;
  }
}

function bits(value: bigint): number {
  return value.toString(16).length * 4;
}

function guard(x: bigint, y: bigint): true {
  const size = bits(x) + bits(y);
  if (size > 1_000_000) throw new LimitError('elements', 1_000_000, size);
  return true;
}

function divideExactly(a: Int, b: Int): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b;
  const quotient = Number(a) / Number(b);
  if (Number.isFinite(quotient)) return quotient;
  throw raise('OverflowError', 'integer division result too large for a float');
}

function floorDivide(a: number, b: number): number {
  // The division of two safe integers may round up to the next integer: correct by the remainder.
  const rest = a % b;
  const quotient = (a - rest) / b;
  return (rest !== 0 && rest < 0 !== b < 0 ? quotient - 1 : quotient) + 0;
}

function modulo(a: number, b: number): number {
  const rest = a % b;
  return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0;
}

function floats(operator: BinaryOperator, a: number, b: number): Value | undefined {
  switch (operator) {
    case '+':
      return new PyFloat(a + b);
    case '-':
      return new PyFloat(a - b);
    case '*':
      return new PyFloat(a * b);
    case '/':
      if (b === 0) throw raise('ZeroDivisionError', 'float division by zero');
      return new PyFloat(a / b);
    case '//': {
      if (b === 0) throw raise('ZeroDivisionError', 'float floor division by zero');
      const quotient = (a - floatModulo(a, b)) / b;
      const floor = Math.floor(quotient);
      return new PyFloat(quotient - floor > 0.5 ? floor + 1 : floor);
    }
    case '%':
      if (b === 0) throw raise('ZeroDivisionError', 'float modulo');
      return new PyFloat(floatModulo(a, b));
    case '**': {
      if (a === 0 && b < 0) throw raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
      if (a === 1 || b === 0) return new PyFloat(1);
      if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b))
        throw raise('ValueError', 'a negative number to a fractional power is complex');
      const power = a ** b;
      if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b))
        throw raise('OverflowError', "(34, 'Numerical result out of range')");
      return new PyFloat(power);
    }
    default:
      return undefined;
  }
}

function floatModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest !== 0 && rest < 0 !== b < 0) return rest + b;
  return rest === 0 ? (b < 0 ? -0 : 0) : rest;
}

/** Comparison of two JavaScript values that are ordered like their Python counterparts. */
export function ordered<T extends number | bigint | string>(operator: CompareOperator, a: T, b: T): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      // Mixed number and bigint compare by value with `==` alone.
      // biome-ignore lint/suspicious/noDoubleEquals: 1 == 1n
      return a == b;
    default:
      // biome-ignore lint/suspicious/noDoubleEquals: 1 == 1n
      return a != b;
  }
}
