import { numel, sameShape } from '../graph/shape.ts';
import { Refusal, raise } from '../interpreter/errors.ts';
import { nativeProperty } from '../interpreter/native.ts';
import { classOf, PyClass, PyTuple, type Value } from '../interpreter/values.ts';
import { cpu, TorchDevice } from '../tensor/device.ts';
import { dtypeAliases, dtypes, promoteTypes, resultType, TorchDType } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/tensor.ts';
import { permute, transpose } from '../tensor/views.ts';
import type { Args } from './args.ts';
import { sizeOfShape } from './creation.ts';
import { fresh, promotable, toDType } from './kit.ts';
import { type Row, row } from './row.ts';

/** `x.to(...)`: a dtype, a device (without consequences) or another tensor's dtype, in any order torch takes them. */
function to(a: Args): Tensor {
  const x = a.tensor(0);
  let dtype = a.dtype(3);
  if (typeof (a.value(1) as PyTuple).items[0] === 'boolean') throw a.refuse('a bool');
  for (const value of (a.value(1) as PyTuple).items) {
    if (value instanceof TorchDType) dtype = value;
    else if (value instanceof Tensor) dtype = value.dtype;
    else if (typeof value === 'string') TorchDevice.parse(value);
    else if (
      !(
        value instanceof TorchDevice ||
        typeof value === 'boolean' ||
        value === null ||
        typeof value === 'number'
      )
    )
      throw raise(
        'TypeError',
        `to() received an invalid combination of arguments - got (${classOf(value).name})`,
      );
  }
  const converted = toDType(x, dtype ?? x.dtype);
  return converted === x && a.bool(5) ? fresh(a.session, x.value, x.dtype) : converted;
}

function typeOf(a: Args): Value {
  const x = a.tensor(0);
  const wanted = a.value(1);
  if (wanted === null) return `torch.${x.dtype.legacy}`;
  if (wanted instanceof TorchDType) return toDType(x, wanted);
  if (typeof wanted === 'string') {
    const found = Object.values(dtypes).find(d => wanted.endsWith(`.${d.legacy}`));
    if (found) return toDType(x, found);
  }
  if (wanted instanceof PyClass) {
    const found = Object.values(dtypes).find(d => d.legacy === wanted.name);
    if (found) return toDType(x, found);
  }
  throw a.refuse('dtype');
}

const casts = { ...dtypeAliases, bool: dtypes.bool, bfloat16: dtypes.bfloat16 };

/** Accepts a device or nothing, and gives the tensor itself. */
const sameDevice = (name: string): Row =>
  row(`${name}(input, device=None, non_blocking=False, memory_format=None)`, 'm', a => a.tensor(0));

export const tensorRows: readonly Row[] = [
  row(
    'to(input, *args, device=None, dtype=None, non_blocking=False, copy=False, memory_format=None)',
    'm',
    to,
  ),
  row('type(input, dtype=None, non_blocking=False)', 'm', typeOf),
  row('type_as(input, other)', 'm', a => toDType(a.tensor(0), a.tensor(1).dtype)),
  ...Object.entries(casts).map(([name, dtype]) =>
    row(`${name}(input, memory_format=None)`, 'm', a => toDType(a.tensor(0), dtype)),
  ),
  sameDevice('cpu'),
  sameDevice('cuda'),
  row('pin_memory(input)', 'm', a => a.tensor(0)),
  row('requires_grad_(input, requires_grad=True)', 'm', a => {
    a.tensor(0).requiresGrad = a.bool(1);
    return a.tensor(0);
  }),
  row('retain_grad(input)', 'm', () => null),
  row('register_hook(input, hook)', 'm', () => null),
  row('backward(input, gradient=None, retain_graph=None, create_graph=False)', 'm', a => {
    throw a.refuse('', 'The tracer computes forward passes only.');
  }),
  row('numpy(input, *, force=False)', 'm', a => {
    const { runtime } = a;
    return runtime.call(runtime.getAttribute(runtime.importModule('numpy'), 'ndarray'), [a.tensor(0)]);
  }),
  row('item(input)', 'm', a => a.tensor(0).item()),
  row('size(input, dim=None)', 'm', a => {
    const x = a.tensor(0);
    return a.given(1) ? x.shape[a.axis(1, x.rank)]! : sizeOfShape(x.shape);
  }),
  row('stride(input, dim=None)', 'm', a => {
    const x = a.tensor(0);
    return a.given(1) ? x.strides[a.axis(1, x.rank)]! : new PyTuple(x.strides);
  }),
  row('storage_offset(input)', 'm', a => a.tensor(0).offset),
  row('dim(input)', 'm', a => a.tensor(0).rank),
  row('ndimension(input)', 'm', a => a.tensor(0).rank),
  row('numel(input)', 'fm', a => a.tensor(0).numel),
  row('nelement(input)', 'm', a => a.tensor(0).numel),
  row('element_size(input)', 'm', a => a.tensor(0).dtype.bits / 8),
  row('data_ptr(input)', 'm', a => {
    throw a.refuse('', 'Tensors have no addresses here.');
  }),
  row('get_device(input)', 'm', () => -1),
  row('is_floating_point(input)', 'fm', a => a.tensor(0).dtype.isFloating),
  row('is_complex(input)', 'fm', () => false),
  row('is_nonzero(input)', 'fm', a => a.tensor(0).truth()),
  row('is_set_to(input, tensor)', 'm', a => a.tensor(0).storage === a.tensor(1).storage),
  row('is_same_size(input, other)', 'm', a => sameShape(a.tensor(0).shape, a.tensor(1).shape)),
  row('is_pinned(input)', 'm', () => false),
  row('is_tensor(obj)', 'f', a => a.value(0) instanceof Tensor),
  row('is_storage(obj)', 'f', () => false),
  row('promote_types(type1, type2)', 'f', a => {
    const [one, other] = [a.dtype(0), a.dtype(1)];
    if (!one || !other) throw raise('TypeError', 'promote_types() takes two dtypes');
    return promoteTypes(one, other);
  }),
  row('result_type(tensor1, tensor2)', 'f', a =>
    resultType([promotable(a.session, a.value(0)), promotable(a.session, a.value(1))]),
  ),
  row('can_cast(from_, to)', 'f', a => {
    const [from, to] = [a.dtype(0), a.dtype(1)];
    if (!from || !to) throw raise('TypeError', 'can_cast() takes two dtypes');
    return from.category <= to.category;
  }),
  row('get_default_dtype()', 'f', a => a.session.defaultDType),
  row('set_default_dtype(d)', 'f', a => {
    const dtype = a.dtype(0);
    if (!dtype?.isFloating)
      throw raise('TypeError', 'only floating-point types are supported as the default type');
    a.session.defaultDType = dtype;
    return null;
  }),
  row('set_(input, source)', 'm', a => become(a.tensor(0), a.tensor(1))),
  row('share_memory_(input)', 'm', a => a.tensor(0)),
  row('resize_(input, *sizes)', 'm', a => {
    const x = a.tensor(0);
    const shape = a.sizes(1);
    if (numel(shape) !== x.numel) throw a.refuse('another number of elements');
    x.shape = shape;
    return x;
  }),
];

/** Makes a tensor look at another one's memory (`x.data = y`). */
export function become(x: Tensor, y: Tensor): Tensor {
  x.storage = y.storage;
  x.dtype = y.dtype;
  x.shape = y.shape;
  x.strides = y.strides;
  x.offset = y.offset;
  x.view = y.view;
  x.region = y.region;
  return x;
}

function self(value: Value): Tensor {
  if (value instanceof Tensor) return value;
  throw raise('TypeError', `expected a Tensor, not ${classOf(value).name}`);
}

/** Attributes of tensors that are not functions. */
export const tensorProperties: readonly (readonly [string, Value])[] = [
  ['shape', nativeProperty('shape', x => sizeOfShape(self(x).shape))],
  ['dtype', nativeProperty('dtype', x => self(x).dtype)],
  ['device', nativeProperty('device', () => cpu)],
  ['ndim', nativeProperty('ndim', x => self(x).rank)],
  ['itemsize', nativeProperty('itemsize', x => self(x).dtype.bits / 8)],
  ['nbytes', nativeProperty('nbytes', x => (self(x).dtype.bits / 8) * self(x).numel)],
  ['names', nativeProperty('names', x => new PyTuple(self(x).shape.map(() => null)))],
  ['is_cuda', nativeProperty('is_cuda', () => false)],
  ['is_sparse', nativeProperty('is_sparse', () => false)],
  ['is_quantized', nativeProperty('is_quantized', () => false)],
  ['is_meta', nativeProperty('is_meta', () => false)],
  ['is_mps', nativeProperty('is_mps', () => false)],
  ['is_leaf', nativeProperty('is_leaf', () => true)],
  ['layout', nativeProperty('layout', () => 'torch.strided')],
  ['grad_fn', nativeProperty('grad_fn', () => null)],
  [
    'grad',
    nativeProperty(
      'grad',
      () => null,
      (_x, value) => {
        if (value !== null)
          throw new Refusal({
            construct: 'tensor.grad = …',
            message: 'Gradients are not supported by the tracer.',
          });
      },
    ),
  ],
  [
    'requires_grad',
    nativeProperty(
      'requires_grad',
      x => self(x).requiresGrad,
      (x, value) => {
        self(x).requiresGrad = value === true;
      },
    ),
  ],
  [
    'data',
    nativeProperty(
      'data',
      x => self(x).alias(),
      (x, value) => {
        become(self(x), self(value));
      },
    ),
  ],
  [
    'T',
    nativeProperty('T', x =>
      permute(
        self(x),
        self(x).shape.map((_, i) => self(x).rank - 1 - i),
      ),
    ),
  ],
  [
    'mT',
    nativeProperty('mT', x => {
      if (self(x).rank < 2)
        throw raise(
          'RuntimeError',
          `tensor.mT is only supported on matrices or batches of matrices. Got ${self(x).rank}-D tensor.`,
        );
      return transpose(self(x), self(x).rank - 2, self(x).rank - 1);
    }),
  ],
  ['real', nativeProperty('real', x => self(x))],
];
