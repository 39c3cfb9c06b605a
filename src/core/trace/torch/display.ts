import { dtypes } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** `repr(tensor)` in torch's manner; long tensors are summarised at the edges. */
export function display(x: Tensor): string {
  const numbers = x.session.peek(x.value).data;
  const floats = x.dtype.isFloating;
  const list = Array.from(numbers.subarray(0, 1000));
  const finite = list.filter(v => Number.isFinite(v));
  const whole = finite.every(v => Number.isInteger(v));
  const show = (v: number): string => {
    if (x.dtype === dtypes.bool) return v ? 'True' : 'False';
    if (!floats) return String(v);
    if (Number.isNaN(v)) return 'nan';
    if (!Number.isFinite(v)) return v > 0 ? 'inf' : '-inf';
    return whole ? `${v}.` : v.toFixed(4);
  };
  const width = x.rank === 0 ? 0 : Math.max(0, ...list.map(v => show(v).length));
  const build = (axis: number, offset: number, indent: number): string => {
    if (axis === x.rank) return show(numbers[offset]!).padStart(width);
    const n = x.shape[axis]!;
    const inner = x.shape.slice(axis + 1).reduce((p, q) => p * q, 1);
    const shown =
      x.numel > 1000 && n > 6 ? [0, 1, 2, -1, n - 3, n - 2, n - 1] : Array.from({ length: n }, (_, i) => i);
    const parts = shown.map(i => (i < 0 ? '...' : build(axis + 1, offset + i * inner, indent + 1)));
    const gap = axis === x.rank - 1 ? ', ' : `,${'\n'.repeat(x.rank - 1 - axis)}${' '.repeat(indent + 1)}`;
    return `[${parts.join(gap)}]`;
  };
  const suffix =
    x.dtype === dtypes.float32 || x.dtype === dtypes.int64 || x.dtype === dtypes.bool
      ? ''
      : `, dtype=torch.${x.dtype.name}`;
  return `tensor(${build(0, 0, 7)}${suffix})`;
}
