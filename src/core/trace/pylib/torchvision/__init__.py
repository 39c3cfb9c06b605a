"""torchvision: only what model files use while they run; pictures as files do not exist here."""

from . import ops, transforms

__version__ = "0.20.0"


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision' has no attribute '{name}'")
    refuse(f"torchvision.{name} is not supported")
