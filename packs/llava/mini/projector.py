"""The map from vision features to word embeddings (exercise 6.10)."""
import re

from torch import nn


class IdentityMap(nn.Module):
    def forward(self, x, *args, **kwargs):
        return x


def build_vision_projector(config, delay_load=False, **kwargs):
    """H_v = W Z_v, or W_2 GELU(W_1 Z_v) with as many layers as `mlp<depth>x_gelu` says."""
    width = config.hidden_size  # D, of the language model
    projector_type = getattr(config, "mm_projector_type", "linear")
    if projector_type == "linear":
        return nn.Linear(config.mm_hidden_size, width)  # W
    if projector_type == "identity":
        return IdentityMap()
    named = re.match(r"^mlp(\d+)x_gelu$", projector_type)
    if named is None:
        raise ValueError(f"no projector is called {projector_type}")
    mlp_depth = int(named.group(1))
    modules = [nn.Linear(config.mm_hidden_size, width)]  # W_1
    for _ in range(mlp_depth - 1):
        modules.append(nn.GELU())
        modules.append(nn.Linear(width, width))  # W_2, ...
    return nn.Sequential(*modules)
