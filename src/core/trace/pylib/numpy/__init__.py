"""numpy, as far as model files use it while they run: arrays are tensors in a coat. Scalars are Python numbers.

Functions take and give `ndarray`; numbers in give numbers out. Double precision by default, as in numpy.
"""

import math

import torch

pi = math.pi
e = math.e
inf = math.inf
nan = math.nan
newaxis = None


class dtype:
    """A dtype that can also convert: np.float32(x)."""

    def __init__(self, name, torch_dtype, convert):
        self.name = name
        self.torch_dtype = torch_dtype
        self.convert = convert

    def __call__(self, value=0):
        return ndarray(value.tensor.to(self.torch_dtype)) if isinstance(value, ndarray) else self.convert(value)

    def __eq__(self, other):
        return isinstance(other, dtype) and self.torch_dtype == other.torch_dtype

    def __hash__(self):
        return hash(self.name)

    def __repr__(self):
        return f"dtype('{self.name}')"


_float, _int, _bool = float, int, bool
float64 = dtype("float64", torch.float64, _float)
float32 = dtype("float32", torch.float32, _float)
float16 = dtype("float16", torch.float16, _float)
int64 = dtype("int64", torch.int64, _int)
int32 = dtype("int32", torch.int32, _int)
uint8 = dtype("uint8", torch.uint8, _int)
bool_ = dtype("bool", torch.bool, _bool)
double = float64
_dtypes = [float64, float32, float16, int64, int32, uint8, bool_]


def _torch_dtype(wanted, default=None):
    if wanted is None:
        return default
    if isinstance(wanted, dtype):
        return wanted.torch_dtype
    if wanted is _float or wanted == "float64":
        return torch.float64
    if wanted is _int or wanted == "int64":
        return torch.int64
    if wanted is _bool:
        return torch.bool
    for known in _dtypes:
        if wanted == known.name:
            return known.torch_dtype
    refuse(f"numpy dtype {wanted!r} is not supported")


def _unwrap(value):
    return value.tensor if isinstance(value, ndarray) else value


def _tensor(value, wanted=None):
    """Anything array-like as a tensor; new floats are double, as in numpy."""
    if isinstance(value, ndarray):
        result = value.tensor
    elif isinstance(value, torch.Tensor):
        result = value
    else:
        result = torch.tensor(_plain(value))
        if result.dtype == torch.float32:
            result = torch.tensor(_plain(value), dtype=torch.float64)
    target = _torch_dtype(wanted)
    return result if target is None else result.to(target)


def _plain(value):
    """Nested sequences of numbers and arrays as nested lists of numbers."""
    if isinstance(value, ndarray):
        return value.tolist()
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, (list, tuple, range)):
        return [_plain(item) for item in value]
    return value


def _alike(tensors):
    """All in the dtype that holds them all; integers with floats are doubles, as in numpy."""
    kinds = [tensor.dtype for tensor in tensors]
    widest = kinds[0]
    for kind in kinds[1:]:
        if kind != widest:
            is_mixed = kind.is_floating_point != widest.is_floating_point
            widest = torch.float64 if is_mixed else torch.promote_types(widest, kind)
    return [tensor if tensor.dtype == widest else tensor.to(widest) for tensor in tensors]


def _match(array, other):
    """Both sides of an operator, such that torch's rules lead where numpy's do."""
    tensor = array.tensor
    if isinstance(other, ndarray):
        return _alike([tensor, other.tensor])
    if isinstance(other, _float) and not tensor.is_floating_point():
        return [tensor.to(torch.float64), other]
    return [tensor, other]


def _index(key):
    if isinstance(key, tuple):
        return tuple(_unwrap(part) for part in key)
    return _unwrap(key)


class ndarray:
    def __init__(self, tensor):
        self.tensor = tensor

    @property
    def shape(self):
        return tuple(self.tensor.shape)

    @property
    def ndim(self):
        return self.tensor.dim()

    @property
    def size(self):
        return self.tensor.numel()

    @property
    def dtype(self):
        for known in _dtypes:
            if known.torch_dtype == self.tensor.dtype:
                return known
        refuse(f"a numpy array of {self.tensor.dtype} is not supported")

    @property
    def T(self):
        return transpose(self)

    def __len__(self):
        return self.tensor.shape[0]

    def __iter__(self):
        for row in range(self.tensor.shape[0]):
            yield self[row]

    def __getitem__(self, key):
        return _wrap(self.tensor[_index(key)])

    def __setitem__(self, key, value):
        self.tensor[_index(key)] = _unwrap(value)

    def __float__(self):
        return _float(self.tensor)

    def __int__(self):
        return _int(self.tensor)

    def __bool__(self):
        return _bool(self.tensor)

    def __repr__(self):
        return f"array({self.tolist()})"

    def __neg__(self):
        return ndarray(-self.tensor)

    def __abs__(self):
        return ndarray(self.tensor.abs())

    def __add__(self, other):
        left, right = _match(self, other)
        return ndarray(left + right)

    def __radd__(self, other):
        left, right = _match(self, other)
        return ndarray(right + left)

    def __sub__(self, other):
        left, right = _match(self, other)
        return ndarray(left - right)

    def __rsub__(self, other):
        left, right = _match(self, other)
        return ndarray(right - left)

    def __mul__(self, other):
        left, right = _match(self, other)
        return ndarray(left * right)

    def __rmul__(self, other):
        left, right = _match(self, other)
        return ndarray(right * left)

    def __truediv__(self, other):
        left, right = _match(self, other)
        return ndarray(_divisible(left) / right)

    def __rtruediv__(self, other):
        left, right = _match(self, other)
        return ndarray(right / _divisible(left))

    def __floordiv__(self, other):
        left, right = _match(self, other)
        return ndarray(left // right)

    def __mod__(self, other):
        left, right = _match(self, other)
        return ndarray(left % right)

    def __pow__(self, other):
        left, right = _match(self, other)
        return ndarray(left ** right)

    def __rpow__(self, other):
        left, right = _match(self, other)
        return ndarray(right ** left)

    def __matmul__(self, other):
        left, right = _match(self, other)
        return ndarray(left @ right)

    def __and__(self, other):
        return ndarray(self.tensor & _unwrap(other))

    def __or__(self, other):
        return ndarray(self.tensor | _unwrap(other))

    def __invert__(self):
        return ndarray(~self.tensor)

    def __iadd__(self, other):
        self.tensor += _unwrap(other)
        return self

    def __isub__(self, other):
        self.tensor -= _unwrap(other)
        return self

    def __imul__(self, other):
        self.tensor *= _unwrap(other)
        return self

    def __itruediv__(self, other):
        self.tensor /= _unwrap(other)
        return self

    def __eq__(self, other):
        return ndarray(self.tensor == _unwrap(other))

    def __ne__(self, other):
        return ndarray(self.tensor != _unwrap(other))

    def __lt__(self, other):
        return ndarray(self.tensor < _unwrap(other))

    def __le__(self, other):
        return ndarray(self.tensor <= _unwrap(other))

    def __gt__(self, other):
        return ndarray(self.tensor > _unwrap(other))

    def __ge__(self, other):
        return ndarray(self.tensor >= _unwrap(other))

    def item(self):
        return self.tensor.item()

    def tolist(self):
        return self.tensor.tolist()

    def copy(self):
        return ndarray(self.tensor.clone())

    def astype(self, wanted, copy=True):
        return ndarray(self.tensor.to(_torch_dtype(wanted)))

    def reshape(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        return ndarray(self.tensor.reshape(shape))

    def flatten(self):
        return ndarray(self.tensor.reshape(-1).clone())

    def ravel(self):
        return ndarray(self.tensor.reshape(-1))

    def squeeze(self, axis=None):
        return ndarray(self.tensor.squeeze() if axis is None else self.tensor.squeeze(axis))

    def transpose(self, *axes):
        if len(axes) == 1 and isinstance(axes[0], (tuple, list)):
            axes = tuple(axes[0])
        return transpose(self, axes if axes else None)

    def sum(self, axis=None, keepdims=False):
        return sum(self, axis, keepdims)

    def mean(self, axis=None, keepdims=False):
        return mean(self, axis, keepdims)

    def max(self, axis=None):
        return _wrap(self.tensor.max() if axis is None else self.tensor.amax(dim=axis))

    def min(self, axis=None):
        return _wrap(self.tensor.min() if axis is None else self.tensor.amin(dim=axis))

    def all(self, axis=None):
        return _wrap(self.tensor.all() if axis is None else self.tensor.all(dim=axis))

    def any(self, axis=None):
        return _wrap(self.tensor.any() if axis is None else self.tensor.any(dim=axis))

    def argmax(self, axis=None):
        return _wrap(self.tensor.argmax() if axis is None else self.tensor.argmax(dim=axis))


def _divisible(tensor):
    """numpy divides integers into doubles, torch into floats."""
    return tensor if tensor.is_floating_point() else tensor.to(torch.float64)


def _wrap(tensor):
    """A tensor as an array; a single element as a Python number, which is what numpy's scalars are used as."""
    return tensor.item() if tensor.dim() == 0 else ndarray(tensor)


# ---- making arrays -----------------------------------------------------------------------------------------------


def array(object, dtype=None, copy=True):
    tensor = _tensor(object, dtype)
    return ndarray(tensor.clone() if isinstance(object, ndarray) and copy else tensor)


def asarray(object, dtype=None):
    return array(object, dtype, copy=False)


def _shape(shape):
    return (shape,) if isinstance(shape, int) else tuple(shape)


def zeros(shape, dtype=None):
    return ndarray(torch.zeros(_shape(shape), dtype=_torch_dtype(dtype, torch.float64)))


def ones(shape, dtype=None):
    return ndarray(torch.ones(_shape(shape), dtype=_torch_dtype(dtype, torch.float64)))


def empty(shape, dtype=None):
    return zeros(shape, dtype)


def full(shape, fill_value, dtype=None):
    default = torch.float64 if isinstance(fill_value, _float) else torch.int64
    return ndarray(torch.full(_shape(shape), fill_value, dtype=_torch_dtype(dtype, default)))


def zeros_like(a, dtype=None):
    tensor = _tensor(a)
    return zeros(tuple(tensor.shape)).astype(dtype) if dtype is not None else ndarray(torch.zeros_like(tensor))


def ones_like(a, dtype=None):
    tensor = _tensor(a)
    return ones(tuple(tensor.shape)).astype(dtype) if dtype is not None else ndarray(torch.ones_like(tensor))


def eye(N, M=None, dtype=None):
    return ndarray(torch.eye(N, N if M is None else M, dtype=_torch_dtype(dtype, torch.float64)))


def arange(start, stop=None, step=1, dtype=None):
    if stop is None:
        start, stop = 0, start
    is_float = isinstance(start, _float) or isinstance(stop, _float) or isinstance(step, _float)
    return ndarray(torch.arange(start, stop, step, dtype=_torch_dtype(dtype, torch.float64 if is_float else torch.int64)))


def linspace(start, stop, num=50, endpoint=True, dtype=None):
    if not endpoint:
        stop = start + (stop - start) * (num - 1) / num
    return ndarray(torch.linspace(start, stop, num, dtype=torch.float64).to(_torch_dtype(dtype, torch.float64)))


def meshgrid(*arrays, indexing="xy"):
    return [ndarray(part) for part in torch.meshgrid(*[_tensor(part) for part in arrays], indexing=indexing)]


# ---- elementwise -------------------------------------------------------------------------------------------------


def _elementwise(on_tensor, on_number):
    def function(x):
        if isinstance(x, (_int, _float)):
            return on_number(x)
        return _wrap(on_tensor(_divisible(_tensor(x))))

    return function


def _log(x):
    if x > 0:
        return math.log(x)
    return -inf if x == 0 else nan


def _sqrt(x):
    return math.sqrt(x) if x >= 0 else nan


log = _elementwise(torch.log, _log)
exp = _elementwise(torch.exp, math.exp)
sqrt = _elementwise(torch.sqrt, _sqrt)
sin = _elementwise(torch.sin, math.sin)
cos = _elementwise(torch.cos, math.cos)
tanh = _elementwise(torch.tanh, math.tanh)
log2 = _elementwise(torch.log2, math.log2)
log10 = _elementwise(torch.log10, math.log10)
floor = _elementwise(torch.floor, lambda x: _float(math.floor(x)))
ceil = _elementwise(torch.ceil, lambda x: _float(math.ceil(x)))


def abs(x):
    return _wrap(_tensor(x).abs()) if not isinstance(x, (_int, _float)) else (x if x >= 0 else -x)


def power(x, y):
    return _wrap(_tensor(x) ** _unwrap(y))


def maximum(x, y):
    return _wrap(torch.maximum(_tensor(x), _tensor(y)))


def minimum(x, y):
    return _wrap(torch.minimum(_tensor(x), _tensor(y)))


def clip(a, a_min, a_max):
    if isinstance(a, torch.Tensor):
        # numpy calls the array's own `clip`, and a tensor has one.
        return a.clip(a_min, a_max)
    return _wrap(_tensor(a).clamp(a_min, a_max))


def where(condition, x=None, y=None):
    if x is None:
        return tuple(ndarray(part) for part in torch.where(_tensor(condition)))
    return _wrap(torch.where(_tensor(condition), _tensor(x), _tensor(y)))


def isscalar(element):
    return isinstance(element, (_int, _float, str))


# ---- reductions and rearranging ----------------------------------------------------------------------------------


def sum(a, axis=None, keepdims=False):
    tensor = _tensor(a)
    return _wrap(tensor.sum() if axis is None else tensor.sum(dim=axis, keepdim=keepdims))


def mean(a, axis=None, keepdims=False):
    tensor = _divisible(_tensor(a))
    return _wrap(tensor.mean() if axis is None else tensor.mean(dim=axis, keepdim=keepdims))


def prod(a, axis=None):
    tensor = _tensor(a)
    return _wrap(tensor.reshape(-1).prod(dim=0) if axis is None else tensor.prod(dim=axis))


def any(a, axis=None):
    return array(a).any(axis) if not isinstance(a, (_bool, _int, _float)) else _bool(a)


def all(a, axis=None):
    return array(a).all(axis) if not isinstance(a, (_bool, _int, _float)) else _bool(a)


def cumsum(a, axis=None):
    tensor = _tensor(a)
    return ndarray(tensor.reshape(-1).cumsum(dim=0) if axis is None else tensor.cumsum(dim=axis))


def cumprod(a, axis=None):
    tensor = _tensor(a)
    return ndarray(tensor.reshape(-1).cumprod(dim=0) if axis is None else tensor.cumprod(dim=axis))


def append(arr, values, axis=None):
    if axis is None:
        return concatenate([_flat(arr), _flat(values)])
    return concatenate([arr, values], axis)


def _flat(value):
    tensor = _tensor(value)
    return ndarray(tensor.reshape(-1))


def concatenate(arrays, axis=0):
    tensors = [_tensor(part) for part in arrays]
    if axis is None:
        tensors, axis = [tensor.reshape(-1) for tensor in tensors], 0
    return ndarray(torch.cat(_alike(tensors), dim=axis))


def stack(arrays, axis=0):
    return ndarray(torch.stack(_alike([_tensor(part) for part in arrays]), dim=axis))


def reshape(a, shape):
    return array(a, copy=False).reshape(shape)


def transpose(a, axes=None):
    tensor = _tensor(a)
    if axes is None:
        axes = tuple(reversed(range(tensor.dim())))
    return ndarray(tensor.permute(*axes))


def expand_dims(a, axis):
    return ndarray(_tensor(a).unsqueeze(axis))


def squeeze(a, axis=None):
    return array(a, copy=False).squeeze(axis)


def tile(A, reps):
    tensor = _tensor(A)
    reps = (reps,) if isinstance(reps, int) else tuple(reps)
    return ndarray(tensor.repeat(*((1,) * (tensor.dim() - len(reps)) + reps)))


def repeat(a, repeats, axis=None):
    tensor = _tensor(a)
    return ndarray(tensor.reshape(-1).repeat_interleave(repeats) if axis is None else tensor.repeat_interleave(repeats, dim=axis))


def tril(m, k=0):
    return ndarray(torch.tril(_tensor(m), k))


def triu(m, k=0):
    return ndarray(torch.triu(_tensor(m), k))


def take(a, indices, axis=None):
    tensor = _tensor(a)
    if axis is None:
        tensor, axis = tensor.reshape(-1), 0
    wanted = _tensor(indices)
    return _wrap(tensor.index_select(axis, wanted.reshape(-1)).reshape(*tensor.shape[:axis], *wanted.shape, *tensor.shape[axis + 1:]))


def dot(a, b):
    left, right = _alike([_tensor(a), _tensor(b)])
    return _wrap(left @ right)


def outer(a, b):
    return ndarray(_tensor(a).reshape(-1, 1) * _tensor(b).reshape(1, -1))


def einsum(pattern, *arrays):
    return _wrap(torch.einsum(pattern, *_alike([_tensor(part) for part in arrays])))


def load(*args, **kwargs):
    refuse("numpy.load: files cannot be read here")


def save(*args, **kwargs):
    refuse("numpy.save: files cannot be written here")


class _Random:
    """numpy.random draws from a stream that does not exist here."""

    def __getattr__(self, name):
        refuse(f"numpy.random.{name}: numpy's random stream does not exist here")


random = _Random()
bool = bool_


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'numpy' has no attribute '{name}'")
    refuse(f"numpy.{name} is not supported")
