"""Small helpers of the layers."""

from ..._native import empty


def ntuple(value, n):
    """`value` n times; a sequence of length n as it is, as a tuple."""
    if isinstance(value, (tuple, list)):
        return tuple(value)
    return (value,) * n


def _single(value):
    return ntuple(value, 1)


def _pair(value):
    return ntuple(value, 2)


def _triple(value):
    return ntuple(value, 3)


def _quadruple(value):
    return ntuple(value, 4)


def _ntuple(n, name="parse"):
    def parse(value):
        return ntuple(value, n)

    return parse


def uniform(shape, bound, dtype=None):
    """A new tensor, drawn evenly between -bound and bound."""
    return empty(shape, dtype=dtype).uniform_(-bound, bound)
