/** Statements of generator functions that yield → generator closures. */
import type { Statement, Try, With, Yield } from './ast.ts';
import type { ExpressionCompiler } from './compileExpression.ts';
import type { StatementCompiler } from './compileStatement.ts';
import { enter, leave } from './contextManagers.ts';
import { Raised, Refusal } from './errors.ts';
import { exceptionOf } from './exceptions.ts';
import { type Frame, PyGenerator, type RunGenerator, Signal } from './frame.ts';
import { catchable, findHandler, forget } from './handlers.ts';
import { isNothing } from './isNothing.ts';
import type { Value } from './values.ts';
import { expressionYields, yields } from './yields.ts';

/** Compiles statements as something that can be suspended; those without a yield are left to the scope's other compilers. */
export class GeneratorCompiler {
  private readonly statements: StatementCompiler;
  private readonly expressions: ExpressionCompiler;

  constructor(statements: StatementCompiler, expressions: ExpressionCompiler) {
    this.statements = statements;
    this.expressions = expressions;
  }

  block(statements: readonly Statement[]): RunGenerator {
    const units = statements
      .filter(statement => !isNothing(statement))
      .map(node => {
        const generate = yields(node) ? this.statement(node) : undefined;
        return { node, generate, run: generate ? undefined : this.statements.statement(node) };
      });
    return function* (f) {
      const { budget } = f.interpreter;
      for (const { node, generate, run } of units) {
        if (--budget.fuel < 0) budget.refuel();
        f.at = node;
        const signal = generate ? yield* generate(f) : run!(f);
        if (signal !== Signal.Next) return signal;
      }
      return Signal.Next;
    };
  }

  private statement(s: Statement): RunGenerator {
    const { expressions } = this;
    switch (s.kind) {
      case 'Expression':
        if (s.value.kind === 'Yield') {
          const run = this.yield(s.value);
          return function* (f) {
            yield* run(f);
            return Signal.Next;
          };
        }
        break;
      case 'Assign':
        if (s.value.kind === 'Yield') {
          const run = this.yield(s.value);
          const stores = s.targets.map(target => expressions.store(target));
          return function* (f) {
            const value = yield* run(f);
            for (const store of stores) store(f, value);
            if (f.record !== null) f.interpreter.recorder!.assign(f.record, s, s.targets, value);
            return Signal.Next;
          };
        }
        break;
      case 'Return':
        if (s.value?.kind === 'Yield') {
          const run = this.yield(s.value);
          return function* (f) {
            f.result = yield* run(f);
            return Signal.Return;
          };
        }
        break;
      case 'If': {
        if (expressionYields(s.condition)) break;
        const condition = expressions.condition(s.condition);
        const then = this.block(s.chosen);
        const otherwise = this.block(s.otherwise);
        return function* (f) {
          return yield* (condition(f) ? then : otherwise)(f);
        };
      }
      case 'For': {
        if (expressionYields(s.iterable)) break;
        const iterable = expressions.compile(s.iterable);
        const store = this.statements.loopTarget(s);
        const body = this.block(s.body);
        const otherwise = this.block(s.otherwise);
        return function* (f) {
          const source = iterable(f);
          f.at = s.iterable;
          const iterator = f.interpreter.iterate(source);
          for (let item = iterator.next(); item !== undefined; item = iterator.next()) {
            store(f, item);
            const signal = yield* body(f);
            if (signal === Signal.Break) return Signal.Next;
            if (signal === Signal.Return) return signal;
          }
          return yield* otherwise(f);
        };
      }
      case 'While': {
        if (expressionYields(s.condition)) break;
        const condition = expressions.condition(s.condition);
        const body = this.block(s.body);
        const otherwise = this.block(s.otherwise);
        return function* (f) {
          const { budget } = f.interpreter;
          while (condition(f)) {
            if (--budget.fuel < 0) budget.refuel();
            const signal = yield* body(f);
            if (signal === Signal.Break) return Signal.Next;
            if (signal === Signal.Return) return signal;
          }
          return yield* otherwise(f);
        };
      }
      case 'With':
        if (s.items.some(item => expressionYields(item.context))) break;
        return this.with(s, 0);
      case 'Try':
        return this.try(s);
      default:
    }
    return function* (f): Generator<Value, Signal, Value> {
      f.at = s;
      yield* [];
      throw new Refusal({
        construct: 'yield',
        message: 'A yield inside a larger expression or statement of this kind is not supported.',
      });
    };
  }

  private yield(e: Yield): (f: Frame) => Generator<Value, Value, Value> {
    const value = e.value && this.expressions.compile(e.value);
    if (!e.from) {
      return function* (f) {
        const sent = yield value ? value(f) : null;
        f.at = e;
        return sent;
      };
    }
    return function* (f) {
      const source = value!(f);
      f.at = e;
      const iterator = f.interpreter.iterate(source);
      let sent: Value = null;
      for (;;) {
        const item: Value | undefined =
          iterator instanceof PyGenerator && sent !== null ? iterator.send(sent) : iterator.next();
        if (item === undefined) return iterator instanceof PyGenerator ? iterator.returned : null;
        sent = yield item;
      }
    };
  }

  private with(s: With, index: number): RunGenerator {
    const item = s.items[index]!;
    const context = this.expressions.compile(item.context);
    const store = item.target && this.expressions.store(item.target);
    const body = index + 1 < s.items.length ? this.with(s, index + 1) : this.block(s.body);
    return function* (f) {
      const manager = context(f);
      f.at = item.context;
      const entered = enter(f, manager);
      let signal: Signal;
      try {
        store?.(f, entered);
        signal = yield* body(f);
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

  private try(s: Try): RunGenerator {
    const body = this.block(s.body);
    const handlers = this.statements.handlers(s.handlers).map(handler => ({
      ...handler,
      generate: this.block(handler.node.body),
    }));
    const otherwise = this.block(s.otherwise);
    const final = this.block(s.final);
    const protectedBody: RunGenerator = function* (f) {
      let signal: Signal;
      try {
        signal = yield* body(f);
      } catch (thrown) {
        const error = catchable(f, thrown);
        const handler = findHandler(f, handlers, error);
        if (!handler) throw error;
        const before = f.handling;
        f.handling = error;
        handler.store?.(f, exceptionOf(error));
        const result = yield* handler.generate(f);
        f.handling = before;
        forget(f, handler);
        return result;
      }
      return signal === Signal.Next ? yield* otherwise(f) : signal;
    };
    return function* (f) {
      let signal: Signal;
      try {
        signal = yield* protectedBody(f);
      } catch (thrown) {
        const error = f.interpreter.noteFrames(thrown);
        f.interpreter.frame = f;
        if (!(error instanceof Raised)) throw error;
        const after = yield* final(f);
        if (after !== Signal.Next) return after;
        throw error;
      }
      const result = f.result;
      const after = yield* final(f);
      if (after !== Signal.Next) return after;
      f.result = result;
      return signal;
    };
  }
}
