import type { AttributeOutline, CallOutline, NameUse, StatementOutline } from './outline.ts';

/** What stands in a function's body. */
export interface FunctionBody {
  readonly statements: readonly StatementOutline[];
  /** Uses of names, the parameters first. */
  readonly names: readonly NameUse[];
  readonly calls: readonly CallOutline[];
  /** `self.x = …`, for the function's class. */
  readonly attributes: readonly AttributeOutline[];
}

/**
 * A body that is read when somebody asks for it: of a long file, a hover needs one function and its class.
 * Whoever holds an outline may ask at any time, also when the text has changed since.
 */
export class LazyBody {
  private body: FunctionBody | undefined;
  private read: (() => FunctionBody) | undefined;

  constructor(read: () => FunctionBody) {
    this.read = read;
  }

  get isRead(): boolean {
    return this.body !== undefined;
  }

  get(): FunctionBody {
    if (this.body === undefined) {
      this.body = (this.read as () => FunctionBody)();
      this.read = undefined;
    }
    return this.body;
  }

  /** Another way to the same body, which stays where it is: the old one's text is about to go. */
  rebind(read: () => FunctionBody): void {
    if (this.body === undefined) this.read = read;
  }
}
