"""torchvision.ops"""

from . import misc
from .misc import FrozenBatchNorm2d


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision.ops' has no attribute '{name}'")
    refuse(f"torchvision.ops.{name} is not supported")
