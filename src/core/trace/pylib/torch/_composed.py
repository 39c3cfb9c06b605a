"""Functions of torch that are a line or two in terms of others. Each takes what torch takes; what is left out is refused by name."""

import math

from . import _native as _torch


def nanmean(input, dim=None, keepdim=False, *, dtype=None):
    known = ~_torch.isnan(input)
    if dim is None:
        return _torch.nansum(input) / known.sum()
    return _torch.nansum(input, dim, keepdim) / known.sum(dim, keepdim=keepdim)


def msort(input):
    return _torch.sort(input, dim=0)[0]


def diff(input, n=1, dim=-1, prepend=None, append=None):
    parts = [part for part in (prepend, input, append) if part is not None]
    result = _torch.cat(parts, dim=dim) if len(parts) > 1 else input
    for _ in range(n):
        length = result.shape[dim]
        later, earlier = result.narrow(dim, 1, length - 1), result.narrow(dim, 0, length - 1)
        result = later ^ earlier if result.dtype == _torch.bool else later - earlier
    return result


def vdot(input, other):
    return _torch.dot(input, other)


def inner(input, other):
    if input.dim() == 0 or other.dim() == 0:
        return input * other
    return _torch.tensordot(input, other, dims=([-1], [-1]))


def chain_matmul(*matrices):
    product = matrices[0]
    for matrix in matrices[1:]:
        product = product @ matrix
    return product


def addr(input, vec1, vec2, *, beta=1, alpha=1):
    return beta * input + alpha * _torch.outer(vec1, vec2)


def diagflat(input, offset=0):
    return _torch.diag(input.reshape(-1), offset)


def _deep(tensor):
    if tensor.dim() == 0:
        return tensor.reshape(1, 1, 1)
    if tensor.dim() == 1:
        return tensor[None, :, None]
    return tensor.unsqueeze(-1) if tensor.dim() == 2 else tensor


def dstack(tensors):
    return _torch.cat([_deep(tensor) for tensor in tensors], dim=2)


def column_stack(tensors):
    return _torch.cat([tensor.reshape(-1, 1) if tensor.dim() < 2 else tensor for tensor in tensors], dim=1)


def hsplit(input, indices_or_sections):
    return _torch.tensor_split(input, indices_or_sections, dim=0 if input.dim() == 1 else 1)


def vsplit(input, indices_or_sections):
    return _torch.tensor_split(input, indices_or_sections, dim=0)


def heaviside(input, values):
    zero = _torch.zeros_like(input)
    return _torch.where(input == 0, values, _torch.where(input > 0, _torch.ones_like(input), zero))


def hypot(input, other):
    # The larger one is taken out, so that no square overflows.
    large = _torch.maximum(input.abs(), other.abs())
    share = _torch.minimum(input.abs(), other.abs()) / _torch.where(large == 0, _torch.ones_like(large), large)
    return large * _torch.sqrt(1 + share * share)


def logaddexp(input, other):
    large = _torch.maximum(input, other)
    gap = (input - other).abs()
    # Two equal infinities have no difference; their sum is the infinity itself.
    return _torch.where(_torch.isinf(large) & (input == other), large, large + _torch.log1p(_torch.exp(-gap)))


def logcumsumexp(input, dim):
    large = input.amax(dim=dim, keepdim=True)
    return _torch.log(_torch.cumsum(_torch.exp(input - large), dim)) + large


def sinc(input):
    x = input * math.pi
    safe = _torch.where(x == 0, _torch.ones_like(x), x)
    return _torch.where(x == 0, _torch.ones_like(x), _torch.sin(safe) / safe)


def deg2rad(input):
    return input * (math.pi / 180)


def rad2deg(input):
    return input * (180 / math.pi)


def isposinf(input):
    return input == math.inf


def isneginf(input):
    return input == -math.inf


def xlogy(input, other):
    product = input * _torch.log(other)
    return _torch.where((input == 0) & ~_torch.isnan(other), _torch.zeros_like(product), product)


def fmax(input, other):
    return _torch.where(_torch.isnan(input), other, _torch.where(_torch.isnan(other), input, _torch.maximum(input, other)))


def fmin(input, other):
    return _torch.where(_torch.isnan(input), other, _torch.where(_torch.isnan(other), input, _torch.minimum(input, other)))


def conj(input):
    return input


def real(input):
    return input


def cov(input, *, correction=1, fweights=None, aweights=None):
    if fweights is not None or aweights is not None:
        refuse("torch.cov(fweights=..., aweights=...) is not supported")
    rows = input.reshape(1, -1) if input.dim() < 2 else input
    centred = rows - rows.mean(dim=1, keepdim=True)
    result = centred @ centred.T / (rows.shape[1] - correction)
    return result.reshape(()) if input.dim() < 2 else result


def corrcoef(input):
    covariance = cov(input)
    if input.dim() < 2:
        return covariance / covariance
    spread = _torch.sqrt(_torch.diagonal(covariance))
    return (covariance / spread[:, None] / spread[None, :]).clip(-1, 1)


def trapezoid(y, x=None, *, dx=1, dim=-1):
    length = y.shape[dim]
    middles = (y.narrow(dim, 1, length - 1) + y.narrow(dim, 0, length - 1)) / 2
    if x is None:
        return (middles * dx).sum(dim)
    if x.dim() != 1:
        refuse("torch.trapezoid(x of more than one axis) is not supported")
    shape = [1] * y.dim()
    shape[dim] = length - 1
    return (middles * diff(x).reshape(shape)).sum(dim)


trapz = trapezoid


def searchsorted(sorted_sequence, input, *, out_int32=False, right=False, side=None, sorter=None):
    """How many elements of the last axis lie before each value."""
    if sorter is not None:
        refuse("torch.searchsorted(sorter=...) is not supported")
    if side is not None:
        right = side == "right"
    is_number = not isinstance(input, _torch.Tensor)
    values = _torch.tensor(input) if is_number else input
    edges = sorted_sequence[..., None, :] if sorted_sequence.dim() > 1 else sorted_sequence
    before = edges <= values.unsqueeze(-1) if right else edges < values.unsqueeze(-1)
    found = before.sum(-1)
    return found.to(_torch.int32) if out_int32 else found


def bucketize(input, boundaries, *, out_int32=False, right=False):
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)
