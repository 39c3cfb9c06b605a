"""What files that define their own vision transformer import from timm's."""

from timm.layers import DropPath, Mlp, PatchEmbed, trunc_normal_

default_cfgs = {}


def _cfg(url="", **kwargs):
    config = {"url": url, "num_classes": 1000, "input_size": (3, 224, 224), "pool_size": None}
    config.update(kwargs)
    return config


def _load_weights(*args, **kwargs):
    refuse("timm.models.vision_transformer._load_weights: files cannot be read here")


class VisionTransformer:
    def __init__(self, *args, **kwargs):
        refuse("timm.models.vision_transformer.VisionTransformer: timm's model zoo is not supported")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'timm.models.vision_transformer' has no attribute '{name}'")
    refuse(f"timm.models.vision_transformer.{name} is not supported")
