"""Tensors that belong to a module."""

from .._native import Parameter, Tensor


def Buffer(data=None, persistent=True):
    refuse("torch.nn.Buffer: use register_buffer(name, tensor, persistent) instead")


class UninitializedParameter:
    def __init__(self, *args, **kwargs):
        refuse("torch.nn.parameter.UninitializedParameter: lazy parameters have no shape to trace with")
