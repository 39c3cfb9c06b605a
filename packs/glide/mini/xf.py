"""GLIDE's caption encoder as equations (exercise 6.5): a Transformer without a mask.

Letters: B batch, L caption tokens, d width, H heads, C = d / H channels per head. Names are those of openai/glide-text2im.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


class QKVMultiheadAttention(nn.Module):
    """qkv [B, L, H·3·C] -> [B, L, H·C]; heads outermost."""

    def __init__(self, n_heads, n_ctx):
        super().__init__()
        self.n_heads = n_heads

    def forward(self, qkv):
        batch, length, width = qkv.shape
        attn_ch = width // (3 * self.n_heads)
        qkv = qkv.reshape(batch, length, self.n_heads, 3 * attn_ch)
        q, k, v = qkv.split(attn_ch, dim=-1)  # [B, L, H, C] each
        weight = torch.einsum("bthc,bshc->bhts", q, k) / math.sqrt(attn_ch)  # Q_h K_hᵀ / √C: [B, H, L, L]
        weight = weight.softmax(dim=-1)  # A_h
        out = torch.einsum("bhts,bshc->bthc", weight, v)  # A_h V_h
        return out.reshape(batch, length, -1)


class MultiheadAttention(nn.Module):
    """x [B, L, d] -> [B, L, d]."""

    def __init__(self, n_ctx, width, heads):
        super().__init__()
        self.c_qkv = nn.Linear(width, 3 * width)
        self.attention = QKVMultiheadAttention(heads, n_ctx)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x):
        x = self.c_qkv(x)
        x = self.attention(x)
        x = self.c_proj(x)
        return x


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class ResidualAttentionBlock(nn.Module):
    """x [B, L, d] -> [B, L, d], no mask."""

    def __init__(self, n_ctx, width, heads):
        super().__init__()
        self.attn = MultiheadAttention(n_ctx, width, heads)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = MLP(width)
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x):
        a = self.attn(self.ln_1(x))
        x = x + a
        m = self.mlp(self.ln_2(x))
        x = x + m
        return x


class Transformer(nn.Module):
    def __init__(self, n_ctx, width, layers, heads):
        super().__init__()
        self.resblocks = nn.Sequential(*[ResidualAttentionBlock(n_ctx, width, heads) for _ in range(layers)])

    def forward(self, x):
        return self.resblocks(x)
