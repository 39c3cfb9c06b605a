"""Affine maps."""

import math

from ..._native import empty
from ... import _nn
from .. import init
from ..parameter import Parameter
from .module import Module
from .utils import uniform


class Identity(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()

    def forward(self, input):
        return input


class Linear(Module):
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        bound = 1 / math.sqrt(in_features) if in_features > 0 else 0
        self.weight = Parameter(uniform((out_features, in_features), bound, dtype))
        if bias:
            self.bias = Parameter(uniform((out_features,), bound, dtype))
        else:
            self.register_parameter("bias", None)

    def reset_parameters(self):
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input):
        return _nn.linear(input, self.weight, self.bias)

    def extra_repr(self):
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class NonDynamicallyQuantizableLinear(Linear):
    """The type of MultiheadAttention.out_proj; a Linear in every other respect."""


class Bilinear(Module):
    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        bound = 1 / math.sqrt(in1_features)
        self.weight = Parameter(uniform((out_features, in1_features, in2_features), bound, dtype))
        if bias:
            self.bias = Parameter(uniform((out_features,), bound, dtype))
        else:
            self.register_parameter("bias", None)

    def forward(self, input1, input2):
        from .. import functional as F

        return F.bilinear(input1, input2, self.weight, self.bias)


class LazyLinear(Module):
    def __init__(self, *args, **kwargs):
        refuse("torch.nn.LazyLinear: a lazy layer has no shape before the first call; use nn.Linear(in_features, out_features)")
