"""torch.special: other names of functions that torch itself has."""

from . import _native as _torch
from ._composed import sinc, xlogy

erf = _torch.erf
exp2 = _torch.exp2
expm1 = _torch.expm1
log1p = _torch.log1p
expit = _torch.sigmoid
logsumexp = _torch.logsumexp


def softmax(input, dim, *, dtype=None):
    return _torch.softmax(input, dim, dtype=dtype)


def log_softmax(input, dim, *, dtype=None):
    return _torch.log_softmax(input, dim, dtype=dtype)


def logit(input, eps=None):
    return _torch.logit(input, eps)


def xlog1py(input, other):
    return xlogy(input, 1 + other)


def entr(input):
    logs = _torch.log(_torch.where(input > 0, input, _torch.ones_like(input)))
    return -input * logs


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.special' has no attribute '{name}'")
    refuse(f"torch.special.{name} is not supported")
