"""torchvision: only what model files use while they run; pictures as files do not exist here."""

from . import ops, transforms

__version__ = "0.20.0"
