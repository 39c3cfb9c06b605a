import type { EquationSymbol } from '../atlas/schema.ts';
import { axisNames } from './axisNames.ts';
import type { NamedAxis } from './linkedCells.ts';
import type { StepTensor } from './stepTensor.ts';

/** Tensors of one run in the order of the computation, outputs last. */
type Tensors = readonly StepTensor[];

/**
 * The axes of every tensor of a run. A name of the code may hold a symbol before it is complete (`k` before the caption is put in front is
 * not S+T long yet): where one name had two sizes, only the later tensor keeps it. An output without a symbol of its own takes the names of the
 * step tensor that it is.
 */
export function runAxes(
  symbols: readonly EquationSymbol[],
  steps: Tensors,
  outputs: Tensors,
): (tensor: StepTensor) => readonly NamedAxis[] {
  const sizes = new Map<string, number>();
  for (const tensor of [...steps, ...outputs]) {
    axisNames(symbols, tensor).forEach((name, axis) => {
      sizes.set(name, tensor.shape[axis] ?? 0);
    });
  }
  const ownAxes = (tensor: StepTensor): readonly NamedAxis[] => {
    const names = axisNames(symbols, tensor);
    return tensor.shape.map((size, axis) => {
      const name = names[axis];
      return { name: name !== undefined && sizes.get(name) === size ? name : undefined, size };
    });
  };
  const axesOf = new Map<StepTensor, readonly NamedAxis[]>();
  for (const tensor of steps) axesOf.set(tensor, ownAxes(tensor));
  for (const tensor of outputs) {
    const own = ownAxes(tensor);
    const same = own.some(axis => axis.name !== undefined)
      ? undefined
      : steps.findLast(candidate => equal(candidate, tensor));
    axesOf.set(tensor, (same && axesOf.get(same)) ?? own);
  }
  return tensor => axesOf.get(tensor) ?? tensor.shape.map(size => ({ name: undefined, size }));
}

function equal(a: StepTensor, b: StepTensor): boolean {
  return (
    a.shape.join() === b.shape.join() &&
    a.values.length === b.values.length &&
    a.values.every((value, index) => value === b.values[index])
  );
}
