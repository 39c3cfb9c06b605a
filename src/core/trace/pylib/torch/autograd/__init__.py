"""torch.autograd without gradients: Function.apply runs forward."""

from . import function, profiler
from .function import Function
from .._grad import enable_grad, inference_mode, no_grad, set_grad_enabled


class Variable:
    """Long since the same as a tensor."""

    def __new__(cls, data, requires_grad=False, volatile=False):
        return data


def grad(*args, **kwargs):
    refuse("torch.autograd.grad: gradients are not computed here")


def backward(*args, **kwargs):
    refuse("torch.autograd.backward: gradients are not computed here")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.autograd' has no attribute '{name}'")
    refuse(f"torch.autograd.{name} is not supported")
