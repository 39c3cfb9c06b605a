/** Statements → closures; those of generator functions that yield: `compileGenerator.ts`. */
import type { ClassDefinition, Expression, For, Handler, Pattern, Statement, Try, With } from './ast.ts';
import { buildClass } from './buildClass.ts';
import { dottedName } from './captures.ts';
import { ExpressionCompiler, unpack } from './compileExpression.ts';
import { CompileScope } from './compileScope.ts';
import { enter, leave } from './contextManagers.ts';
import { Raised, Refusal, raise } from './errors.ts';
import { Cell, Frame, type RunExpression, type RunStatement, Signal } from './frame.ts';
import { type CompiledHandler, catchable, findHandler, handle } from './handlers.ts';
import { importFrom, importName } from './importing.ts';
import { isNothing } from './isNothing.ts';
import { matcher } from './matching.ts';
import { namesBoundBy, namesOfClass } from './scope.ts';
import type { SourceFile } from './sourceFile.ts';
import { PyPoison } from './special.ts';
import { PyDict, PyInstance, PyTuple, type Value } from './values.ts';

/** Compiles the statements of one scope. */
export class StatementCompiler {
  private readonly file: SourceFile;
  private readonly scope: CompileScope;
  /** Of the same scope. */
  readonly expressions: ExpressionCompiler;

  constructor(file: SourceFile, scope: CompileScope) {
    this.file = file;
    this.scope = scope;
    this.expressions = new ExpressionCompiler(file, scope);
  }

  block(statements: readonly Statement[]): RunStatement {
    const runs: RunStatement[] = [];
    const nodes: Statement[] = [];
    for (const statement of statements) {
      if (isNothing(statement)) continue;
      runs.push(this.statement(statement));
      nodes.push(statement);
    }
    const n = runs.length;
    if (n === 1) {
      const [run] = runs as [RunStatement];
      const [node] = nodes as [Statement];
      return f => {
        const { budget } = f.interpreter;
        if (--budget.fuel < 0) budget.refuel();
        f.at = node;
        return run(f);
      };
    }
    return f => {
      const { budget } = f.interpreter;
      for (let i = 0; i < n; i++) {
        if (--budget.fuel < 0) budget.refuel();
        f.at = nodes[i]!;
        const signal = runs[i]!(f);
        if (signal !== Signal.Next) return signal;
      }
      return Signal.Next;
    };
  }

  statement(s: Statement): RunStatement {
    const { expressions } = this;
    switch (s.kind) {
      case 'Expression': {
        if (s.value.kind === 'Constant') return () => Signal.Next;
        const run = expressions.compile(s.value);
        const targets = changedInPlace(s.value);
        return f => {
          const value = run(f);
          if (f.record !== null && value !== null)
            f.interpreter.recorder!.assign(f.record, s, targets, value);
          return Signal.Next;
        };
      }
      case 'Assign': {
        const value = expressions.compile(s.value);
        return this.assignTo(s, s.targets, value);
      }
      case 'AnnotatedAssign': {
        const annotate = this.annotate(s.target, s.annotation);
        if (!s.value) {
          return f => {
            annotate?.(f);
            return Signal.Next;
          };
        }
        const assign = this.assignTo(s, [s.target], expressions.compile(s.value));
        return f => {
          annotate?.(f);
          return assign(f);
        };
      }
      case 'AugmentedAssign':
        return this.augmented(s);
      case 'Return': {
        if (!s.value) {
          return f => {
            f.result = null;
            return Signal.Return;
          };
        }
        const value = expressions.compile(s.value);
        return f => {
          f.result = value(f);
          if (f.record !== null) this.returned(f, s);
          return Signal.Return;
        };
      }
      case 'If': {
        const condition = expressions.condition(s.condition);
        const then = this.block(s.chosen);
        if (s.otherwise.length === 0) return f => (condition(f) ? then(f) : Signal.Next);
        const otherwise = this.block(s.otherwise);
        return f => (condition(f) ? then(f) : otherwise(f));
      }
      case 'For':
        return this.forLoop(s);
      case 'While': {
        const condition = expressions.condition(s.condition);
        const body = this.block(s.body);
        const otherwise = this.block(s.otherwise);
        return f => {
          const { budget } = f.interpreter;
          while (condition(f)) {
            if (--budget.fuel < 0) budget.refuel();
            const signal = body(f);
            if (signal === Signal.Break) return Signal.Next;
            if (signal === Signal.Return) return signal;
          }
          return otherwise(f);
        };
      }
      case 'With':
        return this.with(s, 0);
      case 'Try':
        return this.try(s);
      case 'Raise':
        return this.raise(s);
      case 'Assert': {
        const condition = expressions.condition(s.condition);
        const message = s.message && expressions.compile(s.message);
        return f => {
          if (condition(f)) return Signal.Next;
          f.at = s;
          if (!message) throw new Raised('AssertionError', '', []);
          const value = message(f);
          throw new Raised('AssertionError', f.interpreter.str(value), [value]);
        };
      }
      case 'Delete': {
        const deletes = s.targets.map(target => this.delete(target));
        return f => {
          for (const run of deletes) run(f);
          return Signal.Next;
        };
      }
      case 'Import': {
        const names = s.names.map(({ module, alias }) => ({
          module,
          alias,
          store: expressions.storeName(alias ?? module.split('.')[0]!),
        }));
        return f => {
          for (const { module, alias, store } of names) store(f, importName(f, module, alias !== undefined));
          return Signal.Next;
        };
      }
      case 'ImportFrom': {
        const { names } = s;
        if (!names) {
          return f => {
            const into = f.namespace ?? f.module.attributes;
            importFrom(f, s.level, s.module, undefined, (name, value) => into.set(name, value));
            return Signal.Next;
          };
        }
        const stores = new Map(
          names.map(({ name, alias }) => [name, expressions.storeName(alias ?? name)] as const),
        );
        const wanted = names.map(({ name }) => name);
        return f => {
          importFrom(f, s.level, s.module, wanted, (name, value) => stores.get(name)!(f, value));
          return Signal.Next;
        };
      }
      case 'Function': {
        const make = expressions.functionMaker(s.code);
        return this.decorated(s.name, s.decorators, make);
      }
      case 'Class':
        return this.decorated(s.name, s.decorators, this.classMaker(s));
      case 'Break':
        return () => Signal.Break;
      case 'Continue':
        return () => Signal.Continue;
      case 'Match':
        return this.match(s);
      case 'RefusedStatement':
        return f => {
          f.at = s;
          throw new Refusal({ construct: s.construct, message: s.message });
        };
      default:
        return () => Signal.Next;
    }
  }

  private returned(f: Frame, s: { start: number; end: number }): void {
    const record = f.record!;
    f.interpreter.recorder!.assign(record, s, returnTargets, f.result);
    record.returned = record.values.at(-1);
  }

  private annotate(target: Expression, annotation: string): ((f: Frame) => void) | undefined {
    if (this.scope.kind !== 'class' || target.kind !== 'Name') return undefined;
    return f => {
      let annotations = f.namespace!.get('__annotations__');
      if (!(annotations instanceof PyDict)) {
        annotations = new PyDict();
        f.namespace!.set('__annotations__', annotations);
      }
      (annotations as PyDict).set(target.id, annotation);
    };
  }

  private assignTo(s: Statement, targets: readonly Expression[], value: RunExpression): RunStatement {
    const { expressions } = this;
    if (targets.length === 1) {
      const target = targets[0]!;
      if (target.kind === 'Tuple' || target.kind === 'List') {
        const stores = target.items.map(item =>
          expressions.store(item.kind === 'Starred' ? item.value : item),
        );
        const star = target.items.findIndex(item => item.kind === 'Starred');
        const plain = star < 0 ? targets : [target];
        return f => {
          const from = value(f);
          f.at = s;
          const items = unpack(f, from, stores.length, star);
          for (let i = 0; i < stores.length; i++) stores[i]!(f, items[i]!);
          if (f.record !== null) {
            const all = star < 0 ? new PyTuple(items) : from;
            f.interpreter.recorder!.assign(f.record, s, plain, all);
          }
          return Signal.Next;
        };
      }
      const store = expressions.store(target);
      if (target.kind === 'Subscript') {
        const container = expressions.compile(target.object);
        return f => {
          store(f, value(f));
          if (f.record !== null) f.interpreter.recorder!.assign(f.record, s, targets, container(f));
          return Signal.Next;
        };
      }
      return f => {
        const result = value(f);
        store(f, result);
        if (f.record !== null) f.interpreter.recorder!.assign(f.record, s, targets, result);
        return Signal.Next;
      };
    }
    const stores = targets.map(target => expressions.store(target));
    return f => {
      const result = value(f);
      for (const store of stores) store(f, result);
      if (f.record !== null) f.interpreter.recorder!.assign(f.record, s, targets, result);
      return Signal.Next;
    };
  }

  private augmented(s: Extract<Statement, { kind: 'AugmentedAssign' }>): RunStatement {
    const { expressions } = this;
    const value = expressions.compile(s.value);
    const { operator, target } = s;
    const targets = [target];
    const note = (f: Frame, result: Value) => {
      if (f.record !== null) f.interpreter.recorder!.assign(f.record, s, targets, result);
      return Signal.Next;
    };
    switch (target.kind) {
      case 'Attribute': {
        const object = expressions.compile(target.object);
        const name = this.scope.mangle(target.name);
        return f => {
          const on = object(f);
          const before = f.interpreter.getAttribute(on, name);
          const with_ = value(f);
          f.at = s;
          const after = f.interpreter.inplace(operator, before, with_);
          f.interpreter.setAttribute(on, name, after);
          return note(f, after);
        };
      }
      case 'Subscript': {
        const object = expressions.compile(target.object);
        const index = expressions.compile(target.index);
        return f => {
          const container = object(f);
          const key = index(f);
          const before = f.interpreter.getItem(container, key);
          const with_ = value(f);
          f.at = s;
          const after = f.interpreter.inplace(operator, before, with_);
          f.interpreter.setItem(container, key, after);
          return note(f, container);
        };
      }
      default: {
        const load = expressions.compile(target);
        const store = expressions.store(target);
        return f => {
          const before = load(f);
          const with_ = value(f);
          f.at = s;
          const after = f.interpreter.inplace(operator, before, with_);
          store(f, after);
          return note(f, after);
        };
      }
    }
  }

  /** Stores what a loop goes through. */
  loopTarget(s: For): (f: Frame, item: Value) => void {
    const { target } = s;
    const targets = [target];
    const at = { start: target.start, end: s.iterable.end };
    if (target.kind === 'Tuple' || target.kind === 'List') {
      const stores = target.items.map(item =>
        this.expressions.store(item.kind === 'Starred' ? item.value : item),
      );
      const star = target.items.findIndex(item => item.kind === 'Starred');
      return (f, item) => {
        f.at = at;
        const items = unpack(f, item, stores.length, star);
        for (let i = 0; i < stores.length; i++) stores[i]!(f, items[i]!);
        if (f.record !== null)
          f.interpreter.recorder!.assign(f.record, at, targets, star < 0 ? new PyTuple(items) : item);
      };
    }
    const store = this.expressions.store(target);
    return (f, item) => {
      f.at = at;
      store(f, item);
      if (f.record !== null) f.interpreter.recorder!.assign(f.record, at, targets, item);
    };
  }

  private forLoop(s: For): RunStatement {
    const iterable = this.expressions.compile(s.iterable);
    const store = this.loopTarget(s);
    const body = this.block(s.body);
    const otherwise = s.otherwise.length > 0 ? this.block(s.otherwise) : undefined;
    return f => {
      const source = iterable(f);
      f.at = s.iterable;
      const iterator = f.interpreter.iterate(source);
      for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
        store(f, item);
        const signal = body(f);
        if (signal === Signal.Break) return Signal.Next;
        if (signal === Signal.Return) return signal;
        f.at = s.iterable;
      }
      return otherwise ? otherwise(f) : Signal.Next;
    };
  }

  private delete(target: Expression): (f: Frame) => void {
    const { expressions } = this;
    switch (target.kind) {
      case 'Name':
        return expressions.deleteName(target.id);
      case 'Attribute': {
        const object = expressions.compile(target.object);
        return f => f.interpreter.deleteAttribute(object(f), this.scope.mangle(target.name));
      }
      case 'Subscript': {
        const object = expressions.compile(target.object);
        const index = expressions.compile(target.index);
        return f => {
          const container = object(f);
          f.interpreter.deleteItem(container, index(f));
        };
      }
      case 'Tuple':
      case 'List': {
        const deletes = target.items.map(item => this.delete(item));
        return f => {
          for (const run of deletes) run(f);
        };
      }
      default:
        return () => {
          throw new Refusal({ construct: 'del', message: 'This cannot be deleted.' });
        };
    }
  }

  private decorated(name: string, decorators: readonly Expression[], make: RunExpression): RunStatement {
    const runs = decorators.map(decorator => ({ run: this.expressions.compile(decorator), at: decorator }));
    const store = this.expressions.storeName(name);
    return f => {
      const functions = runs.map(({ run }) => run(f));
      let value = make(f);
      for (let i = functions.length - 1; i >= 0; i--) {
        f.at = runs[i]!.at;
        value = f.interpreter.callFunction(functions[i]!, [value], null);
      }
      store(f, value);
      return Signal.Next;
    };
  }

  private classMaker(s: ClassDefinition): RunExpression {
    const { expressions } = this;
    const prefix =
      this.scope.kind === 'module'
        ? ''
        : this.scope.kind === 'class'
          ? `${this.scope.qualname}.`
          : `${this.scope.qualname}.<locals>.`;
    const qualname = prefix + s.name;
    const bases = s.bases.map(base => ({
      run: expressions.compile(base.kind === 'Starred' ? base.value : base),
      star: base.kind === 'Starred',
    }));
    const keywords = expressions.keywords(s.keywords);
    let body: { scope: CompileScope; units: { run: RunStatement; node: Statement }[] } | undefined;
    const compileBody = () => {
      const scope = new CompileScope('class', this.scope, qualname, namesOfClass(s), null);
      const compiler = new StatementCompiler(this.file, scope);
      const units = s.body
        .filter(node => !isNothing(node))
        .map(node => ({ run: compiler.statement(node), node }));
      return { scope, units };
    };
    return f => {
      body ??= compileBody();
      const { scope, units } = body;
      const { interpreter } = f;
      const baseValues: Value[] = [];
      for (const base of bases) {
        const value = base.run(f);
        if (base.star) baseValues.push(...interpreter.list(value));
        else baseValues.push(value);
      }
      const named = keywords === null ? null : keywords(f);
      const code = {
        name: s.name,
        qualname,
        file: this.file,
        start: s.start,
        end: s.end,
        positional: [],
        positionalOnly: 0,
        keywordOnly: [],
        star: false,
        doubleStar: false,
        isAsync: false,
        simple: true,
        layout: () => {
          throw new Error('a class body is not called');
        },
      };
      const cell = new Cell();
      const frame = new Frame(code, interpreter, f.module, scope.names.length, f, cell);
      frame.namespace = new Map<string, Value>([
        ['__module__', f.module.name],
        ['__qualname__', qualname],
      ]);
      scope.free.forEach(({ slot, from }) => {
        frame.vars[slot] = f.vars[from];
      });
      interpreter.frame = frame;
      const docstring = s.body[0];
      if (
        docstring?.kind === 'Expression' &&
        docstring.value.kind === 'Constant' &&
        typeof docstring.value.value === 'string'
      ) {
        frame.namespace.set('__doc__', docstring.value.value);
      }
      for (const { run, node } of units) {
        if (--interpreter.budget.fuel < 0) interpreter.budget.refuel();
        frame.at = node;
        try {
          run(frame);
        } catch (thrown) {
          const error = interpreter.noteFrames(thrown);
          interpreter.frame = frame;
          // What cannot be defined fails when it is used, not with the whole class.
          if (!(error instanceof Refusal)) throw error;
          for (const name of namesBoundBy(node)) frame.namespace.set(name, new PyPoison(name, error));
        }
      }
      interpreter.frame = f;
      f.at = s;
      return buildClass(interpreter, f.module, s.name, qualname, baseValues, named, frame.namespace, cell);
    };
  }

  private raise(s: Extract<Statement, { kind: 'Raise' }>): RunStatement {
    const value = s.value && this.expressions.compile(s.value);
    const cause = s.cause && this.expressions.compile(s.cause);
    return f => {
      if (!value) {
        for (let frame: Frame | null = f; frame !== null; frame = frame.back)
          if (frame.handling) throw frame.handling;
        throw raise('RuntimeError', 'No active exception to reraise');
      }
      const thrown = value(f);
      f.at = s;
      const error = f.interpreter.toRaised(thrown);
      if (cause && error.exception instanceof PyInstance)
        error.exception.attributes.set('__cause__', cause(f));
      f.at = s;
      throw error;
    };
  }

  // ---------------------------------------------------------------- with

  private with(s: With, index: number): RunStatement {
    const item = s.items[index]!;
    const context = this.expressions.compile(item.context);
    const store = item.target && this.expressions.store(item.target);
    const body = index + 1 < s.items.length ? this.with(s, index + 1) : this.block(s.body);
    return f => {
      const manager = context(f);
      f.at = item.context;
      const entered = enter(f, manager);
      let signal: Signal;
      try {
        if (store) {
          store(f, entered);
          if (f.record !== null)
            f.interpreter.recorder!.assign(f.record, item.context, [item.target!], entered);
        }
        signal = body(f);
      } catch (thrown) {
        const error = f.interpreter.noteFrames(thrown);
        f.interpreter.frame = f;
        if (!(error instanceof Raised)) throw error;
        if (leave(f, manager, error)) return Signal.Next;
        throw error;
      }
      leave(f, manager, null);
      return signal;
    };
  }

  // ---------------------------------------------------------------- try

  handlers(list: readonly Handler[]): readonly CompiledHandler[] {
    return list.map(handler => ({
      type: handler.type && this.expressions.compile(handler.type),
      at: handler,
      store: handler.name === undefined ? undefined : this.expressions.storeName(handler.name),
      forget: handler.name === undefined ? undefined : this.expressions.deleteName(handler.name),
      body: this.block(handler.body),
      node: handler,
    }));
  }

  private try(s: Try): RunStatement {
    const body = this.block(s.body);
    const handlers = this.handlers(s.handlers);
    const otherwise = s.otherwise.length > 0 ? this.block(s.otherwise) : undefined;
    const final = s.final.length > 0 ? this.block(s.final) : undefined;
    const guard = guardsImports(s) ? 1 : 0;
    const protectedBody: RunStatement =
      handlers.length === 0
        ? body
        : f => {
            let signal: Signal;
            f.importGuard += guard;
            try {
              signal = body(f);
              f.importGuard -= guard;
            } catch (thrown) {
              f.importGuard -= guard;
              const error = catchable(f, thrown);
              const handler = findHandler(f, handlers, error);
              if (!handler) throw error;
              return handle(f, handler, error, () => handler.body(f));
            }
            return signal === Signal.Next && otherwise ? otherwise(f) : signal;
          };
    if (!final) return protectedBody;
    return f => {
      let signal: Signal;
      try {
        signal = protectedBody(f);
      } catch (thrown) {
        const error = f.interpreter.noteFrames(thrown);
        f.interpreter.frame = f;
        if (!(error instanceof Raised)) throw error;
        const after = final(f);
        if (after !== Signal.Next) return after;
        throw error;
      }
      const result = f.result;
      const after = final(f);
      if (after !== Signal.Next) return after;
      f.result = result;
      return signal;
    };
  }

  // ---------------------------------------------------------------- match

  private match(s: Extract<Statement, { kind: 'Match' }>): RunStatement {
    const subject = this.expressions.compile(s.subject);
    const cases = s.cases.map(c => ({
      matches: this.pattern(c.pattern),
      guard: c.guard && this.expressions.condition(c.guard),
      body: this.block(c.body),
    }));
    return f => {
      const value = subject(f);
      f.at = s;
      for (const c of cases) if (c.matches(f, value) && (!c.guard || c.guard(f))) return c.body(f);
      return Signal.Next;
    };
  }

  private pattern(pattern: Pattern): (f: Frame, value: Value) => boolean {
    return matcher(pattern, this.expressions);
  }
}

const noTargets: readonly Expression[] = [];
const returnTargets: readonly Expression[] = [{ kind: 'Name', id: 'return', start: 0, end: 0 }];

/** What a method of the in-place kind (`x.zero_()`, `self.temp.clamp_(0, 1)`) is called on. */
function changedInPlace(e: Expression): readonly Expression[] {
  if (e.kind !== 'Call' || e.callee.kind !== 'Attribute') return noTargets;
  const { name, object } = e.callee;
  const isInPlace = name.endsWith('_') && !name.endsWith('__') && !name.startsWith('_');
  return isInPlace && dottedName(object) !== undefined ? [object] : noTargets;
}

/** True where a handler may want to know that an import failed. */
function guardsImports(s: Try): boolean {
  if (!s.body.some(inner => inner.kind === 'Import' || inner.kind === 'ImportFrom')) return false;
  const names = ['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException'];
  return s.handlers.some(handler => {
    if (!handler.type) return true;
    const types = handler.type.kind === 'Tuple' ? handler.type.items : [handler.type];
    return types.some(type => type.kind === 'Name' && names.includes(type.id));
  });
}
