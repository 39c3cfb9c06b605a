"""Functions named `forward` that compute none of the atlas's equations: Equation Lens says nothing here."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class QKVAttention(nn.Module):
    """Only the name is GLIDE's: queries arrive by themselves and nothing is split."""

    def forward(self, query, keys, mask=None):
        energy = torch.tanh(query.unsqueeze(2) + keys.unsqueeze(1)).sum(-1)
        if mask is not None:
            energy = energy.masked_fill(mask, 0.0)
        return F.normalize(energy, p=1, dim=-1) @ keys


class ClipLoss(nn.Module):
    """Clips a regression loss; it has nothing to do with contrastive learning."""

    def __init__(self, limit=1.0):
        super().__init__()
        self.limit = limit

    def forward(self, prediction, target):
        return torch.clamp((prediction - target).abs(), max=self.limit).mean()


class Upsample(nn.Module):
    def forward(self, x):
        return F.interpolate(x, scale_factor=2, mode="nearest")
