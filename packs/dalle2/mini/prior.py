"""The diffusion prior p(z_x | y) of unCLIP, as small as it can be read (exercise 6.4).

Shapes: B batch, N text tokens, D width, n sequence length, H heads, C channels per head.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn


def l2norm(t):
    return F.normalize(t, dim=-1)


def prob_mask_like(shape, prob, device):
    """True with probability `prob`; nothing is drawn where the outcome is certain."""
    if prob in (0, 1):
        return torch.full(shape, prob == 1, device=device)
    return torch.rand(shape, device=device) < prob


class LayerNorm(nn.Module):
    """(x - mean) / sqrt(var + eps) * g. `stable` divides by the largest feature first."""

    def __init__(self, dim, eps=1e-5, fp16_eps=1e-3, stable=False):
        super().__init__()
        self.eps, self.fp16_eps, self.stable = eps, fp16_eps, stable
        self.g = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        if self.stable:
            largest = x.amax(dim=-1, keepdim=True).detach()
            x = x / largest
        var = x.var(dim=-1, unbiased=False, keepdim=True)
        mean = x.mean(dim=-1, keepdim=True)
        eps = self.eps if x.dtype == torch.float32 else self.fp16_eps
        return self.g * (x - mean) * (var + eps).rsqrt()


class SinusoidalPosEmb(nn.Module):
    """e_t = [sin(w t); cos(w t)], w from 1 down to 1/10000."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        half_dim = self.dim // 2
        step = math.log(10000) / (half_dim - 1)
        emb = torch.exp(-step * torch.arange(half_dim, dtype=x.dtype, device=x.device))  # [D/2] frequencies
        emb = x[:, None] * emb[None, :]  # [B, D/2] angles
        return torch.cat((emb.sin(), emb.cos()), dim=-1)


class MLP(nn.Module):
    def __init__(self, dim_in, dim_out, *, expansion_factor=2.0, depth=2, norm=False):
        super().__init__()
        hidden = int(expansion_factor * dim_out)
        widths = [dim_in] + [hidden] * depth
        layers = [
            nn.Sequential(nn.Linear(a, b), nn.SiLU(), nn.LayerNorm(b) if norm else nn.Identity())
            for a, b in zip(widths[:-1], widths[1:])
        ]
        self.net = nn.Sequential(*layers, nn.Linear(hidden, dim_out))

    def forward(self, x):
        return self.net(x)


class AsTokens(nn.Module):
    """[B, n * D] -> [B, n, D]"""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        return x.reshape(x.shape[0], self.n, -1)


class RelPosBias(nn.Module):
    """B[h, i, j] = E[bucket(j - i), h]"""

    def __init__(self, heads=8, num_buckets=32, max_distance=128):
        super().__init__()
        self.num_buckets, self.max_distance = num_buckets, max_distance
        self.relative_attention_bias = nn.Embedding(num_buckets, heads)

    @staticmethod
    def _relative_position_bucket(relative_position, num_buckets=32, max_distance=128):
        n = -relative_position
        n = n.max(torch.zeros_like(n))  # how far in the past; the future counts as 0
        max_exact = num_buckets // 2
        is_small = n < max_exact
        growth = torch.log(n.clamp(min=1).float() / max_exact) / math.log(max_distance / max_exact)
        val_if_large = max_exact + (growth * (num_buckets - max_exact)).long()
        val_if_large = torch.min(val_if_large, torch.full_like(val_if_large, num_buckets - 1))
        return torch.where(is_small, n, val_if_large)

    def forward(self, i, j, *, device):
        q_pos = torch.arange(i, device=device)
        k_pos = torch.arange(j, device=device)
        rel_pos = k_pos[None, :] - q_pos[:, None]  # [i, j]
        rp_bucket = self._relative_position_bucket(
            rel_pos, num_buckets=self.num_buckets, max_distance=self.max_distance
        )
        values = self.relative_attention_bias(rp_bucket)  # [i, j, H]
        return values.permute(2, 0, 1)


class RotaryEmbedding(nn.Module):
    """Turns feature pairs (2k, 2k + 1) of position p by the angle p * freqs[k]."""

    def __init__(self, dim):
        super().__init__()
        freqs = 10000 ** -(torch.arange(0, dim, 2).float() / dim)
        self.freqs = nn.Parameter(freqs, requires_grad=False)

    def rotate_queries_or_keys(self, t):
        angles = torch.arange(t.shape[-2], device=t.device)[:, None] * self.freqs  # [n, dim / 2]
        angles = angles.repeat_interleave(2, dim=-1)  # [n, dim]
        width = angles.shape[-1]
        turned, rest = t[..., :width], t[..., width:]
        partner = torch.stack((-turned[..., 1::2], turned[..., ::2]), dim=-1).flatten(-2)
        return torch.cat((turned * angles.cos() + partner * angles.sin(), rest), dim=-1)


class SwiGLU(nn.Module):
    def forward(self, x):
        x, gate = x.chunk(2, dim=-1)
        return x * F.silu(gate)


def FeedForward(dim, mult=4, dropout=0.0, post_activation_norm=False):
    inner = int(mult * dim)
    return nn.Sequential(
        LayerNorm(dim),
        nn.Linear(dim, 2 * inner, bias=False),
        SwiGLU(),
        LayerNorm(inner) if post_activation_norm else nn.Identity(),
        nn.Dropout(dropout),
        nn.Linear(inner, dim, bias=False),
    )


class Attention(nn.Module):
    """A_h = softmax(s cos(Q_h, K) + B_h + M); all heads share one K and V that begin with a null pair."""

    def __init__(
        self, dim, *, dim_head=64, heads=8, dropout=0.0, causal=False, rotary_emb=None,
        cosine_sim=True, cosine_sim_scale=16,
    ):
        super().__init__()
        self.scale = cosine_sim_scale if cosine_sim else dim_head**-0.5
        self.cosine_sim, self.heads, self.causal = cosine_sim, heads, causal
        self.rotary_emb = rotary_emb
        self.norm = LayerNorm(dim)
        self.to_q = nn.Linear(dim, heads * dim_head, bias=False)
        self.to_kv = nn.Linear(dim, 2 * dim_head, bias=False)
        self.null_kv = nn.Parameter(torch.randn(2, dim_head))
        self.dropout = nn.Dropout(dropout)
        self.to_out = nn.Sequential(nn.Linear(heads * dim_head, dim, bias=False), LayerNorm(dim))

    def forward(self, x, mask=None, attn_bias=None):
        b, n = x.shape[:2]
        x = self.norm(x)
        k, v = self.to_kv(x).chunk(2, dim=-1)  # [B, n, C] each
        q = self.to_q(x).view(b, n, self.heads, -1).transpose(1, 2)  # [B, H, n, C]
        q = q * self.scale
        if self.rotary_emb is not None:
            q = self.rotary_emb.rotate_queries_or_keys(q)
            k = self.rotary_emb.rotate_queries_or_keys(k)
        nk, nv = self.null_kv.unbind(dim=0)
        k = torch.cat((nk.expand(b, 1, -1), k), dim=-2)  # [B, n + 1, C]
        v = torch.cat((nv.expand(b, 1, -1), v), dim=-2)
        if self.cosine_sim:
            q, k = l2norm(q), l2norm(k)
        q, k = q * math.sqrt(self.scale), k * math.sqrt(self.scale)
        sim = torch.einsum("bhic,bjc->bhij", q, k)  # [B, H, n, n + 1]
        if attn_bias is not None:
            sim = sim + attn_bias
        minus_inf = -torch.finfo(sim.dtype).max
        if mask is not None:
            mask = F.pad(mask, (1, 0), value=True)[:, None, None, :]  # the null key is never masked
            sim = sim.masked_fill(~mask, minus_inf)
        if self.causal:
            i, j = sim.shape[-2:]
            causal_mask = torch.ones(i, j, dtype=torch.bool, device=x.device).triu(j - i + 1)
            sim = sim.masked_fill(causal_mask, minus_inf)
        attn = self.dropout(sim.softmax(dim=-1))
        out = torch.einsum("bhij,bjc->bhic", attn, v)
        out = out.transpose(1, 2).flatten(2)  # [B, n, H * C]
        return self.to_out(out)


class CausalTransformer(nn.Module):
    def __init__(
        self, *, dim, depth, dim_head=64, heads=8, ff_mult=4, norm_in=False, norm_out=True, attn_dropout=0.0,
        ff_dropout=0.0, final_proj=True, normformer=False, rotary_emb=True,
    ):
        super().__init__()
        self.rel_pos_bias = RelPosBias(heads=heads)
        self.init_norm = LayerNorm(dim) if norm_in else nn.Identity()
        turn = RotaryEmbedding(min(32, dim_head)) if rotary_emb else None  # shared by the layers
        self.layers = nn.ModuleList([])
        for _ in range(depth):
            attn = Attention(
                dim, causal=True, dim_head=dim_head, heads=heads, dropout=attn_dropout, rotary_emb=turn
            )
            ff = FeedForward(dim, mult=ff_mult, dropout=ff_dropout, post_activation_norm=normformer)
            self.layers.append(nn.ModuleList([attn, ff]))
        self.norm = LayerNorm(dim, stable=True) if norm_out else nn.Identity()
        self.project_out = nn.Linear(dim, dim, bias=False) if final_proj else nn.Identity()

    def forward(self, x):
        n = x.shape[1]
        x = self.init_norm(x)
        attn_bias = self.rel_pos_bias(n, n + 1, device=x.device)  # [H, n, n + 1]
        for attn, ff in self.layers:
            x = x + attn(x, attn_bias=attn_bias)
            x = x + ff(x)
        out = self.norm(x)
        return self.project_out(out)


class DiffusionPriorNetwork(nn.Module):
    """z_x = f(S) read at the last token, S = [y; z_y; e_t; z_{x,t}; q]."""

    def __init__(
        self, dim, num_timesteps=None, num_time_embeds=1, num_image_embeds=1, num_text_embeds=1,
        max_text_len=256, self_cond=False, **kwargs,
    ):
        super().__init__()
        self.dim, self.max_text_len, self.self_cond = dim, max_text_len, self_cond
        self.continuous_embedded_time = num_timesteps is None

        def widen(n):
            return nn.Linear(dim, dim * n) if n > 1 else nn.Identity()

        self.to_text_embeds = nn.Sequential(widen(num_text_embeds), AsTokens(num_text_embeds))
        self.to_image_embeds = nn.Sequential(widen(num_image_embeds), AsTokens(num_image_embeds))
        if num_timesteps is None:
            time = nn.Sequential(SinusoidalPosEmb(dim), MLP(dim, dim * num_time_embeds))
        else:
            time = nn.Embedding(num_timesteps, dim * num_time_embeds)
        self.to_time_embeds = nn.Sequential(time, AsTokens(num_time_embeds))
        nulls = {"text_encodings": max_text_len, "text_embeds": num_text_embeds, "image_embed": None}
        for name, count in nulls.items():
            shape = (1, dim) if count is None else (1, count, dim)
            setattr(self, f"null_{name}", nn.Parameter(torch.randn(shape)))
        self.learned_query = nn.Parameter(torch.randn(dim))
        self.causal_transformer = CausalTransformer(dim=dim, **kwargs)

    def forward_with_cond_scale(self, *args, cond_scale=1.0, **kwargs):
        logits = self.forward(*args, **kwargs)  # f(S | y)
        if cond_scale != 1:
            null_logits = self.forward(*args, text_cond_drop_prob=1.0, image_cond_drop_prob=1.0, **kwargs)  # f(S | ∅)
            return null_logits + cond_scale * (logits - null_logits)
        return logits

    def forward(
        self, image_embed, diffusion_timesteps, *, text_embed, text_encodings=None, self_cond=None,
        text_cond_drop_prob=0.0, image_cond_drop_prob=0.0,
    ):
        batch, dim = image_embed.shape
        device, dtype = image_embed.device, image_embed.dtype
        text_embed = self.to_text_embeds(text_embed)  # z_y [B, 1, D]
        image_embed = self.to_image_embeds(image_embed)  # z_{x,t} [B, 1, D]

        # Which samples keep their conditions (classifier-free guidance drops them).
        text_keep_mask = prob_mask_like((batch, 1, 1), 1 - text_cond_drop_prob, device)
        image_keep_mask = prob_mask_like((batch, 1, 1), 1 - image_cond_drop_prob, device)

        # A row of zeros is padding; beyond the given rows, up to max_text_len, all is padding.
        if text_encodings is None:
            text_encodings = torch.zeros(batch, 0, dim, device=device, dtype=dtype)
        mask = (text_encodings != 0).any(dim=-1)  # [B, given tokens]
        missing = self.max_text_len - text_encodings.shape[1]  # negative where there are too many: they are cut off
        text_encodings = F.pad(text_encodings, (0, 0, 0, missing))  # y [B, N, D]
        mask = F.pad(mask, (0, missing), value=False)  # [B, N]

        # Null vectors where padded or dropped.
        text_encodings = torch.where(mask[..., None] & text_keep_mask, text_encodings, self.null_text_encodings)
        text_embed = torch.where(text_keep_mask, text_embed, self.null_text_embeds)
        image_embed = torch.where(image_keep_mask, image_embed, self.null_image_embed)

        t = diffusion_timesteps.to(dtype) if self.continuous_embedded_time else diffusion_timesteps
        time_embed = self.to_time_embeds(t)  # e_t [B, 1, D]
        learned_queries = self.learned_query.repeat(batch, 1, 1)  # q [B, 1, D]
        if self.self_cond:
            before = torch.zeros(batch, dim, device=device, dtype=dtype) if self_cond is None else self_cond
            learned_queries = torch.cat((before[:, None], learned_queries), dim=-2)

        tokens = torch.cat((text_encodings, text_embed, time_embed, image_embed, learned_queries), dim=1)  # S [B, n, D]
        tokens = self.causal_transformer(tokens)
        pred_image_embed = tokens[:, -1]  # f(S) [B, D]
        return pred_image_embed
