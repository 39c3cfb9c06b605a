import { bytesText } from './formatting.ts';
import type { Interpreter } from './interpreter.ts';
import { isAstral } from './isAstral.ts';
import { ordered } from './numbers.ts';
import {
  type CompareOperator,
  NativeObject,
  notImplemented,
  PyBoundMethod,
  PyBytes,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  type Value,
} from './values.ts';

const mirrored: Readonly<Record<CompareOperator, CompareOperator>> = {
  '<': '>',
  '<=': '>=',
  '==': '==',
  '!=': '!=',
  '>': '<',
  '>=': '<=',
};

const compareDunder: Readonly<Record<CompareOperator, string>> = {
  '<': '__lt__',
  '<=': '__le__',
  '==': '__eq__',
  '!=': '__ne__',
  '>': '__gt__',
  '>=': '__ge__',
};

/** A comparison as the two values' types define it; undefined where neither does. */
export function tryCompare(
  interpreter: Interpreter,
  operator: CompareOperator,
  left: Value,
  right: Value,
): Value | undefined {
  const a = numeric(left);
  const b = numeric(right);
  if (a !== undefined && b !== undefined) return ordered(operator, a, b);
  if (typeof left === 'string' && typeof right === 'string') {
    interpreter.budget.work(Math.min(left.length, right.length) >> 2);
    return compareStrings(operator, left, right);
  }
  if (left instanceof NativeObject) {
    const result = left.compare(operator, right, interpreter);
    if (result !== notImplemented) return result;
  }
  if (right instanceof NativeObject) {
    const result = right.compare(mirrored[operator], left, interpreter);
    if (result !== notImplemented) return result;
  }
  const name = compareDunder[operator];
  const forward = interpreter.callSpecial(left, name, [right]);
  if (forward !== undefined && forward !== notImplemented) return forward;
  const backward = interpreter.callSpecial(right, compareDunder[mirrored[operator]], [left]);
  if (backward !== undefined && backward !== notImplemented) return backward;
  if (operator === '!=') {
    const equal = interpreter.callSpecial(left, '__eq__', [right]);
    if (equal !== undefined && equal !== notImplemented) return !interpreter.truth(equal);
  }
  if (
    (left instanceof PyList && right instanceof PyList) ||
    (left instanceof PyTuple && right instanceof PyTuple)
  ) {
    return compareSequences(interpreter, operator, left.items, right.items);
  }
  if (left instanceof PySet && right instanceof PySet) {
    interpreter.budget.work(left.size + right.size);
    const sub = () => left.items().every(v => right.has(v));
    const sup = () => right.items().every(v => left.has(v));
    switch (operator) {
      case '==':
        return left.size === right.size && sub();
      case '!=':
        return !(left.size === right.size && sub());
      case '<=':
        return sub();
      case '<':
        return left.size < right.size && sub();
      case '>=':
        return sup();
      default:
        return left.size > right.size && sup();
    }
  }
  if (left instanceof PyDict && right instanceof PyDict && (operator === '==' || operator === '!=')) {
    const equal =
      left.size === right.size &&
      [...left.entries].every(([hash, entry]) => {
        const other = right.entries.get(hash);
        return other !== undefined && interpreter.equals(entry.value, other.value);
      });
    return equal === (operator === '==');
  }
  if (left instanceof PyBytes && right instanceof PyBytes)
    return ordered(operator, bytesText(left), bytesText(right));
  if (left instanceof PyRange && right instanceof PyRange && (operator === '==' || operator === '!=')) {
    const equal =
      left.length === right.length &&
      (left.length === 0 || (left.start === right.start && (left.length === 1 || left.step === right.step)));
    return equal === (operator === '==');
  }
  if (left instanceof PySlice && right instanceof PySlice && (operator === '==' || operator === '!=')) {
    const parts = (s: PySlice) => new PyTuple([s.start, s.stop, s.step]);
    return interpreter.equals(parts(left), parts(right)) === (operator === '==');
  }
  if (
    left instanceof PyBoundMethod &&
    right instanceof PyBoundMethod &&
    (operator === '==' || operator === '!=')
  ) {
    return (left.self === right.self && left.target === right.target) === (operator === '==');
  }
  const p = left instanceof PyInstance ? left.payload : undefined;
  const q = right instanceof PyInstance ? right.payload : undefined;
  if (p !== undefined || q !== undefined) return tryCompare(interpreter, operator, p ?? left, q ?? right);
  return undefined;
}

function compareSequences(
  interpreter: Interpreter,
  operator: CompareOperator,
  a: readonly Value[],
  b: readonly Value[],
): Value {
  if (operator === '==' || operator === '!=') {
    if (a.length !== b.length) return operator === '!=';
    for (let i = 0; i < a.length; i++) if (!interpreter.equals(a[i]!, b[i]!)) return operator === '!=';
    return operator === '==';
  }
  const count = Math.min(a.length, b.length);
  interpreter.budget.step(count);
  for (let i = 0; i < count; i++)
    if (!interpreter.equals(a[i]!, b[i]!)) return interpreter.compare(operator, a[i]!, b[i]!);
  return ordered(operator, a.length, b.length);
}

function compareStrings(operator: CompareOperator, a: string, b: string): boolean {
  if (operator !== '==' && operator !== '!=' && (isAstral(a) || isAstral(b))) {
    const x = [...a];
    const y = [...b];
    const i = x.findIndex((c, at) => c !== y[at]);
    if (i < 0) return ordered(operator, x.length, y.length);
    return ordered(operator, x[i]!.codePointAt(0)!, y[i]?.codePointAt(0) ?? -1);
  }
  return ordered(operator, a, b);
}

function numeric(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof PyFloat ? value.value : undefined;
}
