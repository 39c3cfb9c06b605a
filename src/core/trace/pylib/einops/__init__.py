"""einops: patterns of named axes."""

from ._patterns import EinopsError
from .einops import asnumpy, einsum, parse_shape, rearrange, reduce, repeat
from .packing import pack, unpack

__version__ = "0.8.0"


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'einops' has no attribute '{name}'")
    refuse(f"einops.{name} is not supported")
