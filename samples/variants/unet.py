"""Attention whose channels lie in another order than GLIDE's, as in guided-diffusion: the card says so."""

import math

import torch as th
import torch.nn as nn


class QKVAttention(nn.Module):
    def __init__(self, n_heads):
        super().__init__()
        self.n_heads = n_heads

    def forward(self, qkv):
        batch, width, length = qkv.shape
        ch = width // (3 * self.n_heads)
        heads = (batch * self.n_heads, ch, length)
        # Queries, keys and values outermost; only then the heads.
        q, k, v = qkv.chunk(3, dim=1)
        scale = 1 / math.sqrt(math.sqrt(ch))
        weight = th.einsum("bct,bcs->bts", (q * scale).reshape(heads), (k * scale).reshape(heads))
        weight = th.softmax(weight.float(), dim=-1).type(weight.dtype)
        a = th.einsum("bts,bcs->bct", weight, v.reshape(heads))
        return a.reshape(batch, -1, length)
