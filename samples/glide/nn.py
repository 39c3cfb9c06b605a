"""Small helpers of the GLIDE sample."""

import math

import torch as th
import torch.nn as nn


def normalization(channels):
    """Group norm over groups of equal size, 32 of them where there are channels enough."""
    return nn.GroupNorm(min(32, channels), channels)


def zero_module(module):
    """Start a branch as the identity: its last layer begins at zero."""
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    return module


def timestep_embedding(timesteps, dim, max_period=10000):
    """Timesteps [N] -> [N, dim]: cosines, then sines, at frequencies from 1 down to 1 / max_period."""
    half = dim // 2
    exponents = th.arange(start=0, end=half, dtype=th.float32, device=timesteps.device) / half
    freqs = th.exp(-math.log(max_period) * exponents)
    args = timesteps.float()[:, None] * freqs[None]
    embedding = th.cat([th.cos(args), th.sin(args)], dim=-1)
    if dim % 2 == 1:
        # An odd width leaves one column without a frequency.
        embedding = th.cat([embedding, th.zeros_like(embedding[:, :1])], dim=-1)
    return embedding
