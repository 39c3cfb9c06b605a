import type { ElementType, TensorData } from '../graph/data.ts';
import { Graph, type GraphValue } from '../graph/graph.ts';
import { LimitError as GraphLimitError } from '../graph/limits.ts';
import { numel } from '../graph/shape.ts';
import { LimitError, Refusal, raise } from '../interpreter/errors.ts';
import type { Budget } from '../interpreter/limits.ts';
import type { PyClass, Value } from '../interpreter/values.ts';
import { Evaluator, UnavailableError } from '../kernels/evaluate.ts';
import { IndexFailure } from '../kernels/indexing.ts';
import { ArithmeticFailure } from '../kernels/kernel.ts';
import { dtypes, type TorchDType } from './dtype.ts';
import type { TorchGenerator } from './generator.ts';
import type { Tensor } from './tensor.ts';

/** What the tensor class needs from the torch tables; handed in so that neither imports the other. */
export interface TensorLibrary {
  readonly tensorClass: PyClass;
  readonly parameterClass: PyClass;
  readonly binary: (operator: string, left: Tensor, right: Value, reflected: boolean) => Value;
  readonly inplace: (operator: string, left: Tensor, right: Value) => Value;
  readonly compare: (operator: string, left: Tensor, right: Value) => Value;
  readonly unary: (operator: string, operand: Tensor) => Value;
  readonly getItem: (tensor: Tensor, key: Value) => Tensor;
  readonly setItem: (tensor: Tensor, key: Value, value: Value) => void;
  readonly select: (tensor: Tensor, axis: number, index: number) => Tensor;
  readonly repr: (tensor: Tensor) => string;
}

/** A number that Python saw while it was traced: the graph is true for other feeds only while this stays so. */
export interface Observation {
  readonly value: GraphValue;
  readonly data: TensorData;
}

/**
 * The tensor side of one traced run: the graph that grows, the numbers known so far, and what Python has looked at.
 */
export class TorchSession {
  readonly graph: Graph;
  readonly library: TensorLibrary;
  readonly feeds = new Map<string, TensorData>();
  readonly observations: Observation[] = [];
  readonly #budget: Budget | undefined;
  readonly #evaluator: Evaluator;
  readonly #observed = new Set<GraphValue>();
  #nodesCharged = 0;
  defaultDType: TorchDType = dtypes.float32;
  gradEnabled = true;
  /** The default generator, once `torch.manual_seed` has been called. */
  generator: TorchGenerator | undefined;

  constructor(library: TensorLibrary, budget?: Budget) {
    this.library = library;
    this.#budget = budget;
    this.graph = new Graph(
      budget
        ? {
            nodes: budget.limits.nodes,
            elements: budget.limits.elements,
            totalElements: budget.limits.bytes / 8,
          }
        : undefined,
    );
    this.#evaluator = new Evaluator(name => this.feeds.get(name), {
      beforeNode: node => {
        budget?.step(1 + node.outputs.reduce((n, v) => n + numel(v.shape), 0) / 64);
        budget?.memory(node.outputs.reduce((n, v) => n + numel(v.shape), 0) * 8);
      },
    });
  }

  /** Adds an operator with one output; operands of floating type are already of one type. */
  op(...args: Parameters<Graph['op']>): GraphValue {
    return this.ops(...args)[0]!;
  }

  /** Adds an operator. */
  ops(...args: Parameters<Graph['ops']>): readonly GraphValue[] {
    try {
      const outputs = this.graph.ops(...args);
      this.#charge();
      return outputs;
    } catch (error) {
      if (error instanceof GraphLimitError) throw this.#limit(error);
      throw error;
    }
  }

  /** Refuses a tensor of that shape before anything is allocated. */
  checkSize(shape: readonly number[]): void {
    this.#budget?.elements(numel(shape));
  }

  /** Refuses so many Python numbers before they are made. */
  checkItems(count: number): void {
    this.#budget?.items(count);
  }

  /** Charges memory that is taken at once. */
  charge(elements: number): void {
    this.#budget?.memory(elements * 8);
  }

  /** The numbers of a value, now. What depends on inputs is remembered as an observation. */
  read(value: GraphValue): TensorData {
    this.#budget?.work(numel(value.shape));
    const data = this.peek(value);
    if (!value.constant && !this.#observed.has(value)) {
      this.#observed.add(value);
      this.observations.push({ value, data });
    }
    return data;
  }

  /** The numbers of a value for display; not an observation. */
  peek(value: GraphValue): TensorData {
    try {
      return this.#evaluator.get(value);
    } catch (error) {
      throw translate(error);
    }
  }

  /** A value fed from outside, with its numbers for this run. */
  feed(
    kind: 'input' | 'parameter',
    name: string,
    data: TensorData,
    type: ElementType = data.type,
  ): GraphValue {
    this.feeds.set(name, data);
    return this.graph.feed(kind, name, type, data.shape);
  }

  #charge(): void {
    const nodes = this.graph.nodes.length;
    this.#budget?.node(nodes - this.#nodesCharged);
    // Values that are never evaluated cost nothing but their description; what is evaluated is charged there.
    this.#budget?.memory((nodes - this.#nodesCharged) * 400);
    this.#nodesCharged = nodes;
  }

  #limit(error: GraphLimitError): LimitError {
    if (error.limit === 'totalElements') return new LimitError('bytes', this.graph.limits.totalElements * 8);
    return new LimitError(error.limit, this.graph.limits[error.limit]);
  }
}

/** What a failing kernel means to Python. */
function translate(error: unknown): unknown {
  if (error instanceof UnavailableError)
    return new Refusal({
      construct: 'a number that is not known',
      message: `A number is needed here that the tracer does not have: ${error.message}.`,
      hint: 'Pass random tensors in as inputs, or call torch.manual_seed first.',
    });
  if (error instanceof IndexFailure) return raise('IndexError', error.message);
  if (error instanceof ArithmeticFailure)
    return error.message === 'ZeroDivisionError'
      ? raise('RuntimeError', 'ZeroDivisionError')
      : new Refusal({
          construct: 'int64 arithmetic',
          message: `Integer arithmetic leaves the exact range: ${error.message}.`,
        });
  return error;
}
