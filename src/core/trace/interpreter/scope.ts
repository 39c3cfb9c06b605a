/** Which names a function, class or module body binds, reads and shares with functions inside it. */
import type { ClassDefinition, Comprehension, Expression, FunctionNode, Pattern, Statement } from './ast.ts';

export interface Names {
  readonly bound: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  /** Read or declared nonlocal here or further in, and not bound here. */
  readonly free: ReadonlySet<string>;
  /** Free in functions and classes directly inside. */
  readonly shared: ReadonlySet<string>;
  readonly isGenerator: boolean;
}

const functionNames = new WeakMap<FunctionNode, Names>();
const classNames = new WeakMap<ClassDefinition, Names>();
const captures = new WeakMap<Comprehension, boolean>();

/** Names of a function; the work is done once. */
export function namesOfFunction(node: FunctionNode): Names {
  let names = functionNames.get(node);
  if (!names) {
    const walk = new NameWalk();
    for (const parameter of node.parameters) walk.bound.add(parameter.name);
    walk.statements(node.body());
    names = walk.names(false);
    functionNames.set(node, names);
  }
  return names;
}

/** Names of a class body. What it binds is not visible further in. */
export function namesOfClass(node: ClassDefinition): Names {
  let names = classNames.get(node);
  if (!names) {
    const walk = new NameWalk();
    walk.statements(node.body);
    names = walk.names(true);
    classNames.set(node, names);
  }
  return names;
}

/** True where functions inside a comprehension may refer to its variables: it then runs as a generator of its own. */
export function capturesInside(node: Comprehension): boolean {
  let result = captures.get(node);
  if (result === undefined) {
    const walk = new NameWalk();
    walk.comprehension(node);
    result = walk.captured;
    captures.set(node, result);
  }
  return result;
}

/** What the generator function of a comprehension looks like. */
export function generatorOf(node: Comprehension): FunctionNode {
  const at = { start: node.start, end: node.end };
  const element: Expression =
    node.value === undefined ? node.element : { kind: 'Tuple', items: [node.element, node.value], ...at };
  let body: Statement[] = [
    { kind: 'Expression', value: { kind: 'Yield', from: false, value: element, ...at }, ...at },
  ];
  for (let i = node.clauses.length - 1; i >= 0; i--) {
    const clause = node.clauses[i]!;
    for (const condition of [...clause.conditions].reverse()) {
      body = [{ kind: 'If', condition, chosen: body, otherwise: [], ...at }];
    }
    const iterable: Expression = i === 0 ? { kind: 'Name', id: '.0', ...at } : clause.iterable;
    body = [{ kind: 'For', target: clause.target, iterable, body, otherwise: [], ...at }];
  }
  return {
    name: '<genexpr>',
    parameters: [{ name: '.0', type: 'normal', defaultValue: undefined }],
    isAsync: false,
    body: () => body,
    ...at,
  };
}

/** Names that a target binds. */
export function targetNames(target: Expression, into: string[] = []): string[] {
  switch (target.kind) {
    case 'Name':
      into.push(target.id);
      break;
    case 'Tuple':
    case 'List':
      for (const item of target.items) targetNames(item, into);
      break;
    case 'Starred':
      targetNames(target.value, into);
      break;
    default:
  }
  return into;
}

/** Names that a statement binds in its own scope, for poisoning. */
export function namesBoundBy(statement: Statement): ReadonlySet<string> {
  const walk = new NameWalk();
  walk.statements([statement]);
  return walk.bound;
}

class NameWalk {
  readonly bound = new Set<string>();
  readonly read = new Set<string>();
  readonly globals = new Set<string>();
  readonly nonlocals = new Set<string>();
  readonly shared = new Set<string>();
  /** A comprehension at the top of the walk has functions inside. */
  captured = false;
  private isGenerator = false;
  /** Variables of comprehensions around the expression at work. */
  private hidden: ReadonlySet<string>[] = [];

  names(ofClass: boolean): Names {
    for (const name of this.globals) this.bound.delete(name);
    for (const name of this.nonlocals) this.bound.delete(name);
    const free = new Set(this.nonlocals);
    for (const name of this.read)
      if ((ofClass || !this.bound.has(name)) && !this.globals.has(name)) free.add(name);
    for (const name of this.shared)
      if ((ofClass || !this.bound.has(name)) && !this.globals.has(name)) free.add(name);
    return {
      bound: this.bound,
      globals: this.globals,
      free,
      shared: this.shared,
      isGenerator: this.isGenerator,
    };
  }

  statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  private statement(s: Statement): void {
    switch (s.kind) {
      case 'Expression':
        this.expression(s.value);
        break;
      case 'Assign':
        this.expression(s.value);
        for (const target of s.targets) this.target(target);
        break;
      case 'AnnotatedAssign':
        if (s.value) this.expression(s.value);
        this.target(s.target);
        break;
      case 'AugmentedAssign':
        this.expression(s.value);
        this.expression(s.target);
        this.target(s.target);
        break;
      case 'Return':
        if (s.value) this.expression(s.value);
        break;
      case 'If':
        this.expression(s.condition);
        this.statements(s.chosen);
        this.statements(s.otherwise);
        break;
      case 'For':
        this.expression(s.iterable);
        this.target(s.target);
        this.statements(s.body);
        this.statements(s.otherwise);
        break;
      case 'While':
        this.expression(s.condition);
        this.statements(s.body);
        this.statements(s.otherwise);
        break;
      case 'With':
        for (const item of s.items) {
          this.expression(item.context);
          if (item.target) this.target(item.target);
        }
        this.statements(s.body);
        break;
      case 'Try':
        this.statements(s.body);
        for (const handler of s.handlers) {
          if (handler.type) this.expression(handler.type);
          if (handler.name) this.bind(handler.name);
          this.statements(handler.body);
        }
        this.statements(s.otherwise);
        this.statements(s.final);
        break;
      case 'Raise':
        if (s.value) this.expression(s.value);
        if (s.cause) this.expression(s.cause);
        break;
      case 'Assert':
        this.expression(s.condition);
        if (s.message) this.expression(s.message);
        break;
      case 'Delete':
        for (const target of s.targets) this.target(target);
        break;
      case 'Import':
        for (const name of s.names) this.bind(name.alias ?? name.module.split('.')[0]!);
        break;
      case 'ImportFrom':
        for (const name of s.names ?? []) this.bind(name.alias ?? name.name);
        break;
      case 'Function':
        this.bind(s.name);
        for (const decorator of s.decorators) this.expression(decorator);
        this.nested(s.code);
        break;
      case 'Class': {
        this.bind(s.name);
        for (const decorator of s.decorators) this.expression(decorator);
        for (const base of s.bases) this.expression(base);
        for (const keyword of s.keywords) this.expression(keyword.value);
        for (const name of namesOfClass(s).free) this.share(name);
        break;
      }
      case 'Global':
        for (const name of s.names) this.globals.add(name);
        break;
      case 'Nonlocal':
        for (const name of s.names) this.nonlocals.add(name);
        break;
      case 'Match':
        this.expression(s.subject);
        for (const c of s.cases) {
          this.pattern(c.pattern);
          if (c.guard) this.expression(c.guard);
          this.statements(c.body);
        }
        break;
      case 'RefusedStatement':
        for (const name of s.names) this.bind(name);
        break;
      default:
    }
  }

  private pattern(p: Pattern): void {
    switch (p.kind) {
      case 'Capture':
        this.bind(p.name);
        break;
      case 'Value':
        this.expression(p.value);
        break;
      case 'Or':
      case 'Sequence':
        for (const inner of p.patterns) this.pattern(inner);
        break;
      case 'As':
        this.bind(p.name);
        this.pattern(p.pattern);
        break;
      case 'Star':
        if (p.name !== undefined && p.name !== '_') this.bind(p.name);
        break;
      case 'Mapping':
        for (const item of p.items) {
          this.expression(item.key);
          this.pattern(item.pattern);
        }
        if (p.rest) this.bind(p.rest);
        break;
      case 'Class':
        this.expression(p.cls);
        for (const inner of p.positional) this.pattern(inner);
        for (const inner of p.keywords) this.pattern(inner.pattern);
        break;
      default:
    }
  }

  private bind(name: string): void {
    this.bound.add(name);
  }
  private use(name: string): void {
    if (!this.hidden.some(names => names.has(name))) this.read.add(name);
  }
  private share(name: string): void {
    this.shared.add(name);
  }

  private nested(node: FunctionNode): void {
    for (const parameter of node.parameters)
      if (parameter.defaultValue) this.expression(parameter.defaultValue);
    for (const name of namesOfFunction(node).free) this.share(name);
  }

  private target(target: Expression): void {
    switch (target.kind) {
      case 'Name':
        this.bind(target.id);
        break;
      case 'Tuple':
      case 'List':
        for (const item of target.items) this.target(item);
        break;
      case 'Starred':
        this.target(target.value);
        break;
      default:
        this.expression(target);
    }
  }

  comprehension(e: Comprehension): void {
    if (e.type === 'generator') {
      this.expression(e.clauses[0]!.iterable);
      this.shareGenerator(e);
      return;
    }
    const own = new Set<string>();
    for (const clause of e.clauses) for (const name of targetNames(clause.target)) own.add(name);
    this.expression(e.clauses[0]!.iterable);
    const inner = new NameWalk();
    inner.hidden = [...this.hidden, own];
    e.clauses.forEach((clause, i) => {
      if (i > 0) inner.expression(clause.iterable);
      inner.targetExpressions(clause.target);
      for (const condition of clause.conditions) inner.expression(condition);
    });
    inner.expression(e.element);
    if (e.value) inner.expression(e.value);
    for (const name of inner.read) this.use(name);
    for (const name of inner.bound) this.bind(name);
    // A function inside may refer to the comprehension's variables: all of it becomes a generator function.
    if (inner.shared.size > 0) {
      this.captured = true;
      this.shareGenerator(e);
    }
  }

  private shareGenerator(e: Comprehension): void {
    for (const name of namesOfFunction(comprehensionFunction(e)).free) this.share(name);
  }

  /** Subscripts and attributes in a comprehension's target read names. */
  private targetExpressions(target: Expression): void {
    if (target.kind === 'Tuple' || target.kind === 'List')
      for (const item of target.items) this.targetExpressions(item);
    else if (target.kind === 'Starred') this.targetExpressions(target.value);
    else if (target.kind !== 'Name') this.expression(target);
  }

  private expression(e: Expression): void {
    switch (e.kind) {
      case 'Name':
        this.use(e.id);
        break;
      case 'JoinedString':
        for (const part of e.parts) {
          if (typeof part === 'string') continue;
          this.expression(part.expression);
          if (part.spec) this.expression(part.spec);
        }
        break;
      case 'Tuple':
      case 'List':
      case 'Set':
        for (const item of e.items) this.expression(item);
        break;
      case 'Dict':
        for (const item of e.items) {
          if (item.key) this.expression(item.key);
          this.expression(item.value);
        }
        break;
      case 'Attribute':
        this.expression(e.object);
        break;
      case 'Subscript':
        this.expression(e.object);
        this.expression(e.index);
        break;
      case 'Slice':
        for (const part of [e.lower, e.upper, e.step]) if (part) this.expression(part);
        break;
      case 'Call':
        this.expression(e.callee);
        for (const arg of e.args) this.expression(arg);
        for (const keyword of e.keywords) this.expression(keyword.value);
        break;
      case 'Unary':
      case 'Not':
        this.expression(e.operand);
        break;
      case 'Binary':
      case 'Logical':
        this.expression(e.left);
        this.expression(e.right);
        break;
      case 'Comparison':
        for (const operand of e.operands) this.expression(operand);
        break;
      case 'Conditional':
        this.expression(e.condition);
        this.expression(e.chosen);
        this.expression(e.otherwise);
        break;
      case 'Lambda':
        this.nested(e.code);
        break;
      case 'Comprehension':
        this.comprehension(e);
        break;
      case 'Walrus':
        this.expression(e.value);
        this.bind(e.target.id);
        break;
      case 'Yield':
        this.isGenerator = true;
        if (e.value) this.expression(e.value);
        break;
      case 'Starred':
        this.expression(e.value);
        break;
      default:
    }
  }
}

const comprehensionFunctions = new WeakMap<Comprehension, FunctionNode>();

/** The generator function of a comprehension, made once. */
export function comprehensionFunction(e: Comprehension): FunctionNode {
  let node = comprehensionFunctions.get(e);
  if (!node) {
    node = generatorOf(e);
    comprehensionFunctions.set(e, node);
  }
  return node;
}
