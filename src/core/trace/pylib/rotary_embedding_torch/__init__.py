"""Rotary position embedding (RoFormer), with the interface of rotary-embedding-torch 0.9."""

from math import pi

import torch
from torch import nn


def rotate_half(x):
    """Pairs (a, b) of neighbouring features become (-b, a)."""
    pairs = x.reshape(*x.shape[:-1], -1, 2)
    first, second = pairs[..., 0], pairs[..., 1]
    return torch.stack((-second, first), dim=-1).reshape(x.shape)


def apply_rotary_emb(freqs, t, start_index=0, scale=1.0, seq_dim=-2, freqs_seq_dim=None):
    """Rotates features start_index … start_index + freqs.shape[-1] of t by the angles in freqs; the others pass."""
    rotated = freqs.shape[-1]
    end_index = start_index + rotated
    if rotated > t.shape[-1]:
        raise AssertionError(f"feature dimension {t.shape[-1]} is not of sufficient size to rotate in all the positions {rotated}")
    if t.dim() == 3 or freqs_seq_dim is not None:
        length = t.shape[seq_dim]
        freqs = freqs.narrow(freqs_seq_dim or 0, freqs.shape[freqs_seq_dim or 0] - length, length)
    left, middle, right = t[..., :start_index], t[..., start_index:end_index], t[..., end_index:]
    middle = (middle * freqs.cos() * scale) + (rotate_half(middle) * freqs.sin() * scale)
    parts = [part for part in (left, middle, right) if part.shape[-1] > 0]
    return (parts[0] if len(parts) == 1 else torch.cat(parts, dim=-1)).type(t.dtype)


class RotaryEmbedding(nn.Module):
    def __init__(
        self,
        dim,
        custom_freqs=None,
        freqs_for="lang",
        theta=10000,
        max_freq=10,
        num_freqs=1,
        learned_freq=False,
        use_xpos=False,
        xpos_scale_base=512,
        interpolate_factor=1.0,
        theta_rescale_factor=1.0,
        seq_before_head_dim=False,
        cache_if_possible=True,
        cache_max_seq_len=8192,
    ):
        super().__init__()
        if use_xpos:
            refuse("rotary_embedding_torch.RotaryEmbedding(use_xpos=True) is not supported")
        if interpolate_factor < 1.0:
            raise AssertionError("interpolate_factor has to be at least 1")
        theta = theta * theta_rescale_factor ** (dim / (dim - 2)) if theta_rescale_factor != 1.0 else theta
        if custom_freqs is not None:
            freqs = custom_freqs
        elif freqs_for == "lang":
            freqs = 1.0 / (theta ** (torch.arange(0, dim, 2)[: (dim // 2)].float() / dim))
        elif freqs_for == "pixel":
            freqs = torch.linspace(1.0, max_freq / 2, dim // 2) * pi
        elif freqs_for == "constant":
            freqs = torch.ones(num_freqs).float()
        else:
            raise ValueError(f"unknown modality {freqs_for}")
        self.freqs_for = freqs_for
        self.freqs = nn.Parameter(freqs, requires_grad=learned_freq)
        self.learned_freq = learned_freq
        self.interpolate_factor = interpolate_factor
        self.default_seq_dim = -3 if seq_before_head_dim else -2
        self.use_xpos = False

    @property
    def device(self):
        return self.freqs.device

    def get_seq_pos(self, seq_len, device=None, dtype=None, offset=0):
        return (torch.arange(seq_len, dtype=dtype) + offset) / self.interpolate_factor

    def forward(self, t, seq_len=None, offset=0):
        """Angles of the positions t: [..., n] -> [..., n, 2 * len(freqs)], each twice in a row."""
        angles = t.type(self.freqs.dtype)[..., None] * self.freqs
        return angles.repeat_interleave(2, dim=-1)

    def rotate_queries_or_keys(self, t, seq_dim=None, offset=0, scale=None):
        seq_dim = self.default_seq_dim if seq_dim is None else seq_dim
        length = t.shape[seq_dim]
        positions = self.get_seq_pos(length, device=t.device, dtype=t.dtype, offset=offset)
        freqs = self.forward(positions, seq_len=length, offset=offset)
        if seq_dim == -3:
            freqs = freqs[:, None, :]
        return apply_rotary_emb(freqs, t, scale=1.0 if scale is None else scale, seq_dim=seq_dim)

    def rotate_queries_with_cached_keys(self, q, k, seq_dim=None, offset=0):
        seq_dim = self.default_seq_dim if seq_dim is None else seq_dim
        missing = k.shape[seq_dim] - q.shape[seq_dim]
        rotated_q = self.rotate_queries_or_keys(q, seq_dim=seq_dim, offset=missing + offset)
        rotated_k = self.rotate_queries_or_keys(k, seq_dim=seq_dim, offset=offset)
        return rotated_q.type(q.dtype), rotated_k.type(k.dtype)

    def rotate_queries_and_keys(self, q, k, seq_dim=None):
        refuse("RotaryEmbedding.rotate_queries_and_keys is for use_xpos=True, which is not supported")

    def get_axial_freqs(self, *dims, offsets=None):
        refuse("RotaryEmbedding.get_axial_freqs is not supported")
