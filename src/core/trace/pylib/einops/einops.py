"""rearrange, repeat, reduce and einsum on tensors."""

import torch

from ._patterns import ELLIPSIS, EinopsError, parse_side, plan


def _reduced(tensor, reduction, axes):
    axes = tuple(axes)
    if not isinstance(reduction, str):
        return reduction(tensor, axes)
    if reduction == "mean":
        if not tensor.is_floating_point():
            raise NotImplementedError("reduce_mean is not available for non-floating tensors")
        return tensor.mean(dim=axes)
    if reduction == "sum":
        return tensor.sum(dim=axes)
    if reduction == "max":
        return tensor.amax(dim=axes)
    if reduction == "min":
        return tensor.amin(dim=axes)
    if reduction in ("prod", "any", "all"):
        for axis in reversed(axes):
            if reduction == "prod":
                tensor = tensor.prod(dim=axis)
            elif reduction == "any":
                tensor = tensor.any(dim=axis)
            else:
                tensor = tensor.all(dim=axis)
        return tensor
    raise NotImplementedError(f"Unknown reduction {reduction}. Expect one of ('min', 'max', 'sum', 'mean', 'prod', 'any', 'all').")


def _transform(tensor, pattern, operation, lengths):
    if isinstance(tensor, (list, tuple)):
        if len(tensor) == 0:
            raise TypeError("Rearrange/Reduce/Repeat can't be applied to an empty list")
        tensor = torch.stack(list(tensor))
    if not isinstance(tensor, torch.Tensor):
        raise EinopsError(f"Tensor type unknown to einops {type(tensor)}")
    name = operation if operation in ("rearrange", "repeat") else "reduce"
    first_shape, reduced, order, sizes, final_shape = plan(pattern, name, tensor.shape, lengths)
    if list(tensor.shape) != first_shape:
        tensor = tensor.reshape(first_shape)
    if reduced:
        tensor = _reduced(tensor, operation, reduced)
    permutation = [axis for axis in order if axis >= 0]
    if permutation != sorted(permutation):
        tensor = tensor.permute(*permutation)
    if -1 in order:
        for position, axis in enumerate(order):
            if axis == -1:
                tensor = tensor.unsqueeze(position)
        tensor = tensor.expand(*sizes)
    if list(tensor.shape) != final_shape:
        tensor = tensor.reshape(final_shape)
    return tensor


def rearrange(tensor, pattern, **axes_lengths):
    return _transform(tensor, pattern, "rearrange", axes_lengths)


def repeat(tensor, pattern, **axes_lengths):
    return _transform(tensor, pattern, "repeat", axes_lengths)


def reduce(tensor, pattern, reduction, **axes_lengths):
    return _transform(tensor, pattern, reduction, axes_lengths)


def parse_shape(x, pattern):
    """The named dimensions of x as a dict; `_` skips one, `...` skips any number."""
    names = pattern.split()
    shape = list(x.shape)
    if ELLIPSIS in names:
        at = names.index(ELLIPSIS)
        missing = len(shape) - (len(names) - 1)
        if missing < 0:
            raise RuntimeError(f"Can't parse shape with this number of dimensions: {pattern} {shape}")
        names = names[:at] + ["_"] * missing + names[at + 1:]
    elif len(names) != len(shape):
        raise RuntimeError(f"Can't parse shape with different number of dimensions: {pattern} {shape}")
    sizes = {}
    for name, size in zip(names, shape):
        if name.isdecimal():
            if int(name) != size:
                raise RuntimeError(f"Length of anonymous axis does not match: {pattern} {shape}")
        elif name != "_":
            sizes[name] = size
    return sizes


def asnumpy(tensor):
    return tensor.cpu().numpy()


def einsum(*tensors_and_pattern):
    """Like torch.einsum, with names of any length, the pattern last."""
    *tensors, pattern = tensors_and_pattern
    if not isinstance(pattern, str):
        raise TypeError("The last argument passed to `einops.einsum` must be a string, representing the einsum pattern.")
    if pattern.count("->") != 1:
        raise ValueError("Einsum pattern must contain '->'.")
    inputs, output = pattern.split("->")
    letters = {}

    def compact(side):
        text = ""
        for group in parse_side(side):
            if group == ELLIPSIS:
                text += ELLIPSIS
                continue
            if len(group) != 1:
                raise NotImplementedError("Singleton () and composed axes are not yet supported in einsum.")
            axis = group[0]
            if axis not in letters:
                if len(letters) == 52:
                    raise RuntimeError("Too many axes in einsum.")
                letters[axis] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[len(letters)]
            text += letters[axis]
        return text

    sides = [compact(side) for side in inputs.split(",")]
    if len(sides) != len(tensors):
        raise RuntimeError("Number of tensors passed to einsum does not match number of patterns")
    return torch.einsum(",".join(sides) + "->" + compact(output), *tensors)
