"""The torch package: natives, and around them what only passes values on (grad modes, jit, devices, distributed).

Submodules (`torch.nn`, `torch.jit`, …) are found by the tracer when they are first asked for.
"""

from ._native import *
from ._composed import (
    addr,
    bucketize,
    chain_matmul,
    column_stack,
    conj,
    corrcoef,
    cov,
    deg2rad,
    diagflat,
    diff,
    dstack,
    fmax,
    fmin,
    heaviside,
    hsplit,
    hypot,
    inner,
    isneginf,
    isposinf,
    logaddexp,
    logcumsumexp,
    msort,
    nanmean,
    rad2deg,
    real,
    searchsorted,
    sinc,
    trapezoid,
    trapz,
    vdot,
    vsplit,
    xlogy,
)
from ._grad import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from ._random import get_rng_state, set_rng_state
from ._stubs import (
    compile,
    get_float32_matmul_precision,
    is_autocast_enabled,
    load,
    save,
    set_default_device,
    set_float32_matmul_precision,
    set_num_threads,
    set_printoptions,
    use_deterministic_algorithms,
)
from .amp import autocast
from .functional import from_numpy, numel, vmap, where
from .version import __version__

TensorType = Tensor


def __getattr__(name):
    """What is asked for and not here is refused by name, lest a `hasattr` leads where PyTorch would not go."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torch' has no attribute '{name}'")
    refuse(f"torch.{name} is not known to the tracer; docs/torch-coverage.md lists what is")
