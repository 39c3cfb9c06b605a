"""The blocks of GLIDE's U-Net, written for this project with upstream's names.

Rest the pointer on `forward` of QKVAttention, on `self.attention` in AttentionBlock, or on a variable such as `weight`.
"""

import math
from abc import abstractmethod

import torch as th
import torch.nn as nn
import torch.nn.functional as F

from .nn import normalization, timestep_embedding, zero_module


class TimestepBlock(nn.Module):
    @abstractmethod
    def forward(self, x, emb):
        """Apply the block to `x`, given the embedding of the timestep."""


class TimestepEmbedSequential(nn.Sequential, TimestepBlock):
    """Hands each layer what it can use: the timestep, the caption, or neither."""

    def forward(self, x, emb, encoder_out=None):
        for layer in self:
            if isinstance(layer, AttentionBlock):
                x = layer(x, encoder_out)
            elif isinstance(layer, TimestepBlock):
                x = layer(x, emb)
            else:
                x = layer(x)
        return x


class Upsample(nn.Module):
    """No equation of its own: Equation Lens keeps silent here."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))


class ResBlock(TimestepBlock):
    """A residual block that the timestep steers, by a sum or by scale and shift."""

    def __init__(self, channels, emb_channels, dropout=0.0, out_channels=None, use_scale_shift_norm=False):
        super().__init__()
        self.out_channels = channels if out_channels is None else out_channels
        self.use_scale_shift_norm = use_scale_shift_norm
        width = self.out_channels
        self.in_layers = nn.Sequential(normalization(channels), nn.SiLU(), nn.Conv2d(channels, width, 3, padding=1))
        self.emb_layers = nn.Sequential(
            nn.SiLU(), nn.Linear(emb_channels, width * (2 if use_scale_shift_norm else 1))
        )
        last = zero_module(nn.Conv2d(width, width, 3, padding=1))
        self.out_layers = nn.Sequential(normalization(width), nn.SiLU(), nn.Dropout(p=dropout), last)
        self.skip_connection = nn.Identity() if width == channels else nn.Conv2d(channels, width, 1)

    def forward(self, x, emb):
        h = self.in_layers(x)
        # One value per picture and channel, the same at every place.
        emb_out = self.emb_layers(emb).type(h.dtype)[:, :, None, None]
        if self.use_scale_shift_norm:
            scale, shift = th.chunk(emb_out, 2, dim=1)
            out_norm, out_rest = self.out_layers[0], self.out_layers[1:]
            h = out_norm(h) * (1 + scale) + shift
            h = out_rest(h)
        else:
            h = self.out_layers(h + emb_out)
        return self.skip_connection(x) + h


class AttentionBlock(nn.Module):
    """Every place of the picture looks at every other, and at the caption."""

    def __init__(self, channels, num_heads=1, encoder_channels=None):
        super().__init__()
        self.norm = normalization(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.attention = QKVAttention(num_heads)
        if encoder_channels is not None:
            self.encoder_kv = nn.Conv1d(encoder_channels, 2 * channels, 1)
        self.proj_out = zero_module(nn.Conv1d(channels, channels, 1))

    def forward(self, x, encoder_out=None):
        batch, channels, *spatial = x.shape
        places = self.norm(x).reshape(batch, channels, -1)
        qkv = self.qkv(places)
        text = self.encoder_kv(encoder_out) if encoder_out is not None else None
        h = self.proj_out(self.attention(qkv, text))
        return x + h.reshape(batch, channels, *spatial)


class QKVAttention(nn.Module):
    """Queries from the picture; keys and values from the caption and the picture."""

    def __init__(self, n_heads):
        super().__init__()
        self.n_heads = n_heads

    def forward(self, qkv, encoder_kv=None):
        batch, width, length = qkv.shape
        heads = batch * self.n_heads
        ch = width // (3 * self.n_heads)
        # Heads outermost: each head holds its own queries, keys and values.
        q, k, v = qkv.reshape(heads, 3 * ch, length).split(ch, dim=1)
        if encoder_kv is not None:
            ek, ev = encoder_kv.reshape(heads, 2 * ch, -1).split(ch, dim=1)
            # The caption stands before the picture.
            k, v = th.cat([ek, k], dim=-1), th.cat([ev, v], dim=-1)
        # Half of the root on each side keeps float16 from overflowing.
        scale = 1 / math.sqrt(math.sqrt(ch))
        weight = th.einsum("bct,bcs->bts", q * scale, k * scale)
        weight = th.softmax(weight.float(), dim=-1).type(qkv.dtype)
        a = th.einsum("bts,bcs->bct", weight, v)
        return a.reshape(batch, -1, length)


def embed_steps(timesteps, model_channels):
    """A call into another file: `timestep_embedding` shows the card of its definition."""
    return timestep_embedding(timesteps, model_channels)
