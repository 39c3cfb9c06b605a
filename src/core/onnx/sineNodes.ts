import type { GraphNode } from '../trace/graph/graph.ts';

/** One ONNX operator by names: type, inputs, output. */
export type PlainNode = readonly [string, readonly string[], string];

/** π/2 in three parts whose products with whole numbers below 2^13 are exact in float32 (Cody and Waite). */
const halfPi = [1.5703125, 4.837512969970703e-4, 7.549789948768648e-8] as const;
/** Minimax polynomials on [−π/4, π/4] from Cephes (Moshier, 1989), highest power of r² first. */
const sinePolynomial = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1] as const;
const cosinePolynomial = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2] as const;

/**
 * Sin, Cos or Tan written as float32 arithmetic. WGSL promises 2^-11 for sine and cosine on [−π, π] and nothing beyond, which
 * a timestep embedding does not survive; this is exact to 2e-7 for |x| < 12,000.
 * @param scalar gives the name of a float32 constant
 */
export function sineNodes(
  node: GraphNode,
  input: string,
  output: string,
  scalar: (value: number) => string,
): PlainNode[] {
  const nodes: PlainNode[] = [];
  let count = 0;
  const emit = (op: string, ...inputs: string[]): string => {
    const name = `${output}_${count++}`;
    nodes.push([op, inputs, name]);
    return name;
  };
  const add = (a: string, b: string) => emit('Add', a, b);
  const mul = (a: string, b: string) => emit('Mul', a, b);
  const sub = (a: string, b: string) => emit('Sub', a, b);
  const times = (a: string, b: number) => mul(a, scalar(b));
  const turns = emit('Floor', add(times(input, 2 / Math.PI), scalar(0.5)));
  const r = halfPi.reduce((x, part) => sub(x, times(turns, part)), input);
  const square = mul(r, r);
  const horner = (coefficients: readonly number[]) =>
    coefficients.slice(1).reduce((sum, c) => add(mul(sum, square), scalar(c)), scalar(coefficients[0]!));
  const sine = add(mul(mul(horner(sinePolynomial), square), r), r);
  const tail = mul(mul(horner(cosinePolynomial), square), square);
  const cosine = add(sub(tail, times(square, 0.5)), scalar(1));
  /** The value in the quadrant: sine or cosine of r, with its sign. */
  const inQuadrant = (shift: number): string => {
    const k = shift === 0 ? turns : add(turns, scalar(shift));
    const quadrant = sub(k, times(emit('Floor', times(k, 0.25)), 4));
    const upper = emit('Floor', times(quadrant, 0.5));
    const odd = sub(quadrant, times(upper, 2));
    const even = sub(scalar(1), odd);
    const value = add(mul(sine, even), mul(cosine, odd));
    return mul(value, sub(scalar(1), times(upper, 2)));
  };
  const result =
    node.op === 'Tan' ? emit('Div', inQuadrant(0), inQuadrant(1)) : inQuadrant(node.op === 'Sin' ? 0 : 1);
  return [...nodes, ['Identity', [result], output]];
}
