"""timm.layers (formerly timm.models.layers)."""

from .drop import DropPath, drop_path
from .helpers import make_divisible, to_1tuple, to_2tuple, to_3tuple, to_4tuple, to_ntuple
from .mlp import Mlp
from .patch_embed import PatchEmbed
from .weight_init import lecun_normal_, trunc_normal_, trunc_normal_tf_, variance_scaling_


class AttentionPool2d:
    def __init__(self, *args, **kwargs):
        refuse("timm.layers.AttentionPool2d is not supported")


class RotAttentionPool2d:
    def __init__(self, *args, **kwargs):
        refuse("timm.layers.RotAttentionPool2d is not supported")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'timm.layers' has no attribute '{name}'")
    refuse(f"timm.layers.{name} is not supported")
