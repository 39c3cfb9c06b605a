"""fairscale.nn"""

from .checkpoint import checkpoint_wrapper
