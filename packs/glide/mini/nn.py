"""Small parts of GLIDE's U-Net: the timestep embedding and the normalisation.

Letters: B batch, d width of the embedding, h = d // 2 frequencies. Names and constructors are those of openai/glide-text2im.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


def timestep_embedding(timesteps, dim, max_period=10000):
    """TE(t): timesteps [B] -> [B, dim]; first every cosine, then every sine."""
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half, dtype=torch.float32) / half)  # ω [h]
    args = timesteps.float().unsqueeze(1) * freqs  # t ω [B, h]
    embedding = torch.cat([args.cos(), args.sin()], dim=1)  # [B, 2h]
    if dim % 2 == 1:
        embedding = F.pad(embedding, (0, 1))  # an odd width ends in a zero
    return embedding


class GroupNorm32(nn.GroupNorm):
    """Group norm over 32 groups, with SiLU behind it where asked for."""

    def __init__(self, num_groups, num_channels, swish, eps=1e-5):
        super().__init__(num_groups, num_channels, eps=eps)
        self.swish = swish

    def forward(self, x):
        y = super().forward(x)
        return F.silu(y) if self.swish else y


def normalization(channels, swish=0.0):
    return GroupNorm32(32, channels, swish)
