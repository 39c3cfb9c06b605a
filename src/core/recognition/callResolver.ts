import { lastSegment } from '../alignment/families.ts';
import type { AttributeOutline, ClassOutline, FunctionOutline, Outline } from '../python/outline.ts';
import type { Cancellation } from '../sources.ts';
import { moduleCandidates } from './moduleCandidates.ts';

/** A file whose outline is at hand. */
export interface OutlinedFile {
  readonly uri: string;
  readonly path: string;
  readonly outline: Outline;
}

/** Opens a file relative to another one; undefined where there is none. */
export type OpenFile = (from: OutlinedFile, relativePath: string) => Promise<OutlinedFile | undefined>;

/** A function that a call runs. */
export interface Definition {
  readonly file: OutlinedFile;
  readonly fn: FunctionOutline;
}

type Named =
  | { readonly kind: 'function'; readonly file: OutlinedFile; readonly fn: FunctionOutline }
  | { readonly kind: 'class'; readonly file: OutlinedFile; readonly cls: ClassOutline }
  | { readonly kind: 'module'; readonly file: OutlinedFile };

type NamedClass = Extract<Named, { kind: 'class' }>;

/** Chains of imports and bases longer than this are loops, or nobody's business. */
const MAX_DEPTH = 6;

/** Modules that hold others and run them in turn. */
const CONTAINERS = new Set(['Sequential', 'ModuleList', 'ModuleDict']);

/** Finds what a call runs: through `__init__` assignments, imports and base classes. One per question. */
export class CallResolver {
  constructor(
    private readonly open: OpenFile,
    private readonly cancellation?: Cancellation,
  ) {}

  /**
   * Everything that a callee may stand for; empty where that cannot be told.
   * @param fn the function that holds the call; undefined outside functions
   */
  async resolve(file: OutlinedFile, fn: FunctionOutline | undefined, callee: string): Promise<Definition[]> {
    if (callee.startsWith('.')) return [];
    const segments = callee.split('.');
    const [first = ''] = segments;
    if ((first === 'self' || first === 'cls') && fn !== undefined && segments.length > 1) {
      const own = this.classAround(file, fn);
      return own ? this.members([own], segments.slice(1)) : [];
    }
    const locals = await this.localClasses(file, fn, first);
    if (locals.length > 0) return this.members(locals, segments.slice(1));
    const named = await this.dotted(file, segments);
    if (!named) return [];
    if (named.kind === 'function') return [{ file: named.file, fn: named.fn }];
    return named.kind === 'class' ? this.called([named]) : [];
  }

  private classAround(file: OutlinedFile, fn: FunctionOutline): NamedClass | undefined {
    // A function nested in a method sees the method's self.
    const owner = fn.className ?? fn.qualname.split('.').slice(0, -1).join('.');
    for (let name = owner; name; name = name.split('.').slice(0, -1).join('.')) {
      const cls = file.outline.classes.find(it => it.qualname === name);
      if (cls) return { kind: 'class', file, cls };
    }
    return undefined;
  }

  /** `a.b.c` hanging off instances: attributes down to the last, which is a method or a module that is called. */
  private async members(owners: readonly NamedClass[], segments: readonly string[]): Promise<Definition[]> {
    const [name, ...rest] = segments;
    if (name === undefined) return this.called(owners);
    const found: Definition[] = [];
    for (const owner of owners) {
      const method = rest.length === 0 ? await this.method(owner, name, 0) : undefined;
      if (method) found.push(method);
      else found.push(...(await this.members(await this.attributeClasses(owner, name, 0), rest)));
    }
    return unique(found);
  }

  /** Calling an instance of a module runs `forward`. */
  private async called(classes: readonly NamedClass[]): Promise<Definition[]> {
    const found: Definition[] = [];
    for (const it of classes) {
      const method = (await this.method(it, 'forward', 0)) ?? (await this.method(it, '__call__', 0));
      if (method) found.push(method);
    }
    return unique(found);
  }

  /** A method by name, of the class itself or of its bases, in Python's order but for diamonds. */
  private async method(owner: NamedClass, name: string, depth: number): Promise<Definition | undefined> {
    const qualname = `${owner.cls.qualname}.${name}`;
    const own = owner.file.outline.functions.filter(fn => fn.qualname === qualname);
    // Overloads: the last definition is the one that stays.
    const fn = own[own.length - 1];
    if (fn) return { file: owner.file, fn };
    for (const base of await this.bases(owner, depth)) {
      const found = await this.method(base, name, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  private async bases(owner: NamedClass, depth: number): Promise<NamedClass[]> {
    if (depth >= MAX_DEPTH) return [];
    const bases: NamedClass[] = [];
    for (const base of owner.cls.bases) {
      if (!/^[\w.]+$/.test(base)) continue;
      const named = await this.dotted(owner.file, base.split('.'));
      if (named?.kind === 'class' && named.cls !== owner.cls) bases.push(named);
    }
    return bases;
  }

  /** What may be constructed into `self.name`, by the class or its bases. */
  private async attributeClasses(owner: NamedClass, name: string, depth: number): Promise<NamedClass[]> {
    const assigned = owner.cls.attributes.filter(it => it.name === name);
    const classes: NamedClass[] = [];
    for (const attribute of assigned) classes.push(...(await this.constructed(owner.file, attribute)));
    if (assigned.length > 0) return uniqueClasses(classes);
    for (const base of await this.bases(owner, depth)) {
      const found = await this.attributeClasses(base, name, depth + 1);
      if (found.length > 0) return found;
    }
    return [];
  }

  private async constructed(
    file: OutlinedFile,
    attribute: Pick<AttributeOutline, 'constructedBy' | 'constructors'>,
  ): Promise<NamedClass[]> {
    const { constructedBy, constructors } = attribute;
    const plain = constructedBy !== undefined && !CONTAINERS.has(lastSegment(constructedBy));
    const classes: NamedClass[] = [];
    for (const callee of plain ? [constructedBy] : constructors) {
      if (callee.startsWith('.') || callee.startsWith('self.')) continue;
      const named = await this.dotted(file, callee.split('.'));
      if (named?.kind === 'class') classes.push(named);
    }
    return uniqueClasses(classes);
  }

  /** What a local name may be an instance of, by what it was assigned from or annotated with. */
  private async localClasses(
    file: OutlinedFile,
    fn: FunctionOutline | undefined,
    name: string,
  ): Promise<NamedClass[]> {
    const classes: NamedClass[] = [];
    if (fn === undefined) {
      for (const it of file.outline.assignments) {
        if (it.name === name) classes.push(...(await this.constructed(file, it)));
      }
      return uniqueClasses(classes);
    }
    const annotation = fn.parameters.find(it => it.name === name)?.annotation;
    const annotated = /^(?:Optional\[)?["']?([\w.]+)["']?\]?$/.exec(annotation ?? '')?.[1];
    if (annotated) {
      const named = await this.dotted(file, annotated.split('.'));
      if (named?.kind === 'class') classes.push(named);
    }
    for (const statement of fn.statements) {
      if (!statement.targets.includes(name)) continue;
      if (statement.kind === 'for') {
        const own = this.classAround(file, fn);
        const lists = statement.names.filter(it => /^self\.\w+$/.test(it) && !statement.calls.includes(it));
        const list = lists.length === 1 ? lists[0] : undefined;
        if (own && list) classes.push(...(await this.attributeClasses(own, list.slice('self.'.length), 0)));
      } else if (statement.kind === 'assign' && statement.targets.length === 1) {
        const [outermost] = statement.calls;
        if (outermost === undefined) continue;
        const conditional = statement.operators.includes('if-else');
        classes.push(
          ...(await this.constructed(file, {
            constructors: statement.calls,
            ...(conditional ? {} : { constructedBy: outermost }),
          })),
        );
      }
    }
    return uniqueClasses(classes);
  }

  /** A dotted name seen from a file's top level. */
  private async dotted(
    file: OutlinedFile,
    segments: readonly string[],
    depth = 0,
  ): Promise<Named | undefined> {
    // `import a.b` binds the dotted name itself.
    for (let length = segments.length; length > 0; length--) {
      let named = await this.name(file, segments.slice(0, length).join('.'), depth);
      if (!named) continue;
      for (const segment of segments.slice(length)) {
        named = await this.inside(named, segment, depth);
        if (!named) return undefined;
      }
      return named;
    }
    return undefined;
  }

  private async inside(named: Named, segment: string, depth: number): Promise<Named | undefined> {
    if (named.kind === 'module') {
      return (await this.name(named.file, segment, depth + 1)) ?? this.module(named.file, `.${segment}`);
    }
    if (named.kind !== 'class') return undefined;
    const nested = named.file.outline.classes.find(it => it.qualname === `${named.cls.qualname}.${segment}`);
    if (nested) return { kind: 'class', file: named.file, cls: nested };
    const method = await this.method(named, segment, 0);
    return method ? { kind: 'function', ...method } : undefined;
  }

  /** A name at a file's top level: defined there, or imported. */
  private async name(file: OutlinedFile, name: string, depth: number): Promise<Named | undefined> {
    if (depth > MAX_DEPTH || this.cancellation?.isCancellationRequested) return undefined;
    const cls = file.outline.classes.find(it => it.qualname === name);
    if (cls) return { kind: 'class', file, cls };
    const fn = file.outline.functions.find(it => it.qualname === name);
    if (fn) return { kind: 'function', file, fn };
    for (const it of file.outline.imports) {
      if (it.local !== name) continue;
      const found = await this.imported(file, it.module, it.name, depth);
      if (found) return found;
    }
    for (const it of file.outline.imports) {
      if (it.name !== '*') continue;
      const found = await this.imported(file, it.module, name, depth);
      if (found) return found;
    }
    return undefined;
  }

  private async imported(
    file: OutlinedFile,
    module: string,
    name: string | undefined,
    depth: number,
  ): Promise<Named | undefined> {
    const target = await this.module(file, module);
    if (name === undefined) return target;
    const found = target && (await this.name(target.file, name, depth + 1));
    if (found) return found;
    return this.module(file, module.endsWith('.') ? `${module}${name}` : `${module}.${name}`);
  }

  private async module(
    file: OutlinedFile,
    module: string,
  ): Promise<Extract<Named, { kind: 'module' }> | undefined> {
    for (const candidate of moduleCandidates(module)) {
      if (this.cancellation?.isCancellationRequested) return undefined;
      const found = await this.open(file, candidate);
      if (found && found.uri !== file.uri) return { kind: 'module', file: found };
    }
    return undefined;
  }
}

function unique(definitions: readonly Definition[]): Definition[] {
  return definitions.filter((it, index) => definitions.findIndex(other => other.fn === it.fn) === index);
}

function uniqueClasses(classes: readonly NamedClass[]): NamedClass[] {
  return classes.filter((it, index) => classes.findIndex(other => other.cls === it.cls) === index);
}
