"""einops: patterns of named axes."""

from ._patterns import EinopsError
from .einops import asnumpy, einsum, parse_shape, rearrange, reduce, repeat
from .packing import pack, unpack

__version__ = "0.8.0"
