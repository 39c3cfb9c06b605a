import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { numel, stridesOf } from '../../../../src/core/trace/graph/shape.ts';
import { dtypes } from '../../../../src/core/trace/tensor/dtype.ts';
import { TorchSession } from '../../../../src/core/trace/tensor/session.ts';
import { type Tensor, tensorFrom } from '../../../../src/core/trace/tensor/tensor.ts';
import {
  diagonal,
  narrow,
  permute,
  select,
  squeeze,
  tryView,
  unfold,
  unsqueeze,
} from '../../../../src/core/trace/tensor/views.ts';
import { torchLibrary } from '../../../../src/core/trace/torch/library.ts';

/** The plainest possible tensor: memory, strides, offset. */
interface Plain {
  readonly memory: Float64Array;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** One step of a random program: which tensor, what to do with it, and three numbers to choose arguments by. */
type Step = readonly [
  number,
  'select' | 'narrow' | 'permute' | 'view' | 'unsqueeze' | 'diagonal' | 'unfold' | 'write' | 'add',
  number,
  number,
  number,
];

function places(p: Plain): number[] {
  const out: number[] = [];
  const walk = (axis: number, at: number): void => {
    if (axis === p.shape.length) out.push(at);
    else for (let i = 0; i < p.shape[axis]!; i++) walk(axis + 1, at + i * p.strides[axis]!);
  };
  walk(0, p.offset);
  return out;
}

function read(p: Plain): number[] {
  return places(p).map(i => p.memory[i]!);
}

/** Takes a view on both sides; undefined where the step does not apply. */
function take(t: Tensor, p: Plain, [, kind, x, y, z]: Step): readonly [Tensor, Plain] | undefined {
  const rank = p.shape.length;
  if (rank === 0 && kind !== 'unsqueeze') return undefined;
  const axis = rank === 0 ? 0 : x % rank;
  const size = p.shape[axis] ?? 1;
  const without = (list: readonly number[], i: number) => list.filter((_, k) => k !== i);
  switch (kind) {
    case 'select': {
      if (size === 0) return undefined;
      const i = y % size;
      return [
        select(t, axis, i),
        {
          ...p,
          shape: without(p.shape, axis),
          strides: without(p.strides, axis),
          offset: p.offset + i * p.strides[axis]!,
        },
      ];
    }
    case 'narrow': {
      const start = y % (size + 1);
      const step = (z % 2) + 1;
      const length = Math.ceil((size - start) / step);
      return [
        narrow(t, axis, start, size, step),
        {
          ...p,
          shape: p.shape.map((d, i) => (i === axis ? length : d)),
          strides: p.strides.map((s, i) => (i === axis ? s * step : s)),
          offset: p.offset + (length > 0 ? start * p.strides[axis]! : 0),
        },
      ];
    }
    case 'permute': {
      const perm = p.shape.map((_, i) => (i + y) % rank);
      return [
        permute(t, perm),
        { ...p, shape: perm.map(i => p.shape[i]!), strides: perm.map(i => p.strides[i]!) },
      ];
    }
    case 'view': {
      // Merge two neighbouring axes where memory allows it, else split off an axis of length 1.
      const next = axis + 1;
      if (next < rank && p.strides[axis] === p.strides[next]! * p.shape[next]! && numel(p.shape) > 0) {
        const shape = [
          ...p.shape.slice(0, axis),
          p.shape[axis]! * p.shape[next]!,
          ...p.shape.slice(next + 1),
        ];
        const viewed = tryView(t, shape);
        assert.ok(viewed, `[${p.shape}] with strides [${p.strides}] reads as [${shape}]`);
        return [viewed, { ...p, shape, strides: without(p.strides, axis) }];
      }
      return [
        squeeze(t, [axis]),
        size === 1 ? { ...p, shape: without(p.shape, axis), strides: without(p.strides, axis) } : p,
      ];
    }
    case 'unsqueeze':
      return [
        unsqueeze(t, axis),
        {
          ...p,
          shape: [...p.shape.slice(0, axis), 1, ...p.shape.slice(axis)],
          strides: [...p.strides.slice(0, axis), 1, ...p.strides.slice(axis)],
        },
      ];
    case 'diagonal': {
      if (rank < 2) return undefined;
      const other = (axis + 1) % rank;
      const length = Math.min(size, p.shape[other]!);
      const rest = p.shape.map((_, i) => i).filter(i => i !== axis && i !== other);
      return [
        diagonal(t, 0, axis, other),
        {
          ...p,
          shape: [...rest.map(i => p.shape[i]!), length],
          strides: [...rest.map(i => p.strides[i]!), p.strides[axis]! + p.strides[other]!],
        },
      ];
    }
    case 'unfold': {
      if (size < 2) return undefined;
      return [
        unfold(t, axis, 2, 2),
        {
          ...p,
          shape: [...p.shape.map((d, i) => (i === axis ? Math.floor((d - 2) / 2) + 1 : d)), 2],
          strides: [...p.strides.map((s, i) => (i === axis ? s * 2 : s)), p.strides[axis]!],
        },
      ];
    }
    default:
      return undefined;
  }
}

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.nat(20),
  fc.constantFrom('select', 'narrow', 'permute', 'view', 'unsqueeze', 'diagonal', 'unfold', 'write', 'add'),
  fc.nat(5),
  fc.nat(5),
  fc.nat(5),
);

describe('views share memory', () => {
  it('whatever is taken and written in whatever order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.array(step, { minLength: 1, maxLength: 14 }),
        (shape, steps) => {
          const session = new TorchSession(torchLibrary);
          const start = Float64Array.from({ length: numel(shape) }, (_, i) => i);
          const memory = Float64Array.from(start);
          const tensors: Tensor[] = [tensorFrom(session, dtypes.float32, shape, start)];
          const plains: Plain[] = [{ memory, shape, strides: stridesOf(shape), offset: 0 }];
          for (const s of steps) {
            const which = s[0] % tensors.length;
            const [t, p] = [tensors[which]!, plains[which]!];
            if (s[1] === 'write' || s[1] === 'add') {
              const fresh = Float64Array.from({ length: numel(p.shape) }, (_, i) => 100 * s[2] + i);
              const value = tensorFrom(session, dtypes.float32, p.shape, fresh).value;
              t.write(s[1] === 'write' ? value : session.op('Add', [t.value, value]));
              places(p).forEach((at, i) => {
                memory[at] = s[1] === 'write' ? fresh[i]! : memory[at]! + fresh[i]!;
              });
              continue;
            }
            const taken = take(t, p, s);
            if (!taken) continue;
            tensors.push(taken[0]);
            plains.push(taken[1]);
          }
          tensors.forEach((t, i) => {
            assert.deepEqual([...t.shape], [...plains[i]!.shape]);
            assert.deepEqual(
              Array.from(session.peek(t.value).data),
              read(plains[i]!),
              `tensor ${i} of [${shape}]`,
            );
          });
        },
      ),
      { numRuns: 400 },
    );
  });
});
