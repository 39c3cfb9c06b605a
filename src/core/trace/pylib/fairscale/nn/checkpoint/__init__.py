"""fairscale.nn.checkpoint"""

from .checkpoint_activations import checkpoint_wrapper
