"""torchvision.ops"""

from . import misc
from .misc import FrozenBatchNorm2d
