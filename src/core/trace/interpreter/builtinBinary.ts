import { percentFormat } from './formatting.ts';
import type { Interpreter } from './interpreter.ts';
import { intOf } from './numbers.ts';
import { PyUnion } from './special.ts';
import {
  type BinaryOperator,
  PyBytes,
  PyClass,
  PyDict,
  PyList,
  PySet,
  PyTuple,
  type Value,
} from './values.ts';

/** Operators of built-in values beyond numbers; undefined where the two have none. */
export function builtinBinary(
  interpreter: Interpreter,
  operator: BinaryOperator,
  left: Value,
  right: Value,
): Value | undefined {
  if (
    (left instanceof PySet && right instanceof PySet) ||
    (left instanceof PyDict && right instanceof PyDict)
  ) {
    // Hashing costs more than copying.
    interpreter.chargeItems((left.size + right.size) * 2);
  }
  switch (operator) {
    case '+':
      if (typeof left === 'string' && typeof right === 'string') {
        interpreter.budget.elements(left.length + right.length);
        interpreter.budget.memory(right.length);
        return left + right;
      }
      if (left instanceof PyList && right instanceof PyList) {
        interpreter.chargeItems(left.items.length + right.items.length);
        return new PyList([...left.items, ...right.items]);
      }
      if (left instanceof PyTuple && right instanceof PyTuple) {
        interpreter.chargeItems(left.items.length + right.items.length);
        return new PyTuple([...left.items, ...right.items]);
      }
      if (left instanceof PyBytes && right instanceof PyBytes) {
        interpreter.charge(left.bytes.length + right.bytes.length);
        const bytes = new Uint8Array(left.bytes.length + right.bytes.length);
        bytes.set(left.bytes);
        bytes.set(right.bytes, left.bytes.length);
        return new PyBytes(bytes);
      }
      break;
    case '*': {
      const count = intOf(right);
      if (count !== undefined) {
        const many = repeated(interpreter, left, Number(count));
        if (many !== undefined) return many;
      }
      const times = intOf(left);
      if (times !== undefined) return repeated(interpreter, right, Number(times));
      break;
    }
    case '%':
      if (typeof left === 'string') return percentFormat(left, right, interpreter);
      break;
    case '|':
      if (left instanceof PyDict && right instanceof PyDict) {
        const merged = new PyDict();
        merged.cls = left.cls;
        for (const dict of [left, right])
          for (const [hash, entry] of dict.entries) merged.entries.set(hash, { ...entry });
        return merged;
      }
      if (left instanceof PySet && right instanceof PySet)
        return new PySet([...left.items(), ...right.items()], left.frozen);
      if (isTypeLike(left) && isTypeLike(right)) return new PyUnion([left, right]);
      break;
    case '&':
      if (left instanceof PySet && right instanceof PySet)
        return new PySet(
          left.items().filter(v => right.has(v)),
          left.frozen,
        );
      break;
    case '-':
      if (left instanceof PySet && right instanceof PySet)
        return new PySet(
          left.items().filter(v => !right.has(v)),
          left.frozen,
        );
      break;
    case '^':
      if (left instanceof PySet && right instanceof PySet) {
        return new PySet(
          [...left.items().filter(v => !right.has(v)), ...right.items().filter(v => !left.has(v))],
          left.frozen,
        );
      }
      break;
    default:
  }
  return undefined;
}

/** `value * times` of a sequence; undefined for anything else. */
export function repeated(interpreter: Interpreter, value: Value, times: number): Value | undefined {
  const n = Math.max(0, times);
  if (typeof value === 'string') {
    interpreter.charge(value.length * n);
    return value.repeat(n);
  }
  if (value instanceof PyList || value instanceof PyTuple) {
    interpreter.chargeItems(value.items.length * n);
    const items: Value[] = [];
    for (let i = 0; i < n; i++) for (const item of value.items) items.push(item);
    return value instanceof PyList ? new PyList(items) : new PyTuple(items);
  }
  if (value instanceof PyBytes) {
    interpreter.charge(value.bytes.length * n);
    const bytes = new Uint8Array(value.bytes.length * n);
    for (let i = 0; i < n; i++) bytes.set(value.bytes, i * value.bytes.length);
    return new PyBytes(bytes);
  }
  return undefined;
}

function isTypeLike(value: Value): boolean {
  return value === null || value instanceof PyClass || value instanceof PyUnion;
}
