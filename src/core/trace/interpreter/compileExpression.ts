/** Expressions → closures. */
import type {
  Call,
  Comparison,
  Comprehension,
  Expression,
  FunctionNode,
  JoinedString,
  Keyword,
} from './ast.ts';
import { GeneratorCompiler } from './compileGenerator.ts';
import { CompileScope, parameterOrder } from './compileScope.ts';
import { StatementCompiler } from './compileStatement.ts';
import { Refusal, raise } from './errors.ts';
import {
  type Cell,
  type Code,
  type Frame,
  type Layout,
  PyFunction,
  type RunExpression,
  Signal,
} from './frame.ts';
import { capturesInside, comprehensionFunction, namesOfFunction, targetNames } from './scope.ts';
import type { SourceFile } from './sourceFile.ts';
import { PySuper } from './special.ts';
import {
  type CompareOperator,
  classOf,
  isInt,
  PyClass,
  PyDict,
  PyFloat,
  PyInstance,
  PyList,
  PyObject,
  PyProperty,
  PySet,
  PySlice,
  PyTuple,
  type Value,
} from './values.ts';

/** Stores a value into a compiled target. */
export type StoreTarget = (frame: Frame, value: Value) => void;

/** Compiles the expressions of one scope. */
export class ExpressionCompiler {
  readonly file: SourceFile;
  readonly scope: CompileScope;

  constructor(file: SourceFile, scope: CompileScope) {
    this.file = file;
    this.scope = scope;
  }

  compile(e: Expression): RunExpression {
    switch (e.kind) {
      case 'Constant': {
        const { value } = e;
        return () => value;
      }
      case 'Name':
        return this.loadName(e.id);
      case 'JoinedString':
        return this.joinedString(e);
      case 'Tuple': {
        const items = this.items(e.items);
        return f => new PyTuple(items(f));
      }
      case 'List': {
        const items = this.items(e.items);
        return f => new PyList(items(f));
      }
      case 'Set': {
        const items = this.items(e.items);
        return f => new PySet(items(f));
      }
      case 'Dict':
        return this.dict(e);
      case 'Attribute':
        return this.attribute(e);
      case 'Subscript': {
        const object = this.compile(e.object);
        const index = this.compile(e.index);
        return f => {
          const container = object(f);
          const key = index(f);
          f.at = e;
          return f.interpreter.getItem(container, key);
        };
      }
      case 'Slice': {
        const lower = e.lower && this.compile(e.lower);
        const upper = e.upper && this.compile(e.upper);
        const step = e.step && this.compile(e.step);
        return f => new PySlice(lower ? lower(f) : null, upper ? upper(f) : null, step ? step(f) : null);
      }
      case 'Call':
        return this.call(e);
      case 'Unary': {
        const operand = this.compile(e.operand);
        const { operator } = e;
        if (operator === '-' && e.operand.kind === 'Constant') {
          const { value } = e.operand;
          if (typeof value === 'number' && value !== 0) return () => -value;
          if (value instanceof PyFloat) {
            const negative = new PyFloat(-value.value);
            return () => negative;
          }
        }
        return f => {
          const value = operand(f);
          f.at = e;
          return f.interpreter.unary(operator, value);
        };
      }
      case 'Not': {
        const operand = this.condition(e.operand);
        return f => !operand(f);
      }
      case 'Binary':
        return this.binary(e);
      case 'Logical': {
        const left = this.compile(e.left);
        const right = this.compile(e.right);
        if (e.operator === 'and') {
          return f => {
            const value = left(f);
            return (typeof value === 'boolean' ? value : f.interpreter.truth(value)) ? right(f) : value;
          };
        }
        return f => {
          const value = left(f);
          return (typeof value === 'boolean' ? value : f.interpreter.truth(value)) ? value : right(f);
        };
      }
      case 'Comparison':
        return this.comparison(e);
      case 'Conditional': {
        const condition = this.condition(e.condition);
        const then = this.compile(e.chosen);
        const otherwise = this.compile(e.otherwise);
        return f => (condition(f) ? then(f) : otherwise(f));
      }
      case 'Lambda':
        return this.functionMaker(e.code);
      case 'Comprehension':
        return this.comprehension(e);
      case 'Walrus': {
        if (this.scope.names[0] === '.0') {
          return this.refused(e, ':=', 'An assignment inside a generator expression is not supported.');
        }
        const value = this.compile(e.value);
        const store = this.storeName(e.target.id);
        const targets = [e.target];
        return f => {
          const result = value(f);
          store(f, result);
          if (f.record !== null) f.interpreter.recorder!.assign(f.record, e, targets, result);
          return result;
        };
      }
      case 'Yield':
        return this.refused(e, 'yield', 'A yield inside a larger expression is not supported.');
      case 'Starred':
        return () => {
          throw raise('SyntaxError', "can't use starred expression here");
        };
      case 'Refused':
        return this.refused(e, e.construct, e.message);
    }
  }

  private refused(e: Expression, construct: string, message: string): RunExpression {
    return f => {
      f.at = e;
      throw new Refusal({ construct, message });
    };
  }

  /** Truth of an expression as a JavaScript boolean. */
  condition(e: Expression): (frame: Frame) => boolean {
    if (e.kind === 'Not') {
      const inner = this.condition(e.operand);
      return f => !inner(f);
    }
    if (e.kind === 'Logical') {
      const left = this.condition(e.left);
      const right = this.condition(e.right);
      return e.operator === 'and' ? f => left(f) && right(f) : f => left(f) || right(f);
    }
    const run = this.compile(e);
    return f => {
      const value = run(f);
      if (typeof value === 'boolean') return value;
      f.at = e;
      return f.interpreter.truth(value);
    };
  }

  loadName(name: string): RunExpression {
    const place = this.scope.place(name);
    switch (place.kind) {
      case 'local': {
        const { slot } = place;
        return f => {
          const value = f.vars[slot];
          if (value === undefined)
            throw raise('UnboundLocalError', `local variable '${name}' referenced before assignment`);
          return value as Value;
        };
      }
      case 'cell': {
        const { slot } = place;
        return f => {
          const { value } = f.vars[slot] as Cell;
          if (value === undefined)
            throw raise(
              'NameError',
              `free variable '${name}' referenced before assignment in enclosing scope`,
            );
          return value;
        };
      }
      case 'global':
        if (name === '__class__') {
          return f => {
            const value = f.classCell?.value;
            if (value === undefined) throw raise('NameError', "name '__class__' is not defined");
            return value;
          };
        }
        return f => {
          const value = f.module.attributes.get(name);
          return value !== undefined ? value : f.interpreter.global(f, name);
        };
      case 'namespace': {
        const { outer } = place;
        const key = this.scope.mangle(name);
        return f => {
          const own = f.namespace!.get(key);
          if (own !== undefined) return own;
          if (outer.kind === 'cell') {
            const { value } = f.vars[outer.slot] as Cell;
            if (value !== undefined) return value;
          }
          const value = f.module.attributes.get(name);
          return value !== undefined ? value : f.interpreter.global(f, name);
        };
      }
    }
  }

  storeName(name: string): StoreTarget {
    const place = this.scope.target(name);
    switch (place.kind) {
      case 'local': {
        const { slot } = place;
        return (f, value) => {
          f.vars[slot] = value;
        };
      }
      case 'cell': {
        const { slot } = place;
        return (f, value) => {
          (f.vars[slot] as Cell).value = value;
        };
      }
      case 'namespace': {
        const key = this.scope.mangle(name);
        return (f, value) => {
          f.namespace!.set(key, value);
        };
      }
      default:
        return (f, value) => {
          f.module.attributes.set(name, value);
        };
    }
  }

  deleteName(name: string): (frame: Frame) => void {
    const place = this.scope.target(name);
    const missing = () => raise('NameError', `name '${name}' is not defined`);
    switch (place.kind) {
      case 'local': {
        const { slot } = place;
        return f => {
          if (f.vars[slot] === undefined) throw missing();
          f.vars[slot] = undefined;
        };
      }
      case 'cell': {
        const { slot } = place;
        return f => {
          (f.vars[slot] as Cell).value = undefined;
        };
      }
      case 'namespace':
        return f => {
          if (!f.namespace!.delete(name)) throw missing();
        };
      default:
        return f => {
          if (!f.module.attributes.delete(name)) throw missing();
        };
    }
  }

  /** Assignment to any target. */
  store(target: Expression): StoreTarget {
    switch (target.kind) {
      case 'Name':
        return this.storeName(target.id);
      case 'Attribute': {
        const object = this.compile(target.object);
        const name = this.scope.mangle(target.name);
        return (f, value) => {
          const on = object(f);
          f.at = target;
          f.interpreter.setAttribute(on, name, value);
        };
      }
      case 'Subscript': {
        const object = this.compile(target.object);
        const index = this.compile(target.index);
        return (f, value) => {
          const container = object(f);
          const key = index(f);
          f.at = target;
          f.interpreter.setItem(container, key, value);
        };
      }
      case 'Tuple':
      case 'List': {
        const stores = target.items.map(item => this.store(item.kind === 'Starred' ? item.value : item));
        const star = target.items.findIndex(item => item.kind === 'Starred');
        return (f, value) => {
          f.at = target;
          const items = unpack(f, value, stores.length, star);
          for (let i = 0; i < stores.length; i++) stores[i]!(f, items[i]!);
        };
      }
      case 'Starred':
        return () => {
          throw raise('SyntaxError', 'starred assignment target must be in a list or tuple');
        };
      default:
        return f => {
          f.at = target;
          throw new Refusal({ construct: 'assignment', message: 'This cannot be assigned to.' });
        };
    }
  }

  /** Display items with stars expanded. */
  private items(list: readonly Expression[]): (frame: Frame) => Value[] {
    const runs = list.map(item => this.compile(item.kind === 'Starred' ? item.value : item));
    const n = runs.length;
    if (!list.some(item => item.kind === 'Starred')) {
      return f => {
        const values: Value[] = [];
        for (let i = 0; i < n; i++) values.push(runs[i]!(f));
        return values;
      };
    }
    const stars = list.map(item => item.kind === 'Starred');
    return f => {
      const values: Value[] = [];
      for (let i = 0; i < n; i++) {
        const value = runs[i]!(f);
        if (stars[i]) for (const item of f.interpreter.list(value)) values.push(item);
        else values.push(value);
      }
      return values;
    };
  }

  private dict(e: Extract<Expression, { kind: 'Dict' }>): RunExpression {
    const items = e.items.map(item => ({
      key: item.key && this.compile(item.key),
      value: this.compile(item.value),
    }));
    return f => {
      const dict = new PyDict();
      for (const item of items) {
        if (item.key) {
          const key = item.key(f);
          dict.set(key, item.value(f));
        } else {
          f.at = e;
          mergeInto(f, dict, item.value(f));
        }
      }
      return dict;
    };
  }

  private joinedString(e: JoinedString): RunExpression {
    const parts = e.parts.map(part => {
      if (typeof part === 'string') return part;
      return {
        run: this.compile(part.expression),
        conversion: part.conversion,
        spec: part.spec && this.joinedString(part.spec),
      };
    });
    return f => {
      let out = '';
      for (const part of parts) {
        if (typeof part === 'string') {
          out += part;
          continue;
        }
        let value = part.run(f);
        f.at = e;
        if (part.conversion === 'r' || part.conversion === 'a') value = f.interpreter.repr(value);
        else if (part.conversion === 's') value = f.interpreter.str(value);
        out += f.interpreter.format(value, part.spec ? (part.spec(f) as string) : '');
      }
      f.interpreter.budget.elements(out.length);
      f.interpreter.budget.memory(out.length);
      return out;
    };
  }

  private attribute(e: Extract<Expression, { kind: 'Attribute' }>): RunExpression {
    const object = this.compile(e.object);
    const name = this.scope.mangle(e.name);
    return f => {
      const value = object(f);
      if (value instanceof PyInstance) {
        const own = value.attributes.get(name);
        if (own !== undefined) {
          const found = value.cls.lookup(name);
          if (found === undefined || !(found instanceof PyProperty || found instanceof PyInstance))
            return own;
        }
      }
      f.at = e;
      const found = f.interpreter.findAttribute(value, name);
      return found !== undefined ? found : f.interpreter.getAttribute(value, name);
    };
  }

  private binary(e: Extract<Expression, { kind: 'Binary' }>): RunExpression {
    const left = this.compile(e.left);
    const right = this.compile(e.right);
    const { operator } = e;
    const slow = (f: Frame, a: Value, b: Value) => {
      f.at = e;
      return f.interpreter.binary(operator, a, b);
    };
    switch (operator) {
      case '+':
        return f => {
          const a = left(f);
          const b = right(f);
          if (typeof a === 'number' && typeof b === 'number') {
            const sum = a + b;
            if (Number.isSafeInteger(sum)) return sum;
          }
          return slow(f, a, b);
        };
      case '-':
        return f => {
          const a = left(f);
          const b = right(f);
          if (typeof a === 'number' && typeof b === 'number') {
            const difference = a - b;
            if (Number.isSafeInteger(difference)) return difference;
          }
          return slow(f, a, b);
        };
      case '*':
        return f => {
          const a = left(f);
          const b = right(f);
          if (typeof a === 'number' && typeof b === 'number') {
            const product = a * b;
            if (Number.isSafeInteger(product)) return product + 0;
          }
          return slow(f, a, b);
        };
      default:
        return f => {
          const a = left(f);
          return slow(f, a, right(f));
        };
    }
  }

  private comparison(e: Comparison): RunExpression {
    const operands = e.operands.map(operand => this.compile(operand));
    const { operators } = e;
    const one = (f: Frame, operator: Comparison['operators'][number], a: Value, b: Value): Value => {
      switch (operator) {
        case 'is':
          return f.interpreter.same(a, b);
        case 'is not':
          return !f.interpreter.same(a, b);
        case 'in':
          f.at = e;
          return f.interpreter.contains(b, a);
        case 'not in':
          f.at = e;
          return !f.interpreter.contains(b, a);
        default:
          if (typeof a === 'number' && typeof b === 'number') {
            switch (operator) {
              case '<':
                return a < b;
              case '<=':
                return a <= b;
              case '>':
                return a > b;
              case '>=':
                return a >= b;
              case '==':
                return a === b;
              case '!=':
                return a !== b;
            }
          }
          f.at = e;
          return f.interpreter.compare(operator as CompareOperator, a, b);
      }
    };
    if (operators.length === 1) {
      const [left, right] = operands as [RunExpression, RunExpression];
      const operator = operators[0]!;
      if (operator === 'is' && e.operands[1]!.kind === 'Constant') {
        const constant = e.operands[1]!.value;
        if (constant === null || typeof constant === 'boolean') return f => left(f) === constant;
      }
      if (operator === 'is not' && e.operands[1]!.kind === 'Constant') {
        const constant = e.operands[1]!.value;
        if (constant === null || typeof constant === 'boolean') return f => left(f) !== constant;
      }
      return f => {
        const a = left(f);
        return one(f, operator, a, right(f));
      };
    }
    return f => {
      let a = operands[0]!(f);
      let result: Value = true;
      for (let i = 0; i < operators.length; i++) {
        const b = operands[i + 1]!(f);
        result = one(f, operators[i]!, a, b);
        if (i < operators.length - 1 && !f.interpreter.truth(result)) return result;
        a = b;
      }
      return result;
    };
  }

  private call(e: Call): RunExpression {
    const { callee } = e;
    if (callee.kind === 'Name' && callee.id === 'super' && e.args.length === 0 && e.keywords.length === 0)
      return this.superCall(e);
    const args = this.args(e.args);
    const keywords = this.keywords(e.keywords);
    if (callee.kind === 'Attribute') {
      const object = this.compile(callee.object);
      const name = this.scope.mangle(callee.name);
      const plain = e.args.some(arg => arg.kind === 'Starred')
        ? undefined
        : e.args.map(arg => this.compile(arg));
      return f => {
        const { interpreter } = f;
        const on = object(f);
        f.at = callee;
        const method = interpreter.loadMethod(on, name);
        let values: Value[];
        if (interpreter.bound) {
          if (plain) {
            values = [interpreter.receiver];
            for (let i = 0; i < plain.length; i++) values.push(plain[i]!(f));
          } else values = [interpreter.receiver, ...args(f)];
        } else values = args(f);
        const named = keywords === null ? null : keywords(f);
        f.at = e;
        return interpreter.callFunction(method, values, named);
      };
    }
    const run = this.compile(callee);
    return f => {
      const target = run(f);
      const values = args(f);
      const named = keywords === null ? null : keywords(f);
      f.at = e;
      return f.interpreter.callFunction(target, values, named);
    };
  }

  private superCall(e: Call): RunExpression {
    const first = this.scope.names[0];
    const isFunction = this.scope.kind === 'function';
    const load = isFunction && first !== undefined ? this.loadName(first) : undefined;
    return f => {
      f.at = e;
      const start = f.classCell?.value;
      if (!(start instanceof PyClass) || !load) throw raise('RuntimeError', 'super(): no arguments');
      return new PySuper(start, load(f));
    };
  }

  private args(list: readonly Expression[]): (frame: Frame) => Value[] {
    return this.items(list);
  }

  keywords(list: readonly Keyword[]): ((frame: Frame) => ReadonlyMap<string, Value> | null) | null {
    if (list.length === 0) return null;
    const runs = list.map(keyword => ({ name: keyword.name, run: this.compile(keyword.value) }));
    return f => {
      const named = new Map<string, Value>();
      for (const { name, run } of runs) {
        const value = run(f);
        if (name !== undefined) {
          if (named.has(name)) throw raise('TypeError', `got multiple values for keyword argument '${name}'`);
          named.set(name, value);
          continue;
        }
        const rest = new PyDict();
        mergeInto(f, rest, value);
        for (const entry of rest.entries.values()) {
          if (typeof entry.key !== 'string') throw raise('TypeError', 'keywords must be strings');
          if (named.has(entry.key))
            throw raise('TypeError', `got multiple values for keyword argument '${entry.key}'`);
          named.set(entry.key, entry.value);
        }
      }
      return named.size === 0 ? null : named;
    };
  }

  private comprehension(e: Comprehension): RunExpression {
    if (e.type === 'generator' || capturesInside(e)) return this.generatorComprehension(e);
    const first = this.compile(e.clauses[0]!.iterable);
    const variables = new Map<string, number>();
    for (const clause of e.clauses) {
      for (const name of targetNames(clause.target))
        if (!variables.has(name)) variables.set(name, this.scope.temporary(name));
    }
    return this.scope.within(variables, () => {
      let add: (f: Frame, into: PyObject) => void;
      const element = this.compile(e.element);
      if (e.type === 'dict') {
        const value = this.compile(e.value!);
        add = (f, into) => {
          const key = element(f);
          (into as PyDict).set(key, value(f));
        };
      } else if (e.type === 'set') add = (f, into) => (into as PySet).add(element(f));
      else {
        add = (f, into) => {
          (into as PyList).items.push(element(f));
        };
      }
      for (let i = e.clauses.length - 1; i >= 0; i--) {
        const clause = e.clauses[i]!;
        const iterable = i === 0 ? undefined : this.compile(clause.iterable);
        const store = this.store(clause.target);
        const conditions = clause.conditions.map(condition => this.condition(condition));
        const inner = add;
        const loop = (f: Frame, into: PyObject, source: Value) => {
          f.at = clause.iterable;
          const iterator = f.interpreter.iterate(source);
          const { budget } = f.interpreter;
          let count = 0;
          for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
            if (--budget.fuel < 0) budget.refuel();
            if ((++count & 1023) === 0) f.interpreter.growth(count);
            store(f, item);
            if (conditions.every(condition => condition(f))) inner(f, into);
          }
        };
        add = iterable ? (f, into) => loop(f, into, iterable(f)) : (f, into) => loop(f, into, first(f));
      }
      const outermost = add;
      return f => {
        const into = e.type === 'dict' ? new PyDict() : e.type === 'set' ? new PySet() : new PyList([]);
        outermost(f, into);
        return into;
      };
    });
  }

  private generatorComprehension(e: Comprehension): RunExpression {
    const first = this.compile(e.clauses[0]!.iterable);
    const make = this.functionMaker(comprehensionFunction(e));
    return f => {
      const source = first(f);
      f.at = e.clauses[0]!.iterable;
      const iterator = f.interpreter.iterate(source);
      const generator = f.interpreter.callFunction(make(f), [iterator], null);
      switch (e.type) {
        case 'generator':
          return generator;
        case 'list':
          return new PyList(f.interpreter.list(generator));
        case 'set':
          return new PySet(f.interpreter.list(generator));
        case 'dict': {
          const dict = new PyDict();
          for (const pair of f.interpreter.list(generator))
            dict.set((pair as PyTuple).items[0]!, (pair as PyTuple).items[1]!);
          return dict;
        }
      }
    };
  }

  /** Makes the function object of a `def` or lambda. */
  functionMaker(node: FunctionNode): RunExpression {
    const { code, scopeOf } = compileFunction(this.file, this.scope, node);
    const compileDefault = (value: Expression | undefined) => value && this.compile(value);
    const positional = node.parameters
      .filter(p => p.type === 'normal' || p.type === 'positionalOnly')
      .map(p => compileDefault(p.defaultValue));
    const keywordOnly = node.parameters
      .filter(p => p.type === 'keywordOnly')
      .map(p => compileDefault(p.defaultValue));
    const hasDefaults = [...positional, ...keywordOnly].some(run => run !== undefined);
    const none: (Value | undefined)[] = positional.map(() => undefined);
    const noneKeyword: (Value | undefined)[] = keywordOnly.map(() => undefined);
    // Only functions inside functions can take over variables; for the others the body need not be looked at yet.
    const mayClose =
      this.scope.kind !== 'module' && !(this.scope.kind === 'class' && this.scope.names.length === 0);
    return f => {
      const free = mayClose ? scopeOf().free : [];
      const closure = free.length === 0 ? noClosure : free.map(({ from }) => f.vars[from]);
      return new PyFunction(
        code,
        f,
        hasDefaults ? positional.map(run => run?.(f)) : none,
        hasDefaults ? keywordOnly.map(run => run?.(f)) : noneKeyword,
        closure,
      );
    };
  }
}

const noClosure: readonly (Value | undefined)[] = [];

/** The code of a function; its body is compiled when it first runs. */
export function compileFunction(
  file: SourceFile,
  parent: CompileScope,
  node: FunctionNode,
): { code: Code; scopeOf: () => CompileScope } {
  const prefix =
    parent.kind === 'module'
      ? ''
      : parent.kind === 'class'
        ? `${parent.qualname}.`
        : `${parent.qualname}.<locals>.`;
  const qualname = prefix + node.name;
  let scope: CompileScope | undefined;
  const scopeOf = () => {
    scope ??= new CompileScope('function', parent, qualname, namesOfFunction(node), node);
    return scope;
  };
  const order = parameterOrder(node);
  if (new Set(order).size !== order.length) {
    throw new Refusal({
      construct: 'syntax error',
      message: `Duplicate argument in function definition of '${node.name}'.`,
    });
  }
  const positional = node.parameters
    .filter(p => p.type === 'normal' || p.type === 'positionalOnly')
    .map(p => p.name);
  let layout: Layout | undefined;
  const code: Code = {
    name: node.name,
    qualname,
    file,
    start: node.start,
    end: node.end,
    positional,
    positionalOnly: node.parameters.filter(p => p.type === 'positionalOnly').length,
    keywordOnly: node.parameters.filter(p => p.type === 'keywordOnly').map(p => p.name),
    star: node.parameters.some(p => p.type === 'star'),
    doubleStar: node.parameters.some(p => p.type === 'doubleStar'),
    isAsync: node.isAsync,
    simple: positional.length === order.length,
    layout: () => {
      if (layout) return layout;
      const own = scopeOf();
      const compiler = new StatementCompiler(file, own);
      const body = node.body();
      const generate = own.isGenerator
        ? new GeneratorCompiler(compiler, compiler.expressions).block(body)
        : undefined;
      layout = {
        names: own.names,
        cells: own.cells,
        free: own.free,
        isGenerator: own.isGenerator,
        run: generate ? () => Signal.Next : compiler.block(body),
        generate,
      };
      return layout;
    },
  };
  return { code, scopeOf };
}

/** `dict.update` with any mapping. */
export function mergeInto(f: Frame, dict: PyDict, value: Value): void {
  if (value instanceof PyDict) {
    for (const [hash, entry] of value.entries) dict.entries.set(hash, { key: entry.key, value: entry.value });
    return;
  }
  const keys =
    value instanceof PyInstance || value instanceof PyObject
      ? f.interpreter.findAttribute(value, 'keys')
      : undefined;
  if (keys === undefined) throw raise('TypeError', `'${classOf(value).name}' object is not a mapping`);
  for (const key of f.interpreter.list(f.interpreter.call(keys, [])))
    dict.set(key, f.interpreter.getItem(value, key));
}

/** Exactly `count` items; with a star, that one takes the rest as a list. */
export function unpack(f: Frame, value: Value, count: number, star: number): readonly Value[] {
  const { interpreter } = f;
  if (star < 0) {
    if (
      (value instanceof PyTuple || value instanceof PyList) &&
      value.items.length === count &&
      !value.cls.mutable
    )
      return value.items;
    if (isInt(value) || value === null || value instanceof PyFloat) {
      throw raise('TypeError', `cannot unpack non-iterable ${classOf(value).name} object`);
    }
    const iterator = interpreter.iterate(value);
    const items: Value[] = [];
    for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
      if (items.length === count) throw raise('ValueError', `too many values to unpack (expected ${count})`);
      items.push(item);
    }
    if (items.length < count)
      throw raise('ValueError', `not enough values to unpack (expected ${count}, got ${items.length})`);
    return items;
  }
  const items = interpreter.list(value);
  const after = count - 1 - star;
  if (items.length < count - 1) {
    throw raise(
      'ValueError',
      `not enough values to unpack (expected at least ${count - 1}, got ${items.length})`,
    );
  }
  return [
    ...items.slice(0, star),
    new PyList(items.slice(star, items.length - after)),
    ...items.slice(items.length - after),
  ];
}
