import type { TensorData } from '../trace/graph/data.ts';
import type { GraphValue } from '../trace/graph/graph.ts';
import { liveNodes } from '../trace/graph/live.ts';
import { numel } from '../trace/graph/shape.ts';
import { Evaluator } from '../trace/kernels/evaluate.ts';
import { ATOL, comparePair, type Layout, type Pair, RTOL } from './comparePair.ts';
import type { ComputedTensor } from './computeRun.ts';

/** Beyond this many elements in all, nobody waits for every value of a run. */
const MAX_ELEMENTS = 20_000_000;

/** Everything that a traced run computes, by its numbers: whether a tensor of the equation occurs on screen, under whatever name. */
export class ScreenValues {
  readonly #bySize = new Map<number, TensorData[]>();

  private constructor(values: Iterable<TensorData>) {
    for (const data of values) {
      const size = data.data.length;
      const list = this.#bySize.get(size);
      if (list) list.push(data);
      else this.#bySize.set(size, [data]);
    }
  }

  /**
   * @param wanted what the run gave: their operators are computed and looked through
   * @returns undefined where the run is too large to look through
   */
  static of(wanted: readonly GraphValue[], feeds: ReadonlyMap<string, TensorData>): ScreenValues | undefined {
    const values = new Set(wanted);
    for (const node of liveNodes(wanted)) {
      for (const value of node.inputs) if (value) values.add(value);
      for (const value of node.outputs) values.add(value);
    }
    let elements = 0;
    for (const value of values) elements += numel(value.shape);
    if (elements > MAX_ELEMENTS) return undefined;
    const evaluator = new Evaluator(name => feeds.get(name));
    return new ScreenValues([...values].flatMap(value => numbersOf(evaluator, value) ?? []));
  }

  /** Numbers that do not turn up by chance: not all alike, or no whole number. */
  static isTelling({ data }: TensorData): boolean {
    const first = Number(data[0]);
    for (let i = 1; i < data.length; i++) if (Number(data[i]) !== first) return true;
    return data.length > 0 && !Number.isInteger(first);
  }

  /** Whether these very numbers occur, in whatever shape. */
  has(data: TensorData): boolean {
    if (!ScreenValues.isTelling(data)) return false;
    const near = (a: number, b: number) => a === b || Math.abs(a - b) <= ATOL + RTOL * Math.abs(a);
    return (this.#bySize.get(data.data.length) ?? []).some(other => {
      for (let i = 0; i < data.data.length; i++)
        if (!near(Number(data.data[i]), Number(other.data[i]))) return false;
      return true;
    });
  }

  /** The same numbers in the same order, in another shape or repeated along an axis; a layout that the step declares counts, too. */
  find(own: ComputedTensor, layout: Layout | undefined): Pair | undefined {
    if (!ScreenValues.isTelling(own.data)) return undefined;
    const size = own.data.data.length;
    for (const data of this.#bySize.get(size) ?? []) {
      const candidate: ComputedTensor = { ...own, data };
      const flat = comparePair(own, candidate, 'flat');
      if (flat.agrees) return flat;
      if (layout === undefined || layout === 'flat') continue;
      const turned = comparePair(own, candidate, layout);
      if (turned.agrees) return turned;
    }
    for (const [other, list] of this.#bySize) {
      if (other === size) continue;
      for (const data of list) {
        const pair = compareRepeated(own, data);
        if (pair?.agrees) return pair;
      }
    }
    return undefined;
  }
}

function numbersOf(evaluator: Evaluator, value: GraphValue): TensorData | undefined {
  try {
    return evaluator.get(value);
  } catch {
    // A draw, or an operator that failed: there are no numbers to be found.
    return undefined;
  }
}

/** The smaller of two tensors repeated along the axes that the other has more of; undefined where it does not fit. */
function compareRepeated(own: ComputedTensor, data: TensorData): Pair | undefined {
  const [small, large] = own.data.data.length < data.data.length ? [own.data, data] : [data, own.data];
  if (small.data.length < 2) return undefined;
  const rank = large.shape.length;
  if (small.shape.length > rank) return undefined;
  const shape = [...new Array<number>(rank - small.shape.length).fill(1), ...small.shape];
  if (shape.some((length, axis) => length !== 1 && length !== large.shape[axis])) return undefined;
  const strides = shape.map((length, axis) =>
    length === 1 ? 0 : shape.slice(axis + 1).reduce((product, next) => product * next, 1),
  );
  const repeated = large.data.slice();
  for (let i = 0; i < repeated.length; i++) {
    let from = 0;
    for (let axis = rank - 1, rest = i; axis >= 0; axis--) {
      const length = large.shape[axis]!;
      from += (rest % length) * strides[axis]!;
      rest = Math.floor(rest / length);
    }
    repeated[i] = small.data[from]!;
  }
  const expanded: TensorData = { ...small, shape: large.shape, data: repeated };
  return small === own.data
    ? comparePair({ ...own, data: expanded }, { ...own, data: large })
    : comparePair(own, { ...own, data: expanded });
}
