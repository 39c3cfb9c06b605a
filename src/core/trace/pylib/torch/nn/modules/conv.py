"""Convolutions."""

import math

from ... import _nn
from .. import init
from ..parameter import Parameter
from .module import Module
from .utils import ntuple, uniform


class _ConvNd(Module):
    dims = 0
    transposed = False

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride,
        padding,
        output_padding,
        dilation,
        groups,
        bias,
        padding_mode,
        dtype,
    ):
        super().__init__()
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups != 0:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups != 0:
            raise ValueError("out_channels must be divisible by groups")
        if padding_mode not in ("zeros", "reflect", "replicate", "circular"):
            raise ValueError(f"padding_mode must be one of zeros, reflect, replicate, circular, but got padding_mode='{padding_mode}'")
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"Invalid padding string '{padding}', should be one of same, valid")
        dims = self.dims
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = ntuple(kernel_size, dims)
        self.stride = ntuple(stride, dims)
        self.padding = padding if isinstance(padding, str) else ntuple(padding, dims)
        self.dilation = ntuple(dilation, dims)
        self.output_padding = ntuple(output_padding, dims)
        self.groups = groups
        self.padding_mode = padding_mode
        if padding == "same" and any(step != 1 for step in self.stride):
            raise ValueError("padding='same' is not supported for strided convolutions")
        if self.transposed:
            shape = (in_channels, out_channels // groups) + self.kernel_size
        else:
            shape = (out_channels, in_channels // groups) + self.kernel_size
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        self.weight = Parameter(uniform(shape, bound, dtype))
        if bias:
            self.bias = Parameter(uniform((out_channels,), bound, dtype))
        else:
            self.register_parameter("bias", None)

    def reset_parameters(self):
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(math.prod(self.weight.shape[1:]))
            init.uniform_(self.bias, -bound, bound)

    def _border(self):
        """The padding as F.pad wants it: last dimension first, two numbers each."""
        border = []
        for size, step, pad in zip(
            reversed(self.kernel_size),
            reversed(self.dilation),
            reversed(self.padding) if not isinstance(self.padding, str) else [self.padding] * self.dims,
        ):
            if pad == "same":
                total = step * (size - 1)
                border += [total // 2, total - total // 2]
            elif pad == "valid":
                border += [0, 0]
            else:
                border += [pad, pad]
        return border

    def _convolve(self, function, input, weight, bias):
        if self.padding_mode != "zeros":
            wider = _nn.pad(input, self._border(), mode=self.padding_mode)
            return function(wider, weight, bias, self.stride, (0,) * self.dims, self.dilation, self.groups)
        return function(input, weight, bias, self.stride, self.padding, self.dilation, self.groups)

    def extra_repr(self):
        parts = [str(self.in_channels), str(self.out_channels), f"kernel_size={self.kernel_size}", f"stride={self.stride}"]
        if isinstance(self.padding, str) or any(self.padding):
            parts.append(f"padding={self.padding}")
        if any(step != 1 for step in self.dilation):
            parts.append(f"dilation={self.dilation}")
        if any(self.output_padding):
            parts.append(f"output_padding={self.output_padding}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        if self.bias is None:
            parts.append("bias=False")
        if self.padding_mode != "zeros":
            parts.append(f"padding_mode={self.padding_mode}")
        return ", ".join(parts)


class _Conv(_ConvNd):
    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        dilation=1,
        groups=1,
        bias=True,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, 0, dilation, groups, bias, padding_mode, dtype)

    def forward(self, input):
        return self._conv_forward(input, self.weight, self.bias)


class Conv1d(_Conv):
    dims = 1

    def _conv_forward(self, input, weight, bias):
        return self._convolve(_nn.conv1d, input, weight, bias)


class Conv2d(_Conv):
    dims = 2

    def _conv_forward(self, input, weight, bias):
        return self._convolve(_nn.conv2d, input, weight, bias)


class Conv3d(_Conv):
    dims = 3

    def _conv_forward(self, input, weight, bias):
        return self._convolve(_nn.conv3d, input, weight, bias)


class _ConvTransposeNd(_ConvNd):
    transposed = True

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        output_padding=0,
        groups=1,
        bias=True,
        dilation=1,
        padding_mode="zeros",
        device=None,
        dtype=None,
    ):
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, groups, bias, padding_mode, dtype
        )

    def _output_padding(self, input, output_size):
        if output_size is None:
            return self.output_padding
        if len(output_size) == self.dims + 2:
            output_size = output_size[2:]
        extra = []
        for axis in range(self.dims):
            least = (
                (input.shape[axis + 2] - 1) * self.stride[axis]
                - 2 * self.padding[axis]
                + self.dilation[axis] * (self.kernel_size[axis] - 1)
                + 1
            )
            more = output_size[axis] - least
            if not 0 <= more < max(self.stride[axis], self.dilation[axis]):
                raise ValueError(f"requested an output size of {tuple(output_size)}, which is not possible for an input of {tuple(input.shape[2:])}")
            extra.append(more)
        return tuple(extra)

    def _transpose(self, function, input, output_size):
        extra = self._output_padding(input, output_size)
        return function(input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation)


class ConvTranspose1d(_ConvTransposeNd):
    dims = 1

    def forward(self, input, output_size=None):
        return self._transpose(_nn.conv_transpose1d, input, output_size)


class ConvTranspose2d(_ConvTransposeNd):
    dims = 2

    def forward(self, input, output_size=None):
        return self._transpose(_nn.conv_transpose2d, input, output_size)


class ConvTranspose3d(_ConvTransposeNd):
    dims = 3

    def forward(self, input, output_size=None):
        return self._transpose(_nn.conv_transpose3d, input, output_size)
