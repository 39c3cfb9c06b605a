/** Odd objects that the interpreter itself needs. */
import { Refusal } from './errors.ts';
import type { Runtime } from './runtime.ts';
import {
  type BinaryOperator,
  type CompareOperator,
  classOf,
  type Keywords,
  NativeObject,
  PyClass,
  type PyIterator,
  PyObject,
  superClass,
  type Value,
} from './values.ts';

/** `super()` */
export class PySuper extends PyObject {
  readonly start: PyClass;
  readonly self: Value;
  constructor(start: PyClass, self: Value) {
    super();
    this.start = start;
    this.self = self;
  }
  override get cls(): PyClass {
    return superClass;
  }
  /** The attribute behind `start` in the resolution order of the object's class. */
  lookup(name: string): Value | undefined {
    const { mro } = this.self instanceof PyClass ? this.self : classOf(this.self);
    for (let i = mro.indexOf(this.start) + 1; i < mro.length; i++) {
      const found = mro[i]!.namespace.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** A name in a class body whose statement was refused: tells so when used. */
export class PyPoison extends PyObject {
  readonly name: string;
  readonly error: Error;
  constructor(name: string, error: Error) {
    super();
    this.name = name;
    this.error = error;
  }
  override get cls(): PyClass {
    return poisonClass;
  }
}
const poisonClass = new PyClass('poison', { final: true });

/** `int | None` */
export class PyUnion extends PyObject {
  readonly members: readonly Value[];
  constructor(members: readonly Value[]) {
    super();
    this.members = members.flatMap(member => (member instanceof PyUnion ? member.members : [member]));
  }
  override get cls(): PyClass {
    return unionClass;
  }
}
const unionClass = new PyClass('UnionType', { final: true });

const unknownClass = new PyClass('module', { final: true });

/** Something imported from a module that is not there: may be carried around, is refused by name when used. */
export class UnknownImport extends NativeObject {
  readonly path: string;
  private readonly importer: string;

  /** @param path `xformers.ops.memory_efficient_attention` */
  constructor(path: string, importer: string) {
    super();
    this.path = path;
    this.importer = importer;
  }
  override get cls(): PyClass {
    return unknownClass;
  }
  refuse(): Refusal {
    return new Refusal({
      construct: this.path,
      message: `'${this.path}' is not known: there is no module '${moduleOf(this.path)}' in the workspace, and the tracer has no stand-in for it.`,
      hint: `Imported in ${this.importer}.`,
    });
  }
  override getAttribute(name: string): Value | undefined {
    if (name === '__name__') return this.path;
    if (name.startsWith('__')) throw this.refuse();
    return new UnknownImport(`${this.path}.${name}`, this.importer);
  }
  override setAttribute(): boolean {
    throw this.refuse();
  }
  override binary(_operator: BinaryOperator, _other: Value): Value {
    throw this.refuse();
  }
  override compare(_operator: CompareOperator, _other: Value): Value {
    throw this.refuse();
  }
  override getItem(): Value {
    throw this.refuse();
  }
  override setItem(): void {
    throw this.refuse();
  }
  override truth(): boolean {
    throw this.refuse();
  }
  override length(): number {
    throw this.refuse();
  }
  override iterate(): PyIterator {
    throw this.refuse();
  }
  override call(_args: readonly Value[], _keywords: Keywords, _runtime: Runtime): Value {
    throw this.refuse();
  }
  override toInt(): number {
    throw this.refuse();
  }
  override toFloat(): number {
    throw this.refuse();
  }
  override toIndex(): number {
    throw this.refuse();
  }
  override enter(): Value {
    throw this.refuse();
  }
  override repr(): string {
    return `<unknown import ${this.path}>`;
  }
}

/** The part of a dotted path that would be a module: `timm` of `timm.layers.Mlp`, `.transformer` of `.transformer.Block`. */
function moduleOf(path: string): string {
  return /^\.*[^.]*/.exec(path)?.[0] ?? path;
}
