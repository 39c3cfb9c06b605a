"""The former place of timm.layers."""

from timm.layers import (
    AttentionPool2d,
    DropPath,
    Mlp,
    PatchEmbed,
    RotAttentionPool2d,
    drop_path,
    lecun_normal_,
    make_divisible,
    to_1tuple,
    to_2tuple,
    to_3tuple,
    to_4tuple,
    to_ntuple,
    trunc_normal_,
)


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'timm.models.layers' has no attribute '{name}'")
    refuse(f"timm.models.layers.{name} is not supported")
