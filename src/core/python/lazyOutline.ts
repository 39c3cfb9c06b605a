import type { LazyBody } from './functionBody.ts';
import type { AttributeOutline, ClassOutline, FunctionOutline } from './outline.ts';

/** A function whose body is read when somebody looks at it. A plain object all the same: copied or compared, it is read. */
export function lazyFunction(
  head: Omit<FunctionOutline, 'statements' | 'names' | 'calls'>,
  body: LazyBody,
): FunctionOutline {
  return {
    ...head,
    get statements() {
      return body.get().statements;
    },
    get names() {
      return body.get().names;
    },
    get calls() {
      return body.get().calls;
    },
  };
}

/** A class whose attributes are collected when somebody asks for them: they stand in the bodies of its methods. */
export function classOutline(
  head: Omit<ClassOutline, 'attributes'>,
  collect: () => readonly AttributeOutline[],
): ClassOutline {
  let attributes: readonly AttributeOutline[] | undefined;
  return {
    ...head,
    get attributes() {
      attributes ??= collect();
      return attributes;
    },
  };
}

/** The attributes that a body assigns. */
export class LazyAttributes {
  constructor(private readonly body: LazyBody) {}

  get attributes(): readonly AttributeOutline[] {
    return this.body.get().attributes;
  }
}
