"""einops_exts: the same pattern for several tensors."""

from einops import rearrange, reduce, repeat


def rearrange_many(tensors, pattern, **axes_lengths):
    return tuple(rearrange(tensor, pattern, **axes_lengths) for tensor in tensors)


def repeat_many(tensors, pattern, **axes_lengths):
    return tuple(repeat(tensor, pattern, **axes_lengths) for tensor in tensors)


def reduce_many(tensors, pattern, reduction, **axes_lengths):
    return tuple(reduce(tensor, pattern, reduction, **axes_lengths) for tensor in tensors)


def check_shape(tensor, pattern, **axes_lengths):
    return rearrange(tensor, f"{pattern} -> {pattern}", **axes_lengths)
