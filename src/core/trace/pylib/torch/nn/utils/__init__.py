"""torch.nn.utils: the parts that do not need gradients."""

from ..._native import cat
from . import rnn
from .parametrizations import spectral_norm, weight_norm


def parameters_to_vector(parameters):
    return cat([parameter.reshape(-1) for parameter in parameters])


def clip_grad_norm_(*args, **kwargs):
    refuse("torch.nn.utils.clip_grad_norm_: there are no gradients here")


def clip_grad_value_(*args, **kwargs):
    refuse("torch.nn.utils.clip_grad_value_: there are no gradients here")


def remove_weight_norm(module, name="weight"):
    refuse("torch.nn.utils.remove_weight_norm is not supported")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.nn.utils' has no attribute '{name}'")
    refuse(f"torch.nn.utils.{name} is not supported")
