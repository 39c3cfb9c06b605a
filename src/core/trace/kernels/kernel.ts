import type { Buffer1D } from '../graph/data.ts';
import type { Attribute, GraphNode } from '../graph/graph.ts';

/**
 * Computes one operator: reads dense row-major inputs, writes into zeroed outputs of the node's shapes. Sums run in double
 * precision and are rounded once, when they are stored. An absent optional input is an empty buffer.
 */
export type Kernel = (node: GraphNode, inputs: readonly Buffer1D[], outputs: readonly Buffer1D[]) => void;

/** Kernels by operator name. */
export type KernelTable = Readonly<Record<string, Kernel>>;

/** The shape of input `i`. */
export function inputShape(node: GraphNode, i: number): readonly number[] {
  return node.inputs[i]!.shape;
}

/** A list attribute. */
export function listOf(node: GraphNode, name: string): readonly number[] {
  return node.attributes[name] as readonly number[];
}

/** A number attribute, with a default. */
export function numberOf(node: GraphNode, name: string, otherwise = 0): number {
  const value: Attribute | undefined = node.attributes[name];
  return typeof value === 'number' ? value : otherwise;
}

/** Arithmetic that torch would refuse too (division of an integer by zero), or that leaves the exact range of int64 here. */
export class ArithmeticFailure extends Error {
  override readonly name = 'ArithmeticFailure';
}
