import type { TensorData } from '../trace/graph/data.ts';
import { type RuledTensor, tensorByRule } from './tensorByRule.ts';

/** Numbers kept, in elements: the weights of the largest mini several times over. */
const CAPACITY = 2_000_000;

/**
 * Tensors by the rule, kept for the next run: the mini and the code on screen ask for the same weights, and so does every run
 * that a slider starts. What is given out is shared, so nobody writes into it.
 */
export class RememberedTensors {
  readonly #known = new Map<string, TensorData>();
  readonly #capacity: number;
  #size = 0;

  /** @param capacity elements that are kept at most; the oldest tensors go first */
  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  /** As `tensorByRule`. Listed numbers are not kept: they are somebody's already. */
  readonly make = (wanted: RuledTensor, seed: number): TensorData => {
    if (wanted.rule === 'explicit') return tensorByRule(wanted, seed);
    // The name goes last: whatever stands in it, two keys are equal only when all parts are.
    const key = `${seed} ${wanted.rule} ${wanted.type} ${wanted.vocab} ${wanted.shape.join('x')} ${wanted.name}`;
    const known = this.#known.get(key);
    if (known) return known;
    const made = tensorByRule(wanted, seed);
    this.#known.set(key, made);
    this.#size += made.data.length;
    for (const [oldest, { data }] of this.#known) {
      if (this.#size <= this.#capacity) break;
      this.#known.delete(oldest);
      this.#size -= data.length;
    }
    return made;
  };
}
