/** Where a name lives, decided when a body is compiled. */
import type { FunctionNode } from './ast.ts';
import type { Names } from './scope.ts';

export type Place =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'cell'; readonly slot: number }
  | { readonly kind: 'global' }
  /** Of a class body: its namespace first, then what `outer` says. */
  | {
      readonly kind: 'namespace';
      readonly outer: { readonly kind: 'cell'; readonly slot: number } | { readonly kind: 'global' };
    };

export class CompileScope {
  readonly kind: 'module' | 'function' | 'class';
  readonly parent: CompileScope | null;
  readonly qualname: string;
  readonly names: string[] = [];
  readonly isGenerator: boolean;
  private readonly slots = new Map<string, number>();
  private readonly cellNames = new Set<string>();
  private readonly globals: ReadonlySet<string>;
  private readonly bound: ReadonlySet<string>;
  readonly cells: number[] = [];
  readonly free: { slot: number; from: number }[] = [];
  private readonly comprehensions: ReadonlyMap<string, number>[] = [];

  constructor(
    kind: 'module' | 'function' | 'class',
    parent: CompileScope | null,
    qualname: string,
    names: Names | null,
    node: FunctionNode | null,
  ) {
    this.kind = kind;
    this.parent = parent;
    this.qualname = qualname;
    this.isGenerator = names?.isGenerator ?? false;
    this.globals = names?.globals ?? new Set();
    this.bound = names?.bound ?? new Set();
    if (kind === 'module' || !names) return;
    if (kind === 'function') {
      for (const name of parameterOrder(node!)) this.add(name);
      for (const name of names.bound) if (!this.slots.has(name)) this.add(name);
      for (const name of names.shared) {
        const slot = this.slots.get(name);
        if (slot !== undefined && names.bound.has(name)) {
          this.cellNames.add(name);
          this.cells.push(slot);
        }
      }
    }
    for (const name of names.free) {
      const from = parent?.cellSlot(name);
      if (from === undefined) continue;
      const slot = this.add(name);
      this.cellNames.add(name);
      this.free.push({ slot, from });
    }
  }

  private add(name: string): number {
    const slot = this.names.length;
    this.names.push(name);
    this.slots.set(name, slot);
    return slot;
  }

  /** Slot of a cell that functions inside may take over. */
  cellSlot(name: string): number | undefined {
    return this.cellNames.has(name) ? this.slots.get(name) : undefined;
  }

  /** A slot without a name of its own. */
  temporary(name: string): number {
    this.names.push(name);
    return this.names.length - 1;
  }

  place(name: string): Place {
    for (let i = this.comprehensions.length - 1; i >= 0; i--) {
      const slot = this.comprehensions[i]!.get(name);
      if (slot !== undefined) return { kind: 'local', slot };
    }
    const slot = this.slots.get(name);
    if (this.kind === 'class') {
      if (this.globals.has(name)) return { kind: 'global' };
      return { kind: 'namespace', outer: slot !== undefined ? { kind: 'cell', slot } : { kind: 'global' } };
    }
    if (slot === undefined || this.globals.has(name)) return { kind: 'global' };
    return this.cellNames.has(name) ? { kind: 'cell', slot } : { kind: 'local', slot };
  }

  /** `__name` in a class is `_Class__name`, so that a subclass may have one of its own. */
  mangle(name: string): string {
    if (!name.startsWith('__') || name.endsWith('__')) return name;
    for (let scope: CompileScope | null = this; scope !== null; scope = scope.parent) {
      if (scope.kind !== 'class') continue;
      const cls = scope.qualname.slice(scope.qualname.lastIndexOf('.') + 1).replace(/^_+/, '');
      return cls === '' ? name : `_${cls}${name}`;
    }
    return name;
  }

  /** Where an assignment goes. */
  target(name: string): Place {
    const place = this.place(name);
    if (
      this.kind === 'class' &&
      place.kind === 'namespace' &&
      !this.bound.has(name) &&
      place.outer.kind === 'cell'
    )
      return place.outer;
    return place;
  }

  within<T>(variables: ReadonlyMap<string, number>, compile: () => T): T {
    this.comprehensions.push(variables);
    try {
      return compile();
    } finally {
      this.comprehensions.pop();
    }
  }
}

/** Positional, keyword-only, star, double star. */
export function parameterOrder(node: FunctionNode): string[] {
  const of = (...types: string[]) => node.parameters.filter(p => types.includes(p.type)).map(p => p.name);
  return [...of('positionalOnly', 'normal'), ...of('keywordOnly'), ...of('star'), ...of('doubleStar')];
}
