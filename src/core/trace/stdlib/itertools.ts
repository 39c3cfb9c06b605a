import { raise } from '../interpreter/errors.ts';
import type { Runtime } from '../interpreter/runtime.ts';
import { PyIterator, type PyModule, PyTuple, type Value } from '../interpreter/values.ts';
import { moduleOf, std } from './module.ts';

/** A lazy iterator around a JavaScript generator; every item is charged. */
class Lazy extends PyIterator {
  private readonly source: Generator<Value>;
  private readonly runtime: Runtime;
  constructor(source: Generator<Value>, runtime: Runtime) {
    super();
    this.source = source;
    this.runtime = runtime;
  }
  override next(): Value | undefined {
    this.runtime.budget.step();
    const step = this.source.next();
    return step.done ? undefined : step.value;
  }
}

function* each(iterator: PyIterator): Generator<Value> {
  for (let item = iterator.next(); item !== undefined; item = iterator.next()) yield item;
}

function* product(pools: readonly (readonly Value[])[]): Generator<Value> {
  if (pools.some(pool => pool.length === 0)) return;
  const at = pools.map(() => 0);
  for (;;) {
    yield new PyTuple(at.map((i, j) => pools[j]![i]!));
    let j = pools.length - 1;
    while (j >= 0 && ++at[j]! === pools[j]!.length) at[j--] = 0;
    if (j < 0) return;
  }
}

function* choose(pool: readonly Value[], k: number, ordered: boolean, repeat: boolean): Generator<Value> {
  const picked: number[] = [];
  const used = new Set<number>();
  function* extend(from: number): Generator<Value> {
    if (picked.length === k) {
      yield new PyTuple(picked.map(i => pool[i]!));
      return;
    }
    for (let i = ordered ? 0 : from; i < pool.length; i++) {
      if (ordered && used.has(i)) continue;
      picked.push(i);
      used.add(i);
      yield* extend(repeat ? i : i + 1);
      used.delete(i);
      picked.pop();
    }
  }
  yield* extend(0);
}

export function itertoolsModule(): PyModule {
  const chain = std('chain(*iterables)', ([iterables], r) => {
    const list = (iterables as PyTuple).items;
    return new Lazy(
      (function* () {
        for (const item of list) yield* each(r.iterate(item));
      })(),
      r,
    );
  });
  const module = moduleOf('itertools', [
    std(
      'count(start=0, step=1)',
      ([start, step], r) =>
        new Lazy(
          (function* () {
            for (let value: Value = start!; ; value = r.binary('+', value, step!)) yield value;
          })(),
          r,
        ),
    ),
    std(
      'repeat(object, times=...)',
      ([object, times], r) =>
        new Lazy(
          (function* () {
            const most = times === undefined ? Infinity : r.index(times);
            for (let i = 0; i < most; i++) yield object!;
          })(),
          r,
        ),
    ),
    std(
      'cycle(iterable)',
      ([iterable], r) =>
        new Lazy(
          (function* () {
            const items = r.list(iterable!);
            while (items.length > 0) yield* items;
          })(),
          r,
        ),
    ),
    std('islice(iterable, *bounds)', ([iterable, bounds], r) => {
      const [a, b, c] = (bounds as PyTuple).items;
      const start = b === undefined || a === null ? 0 : r.index(a!);
      const end = b === undefined ? a! : b;
      const stop = end === null ? Infinity : r.index(end);
      const step = c === undefined || c === null ? 1 : r.index(c);
      if (step < 1) throw raise('ValueError', 'Step for islice() must be a positive integer or None.');
      const source = r.iterate(iterable!);
      return new Lazy(
        (function* () {
          let next = start;
          for (let i = 0; i < stop; i++) {
            const item = source.next();
            if (item === undefined) return;
            if (i === next) {
              yield item;
              next += step;
              if (next >= stop) return;
            }
          }
        })(),
        r,
      );
    }),
    std('product(*iterables, repeat=1)', ([iterables, repeat], r) => {
      const pools = (iterables as PyTuple).items.map(item => r.list(item));
      const all = Array.from({ length: r.index(repeat!) }, () => pools).flat();
      return new Lazy(product(all), r);
    }),
    std('permutations(iterable, r=None)', ([iterable, k], r) => {
      const pool = r.list(iterable!);
      return new Lazy(choose(pool, k === null ? pool.length : r.index(k!), true, false), r);
    }),
    std(
      'combinations(iterable, r)',
      ([iterable, k], r) => new Lazy(choose(r.list(iterable!), r.index(k!), false, false), r),
    ),
    std(
      'combinations_with_replacement(iterable, r)',
      ([iterable, k], r) => new Lazy(choose(r.list(iterable!), r.index(k!), false, true), r),
    ),
    std('zip_longest(*iterables, fillvalue=None)', ([iterables, fill], r) => {
      const sources = (iterables as PyTuple).items.map(item => r.iterate(item));
      return new Lazy(
        (function* () {
          for (;;) {
            const items = sources.map(source => source.next());
            if (items.every(item => item === undefined)) return;
            yield new PyTuple(items.map(item => (item === undefined ? fill! : item)));
          }
        })(),
        r,
      );
    }),
    std(
      'accumulate(iterable, func=None, *, initial=None)',
      ([iterable, fn, initial], r) =>
        new Lazy(
          (function* () {
            let total: Value | undefined = initial === null ? undefined : initial;
            if (total !== undefined) yield total;
            for (const item of each(r.iterate(iterable!))) {
              total =
                total === undefined
                  ? item
                  : fn === null
                    ? r.binary('+', total, item)
                    : r.call(fn!, [total, item]);
              yield total;
            }
          })(),
          r,
        ),
    ),
    std(
      'takewhile(predicate, iterable)',
      ([predicate, iterable], r) =>
        new Lazy(
          (function* () {
            for (const item of each(r.iterate(iterable!))) {
              if (!r.truth(r.call(predicate!, [item]))) return;
              yield item;
            }
          })(),
          r,
        ),
    ),
    std(
      'dropwhile(predicate, iterable)',
      ([predicate, iterable], r) =>
        new Lazy(
          (function* () {
            let dropping = true;
            for (const item of each(r.iterate(iterable!))) {
              dropping &&= r.truth(r.call(predicate!, [item]));
              if (!dropping) yield item;
            }
          })(),
          r,
        ),
    ),
    std(
      'filterfalse(predicate, iterable)',
      ([predicate, iterable], r) =>
        new Lazy(
          (function* () {
            for (const item of each(r.iterate(iterable!)))
              if (!r.truth(predicate === null ? item : r.call(predicate!, [item]))) yield item;
          })(),
          r,
        ),
    ),
    std(
      'starmap(function, iterable)',
      ([fn, iterable], r) =>
        new Lazy(
          (function* () {
            for (const item of each(r.iterate(iterable!))) yield r.call(fn!, r.list(item));
          })(),
          r,
        ),
    ),
    std('compress(data, selectors)', ([data, selectors], r) => {
      const chosen = r.list(selectors!);
      return r.iterate(
        new PyTuple(r.list(data!).filter((_, i) => chosen[i] !== undefined && r.truth(chosen[i]))),
      );
    }),
    std(
      'pairwise(iterable)',
      ([iterable], r) =>
        new Lazy(
          (function* () {
            let before: Value | undefined;
            for (const item of each(r.iterate(iterable!))) {
              if (before !== undefined) yield new PyTuple([before, item]);
              before = item;
            }
          })(),
          r,
        ),
    ),
    std(
      'groupby(iterable, key=None)',
      ([iterable, key], r) =>
        new Lazy(
          (function* () {
            let current: Value | undefined;
            let group: Value[] = [];
            for (const item of each(r.iterate(iterable!))) {
              const k = key === null ? item : r.call(key!, [item]);
              if (current !== undefined && !r.equals(current, k)) {
                yield new PyTuple([current, r.iterate(new PyTuple(group))]);
                group = [];
              }
              current = k;
              group.push(item);
            }
            if (current !== undefined) yield new PyTuple([current, r.iterate(new PyTuple(group))]);
          })(),
          r,
        ),
    ),
    std('tee(iterable, n=2)', ([iterable, n], r) => {
      const items = r.list(iterable!);
      return new PyTuple(Array.from({ length: r.index(n!) }, () => r.iterate(new PyTuple(items))));
    }),
  ]);
  // `chain.from_iterable`
  const fromIterable = std(
    'from_iterable(iterable)',
    ([iterable], r) =>
      new Lazy(
        (function* () {
          for (const inner of each(r.iterate(iterable!))) yield* each(r.iterate(inner));
        })(),
        r,
      ),
  );
  chain.attributes = new Map([['from_iterable', fromIterable]]);
  module.attributes.set('chain', chain);
  return module;
}
