/** What one trace may use up. Every limit has its own message. */
export interface GraphLimits {
  /** Operators in one graph. */
  readonly nodes: number;
  /** Elements of one tensor. */
  readonly elements: number;
  /** Elements of all tensors of one graph together. */
  readonly totalElements: number;
}

export const defaultGraphLimits: GraphLimits = { nodes: 200_000, elements: 1 << 26, totalElements: 1 << 30 };

/** A limit was reached: the run ends, nothing else is harmed. */
export class LimitError extends Error {
  readonly limit: keyof GraphLimits;
  constructor(limit: keyof GraphLimits, message: string) {
    super(message);
    this.name = 'LimitError';
    this.limit = limit;
  }
}
