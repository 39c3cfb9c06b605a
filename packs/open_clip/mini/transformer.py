"""Transformers of CLIP, written as their equations (exercise 6.2).

n: batch, L: tokens, S: tokens that are looked at, H: heads, d: width, e: width of the shared space.
"""

import math
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F

LayerNorm = nn.LayerNorm


class QuickGELU(nn.Module):
    """x σ(1.702 x)."""

    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class LayerScale(nn.Module):
    """A learned factor per channel."""

    def __init__(self, dim, init_values=1e-5, inplace=False):
        super().__init__()
        self.gamma = nn.Parameter(init_values * torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class MultiheadAttention(nn.Module):
    """Attention of torch written out, so that queries, keys, scores and weights can be seen. Names of its parameters as in torch."""

    def __init__(self, embed_dim, num_heads, batch_first=True):
        super().__init__()
        self.num_heads = num_heads
        self.batch_first = batch_first
        self.in_proj_weight = nn.Parameter(torch.zeros(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim))
        self.out_proj = nn.Linear(embed_dim, embed_dim)

    def split_heads(self, x):
        return x.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)  # [n, L, d] -> [n, H, L, d/H]

    def forward(self, query, key, value, need_weights=True, attn_mask=None):
        if not self.batch_first:
            query, key, value = query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1)  # [L, n, d] -> [n, L, d]
        w_q, w_k, w_v = self.in_proj_weight.chunk(3)  # [d, d] each
        b_q, b_k, b_v = self.in_proj_bias.chunk(3)  # [d] each
        q = F.linear(query, w_q, b_q)  # [n, L, d]
        k = F.linear(key, w_k, b_k)  # [n, S, d]
        v = F.linear(value, w_v, b_v)  # [n, S, d]
        q_h, k_h, v_h = self.split_heads(q), self.split_heads(k), self.split_heads(v)  # [n, H, ·, d/H]
        attn_logits = q_h @ k_h.transpose(-2, -1) / math.sqrt(q_h.shape[-1])  # [n, H, L, S]
        if attn_mask is not None:
            mask = attn_mask if attn_mask.dim() == 2 else attn_mask.unflatten(0, (-1, self.num_heads))  # [L, S] or [n, H, L, S]
            attn_logits = attn_logits + mask
        attn_weights = attn_logits.softmax(dim=-1)  # [n, H, L, S] rows sum to 1
        heads = (attn_weights @ v_h).transpose(1, 2).flatten(2)  # [n, L, d]
        out = self.out_proj(heads)  # [n, L, d]
        if not self.batch_first:
            out = out.transpose(0, 1)  # [L, n, d]
        return out, attn_weights


class AttentionalPooler(nn.Module):
    """m learned queries ask the tokens."""

    def __init__(self, d_model, context_dim, n_head=8, n_queries=256, norm_layer=LayerNorm):
        super().__init__()
        self.query = nn.Parameter(torch.zeros(n_queries, d_model))
        self.ln_q, self.ln_k = norm_layer(d_model), norm_layer(context_dim)
        self.attn = nn.MultiheadAttention(d_model, n_head, kdim=context_dim, vdim=context_dim, batch_first=True)

    def forward(self, x):
        n = x.shape[0]
        x = self.ln_k(x)  # [n, S, context]
        q = self.ln_q(self.query)  # [m, d]
        out = self.attn(q.unsqueeze(0).expand(n, -1, -1), x, x, need_weights=False)[0]  # [n, m, d]
        return out


class ResidualAttentionBlock(nn.Module):
    """X' = X + MHA(LN(X)); Y = X' + MLP(LN(X'))."""

    def __init__(
        self,
        d_model,
        n_head,
        mlp_ratio=4.0,
        ls_init_value=None,
        act_layer=nn.GELU,
        norm_layer=LayerNorm,
        is_cross_attention=False,
        batch_first=True,
    ):
        super().__init__()
        mlp_width = int(d_model * mlp_ratio)
        scales = [nn.Identity() if ls_init_value is None else LayerScale(d_model, ls_init_value) for _ in range(2)]
        self.ls_1, self.ls_2 = scales
        self.ln_1, self.ln_2 = norm_layer(d_model), norm_layer(d_model)
        if is_cross_attention:
            self.ln_1_kv = norm_layer(d_model)
        self.is_cross_attention = is_cross_attention
        self.attn = MultiheadAttention(d_model, n_head, batch_first)
        self.mlp = nn.Sequential(
            OrderedDict(c_fc=nn.Linear(d_model, mlp_width), gelu=act_layer(), c_proj=nn.Linear(mlp_width, d_model))
        )

    def attention(self, q_x, k_x=None, v_x=None, attn_mask=None):
        k_x = q_x if k_x is None else k_x  # [n, S, d]
        v_x = q_x if v_x is None else v_x  # [n, S, d]
        return self.attn(q_x, k_x, v_x, need_weights=False, attn_mask=attn_mask)[0]  # [n, L, d]

    def forward(self, q_x, k_x=None, v_x=None, attn_mask=None):
        k_x = self.ln_1_kv(k_x) if self.is_cross_attention and k_x is not None else None  # [n, S, d]
        v_x = self.ln_1_kv(v_x) if self.is_cross_attention and v_x is not None else None  # [n, S, d]
        x = q_x + self.ls_1(self.attention(self.ln_1(q_x), k_x, v_x, attn_mask=attn_mask))  # [n, L, d]
        x = x + self.ls_2(self.mlp(self.ln_2(x)))  # [n, L, d]
        return x


class Transformer(nn.Module):
    """Blocks one after the other."""

    def __init__(
        self,
        width,
        layers,
        heads,
        mlp_ratio=4.0,
        ls_init_value=None,
        act_layer=nn.GELU,
        norm_layer=LayerNorm,
        batch_first=True,
    ):
        super().__init__()
        options = (mlp_ratio, ls_init_value, act_layer, norm_layer)
        self.resblocks = nn.ModuleList([ResidualAttentionBlock(width, heads, *options) for _ in range(layers)])

    def get_cast_dtype(self):
        return self.resblocks[0].mlp.c_fc.weight.dtype

    def forward(self, x, attn_mask=None):
        for r in self.resblocks:
            x = r(x, attn_mask=attn_mask)  # [n, L, d]
        return x


def expand_token(token, n):
    return token.view(1, 1, -1).expand(n, -1, -1)  # [d] -> [n, 1, d]


class VisionTransformer(nn.Module):
    """Image -> one vector in the shared space (and the patch tokens)."""

    def __init__(
        self,
        image_size,
        patch_size,
        width,
        layers,
        heads,
        mlp_ratio,
        ls_init_value=None,
        attentional_pool=False,
        attn_pooler_queries=256,
        attn_pooler_heads=8,
        output_dim=512,
        patch_dropout=0.0,
        no_ln_pre=False,
        pos_embed_type="learnable",
        pool_type="tok",
        final_ln_after_pool=False,
        act_layer=nn.GELU,
        norm_layer=LayerNorm,
        output_tokens=False,
    ):
        super().__init__()
        assert attentional_pool in (False, True), "the mini has one attentional pooler or none"
        image_size = image_size if isinstance(image_size, (tuple, list)) else (image_size, image_size)
        patches = (image_size[0] // patch_size) * (image_size[1] // patch_size)
        pool_dim = output_dim if attentional_pool else width
        self.image_size = image_size
        self.pool_type = pool_type
        self.final_ln_after_pool = final_ln_after_pool and not attentional_pool
        self.output_tokens = output_tokens
        self.conv1 = nn.Conv2d(3, width, kernel_size=patch_size, stride=patch_size, bias=False)
        self.class_embedding = nn.Parameter(torch.zeros(width))
        self.positional_embedding = nn.Parameter(torch.zeros(patches + 1, width))
        self.ln_pre = nn.Identity() if no_ln_pre else norm_layer(width)
        self.transformer = Transformer(width, layers, heads, mlp_ratio, ls_init_value, act_layer, norm_layer)
        self.attn_pool = nn.Identity()
        if attentional_pool:
            self.attn_pool = AttentionalPooler(output_dim, width, attn_pooler_heads, attn_pooler_queries)
        self.ln_post = norm_layer(pool_dim)
        self.proj = nn.Parameter(torch.zeros(pool_dim, output_dim))

    def _global_pool(self, x):
        if self.pool_type == "none":
            return x, x  # [n, L, d]
        tokens = x[:, 1:]  # [n, L-1, d] the patches
        pooled = x[:, 0] if self.pool_type == "tok" else tokens.mean(dim=1)  # [n, d] class token, or the patches' mean
        return pooled, tokens

    def forward(self, x):
        x = self.conv1(x)  # [n, d, grid, grid] one column per patch
        x = x.flatten(2)  # [n, d, patches]
        x = x.transpose(1, 2)  # [n, patches, d]
        x = torch.cat([expand_token(self.class_embedding, x.shape[0]), x], dim=1)  # [n, L, d], L = patches + 1
        x = x + self.positional_embedding  # [n, L, d]
        x = self.ln_pre(x)  # [n, L, d]
        x = self.transformer(x)  # [n, L, d]
        x = self.attn_pool(x)  # [n, m, e] where there is a pooler
        if not self.final_ln_after_pool:
            x = self.ln_post(x)  # [n, L, d]
            pooled, tokens = self._global_pool(x)  # [n, d]
        else:
            pooled, tokens = self._global_pool(x)  # [n, d]
            pooled = self.ln_post(pooled)  # [n, d]
        pooled = pooled @ self.proj  # [n, e]
        return (pooled, tokens) if self.output_tokens else pooled


def text_global_pool(x, text=None, pool_type="argmax"):
    """The feature that stands for the whole text, and the tokens that are left."""
    pooled = tokens = x  # [n, L, d] for "none"
    if pool_type == "first":
        pooled = x[:, 0]  # [n, d]
        tokens = x[:, 1:]  # [n, L-1, d]
    elif pool_type == "last":
        pooled = x[:, -1]  # [n, d]
        tokens = x[:, :-1]  # [n, L-1, d]
    elif pool_type == "argmax":
        eot_index = text.argmax(dim=-1)  # [n] the end-of-text token has the largest id
        pooled = x[torch.arange(len(x)), eot_index]  # [n, d]
    return pooled, tokens


class TextTransformer(nn.Module):
    """Token ids -> one vector in the shared space (and the tokens)."""

    def __init__(
        self,
        context_length=77,
        vocab_size=49408,
        width=512,
        heads=8,
        layers=12,
        mlp_ratio=4.0,
        ls_init_value=None,
        output_dim=512,
        embed_cls=False,
        no_causal_mask=False,
        pad_id=0,
        pool_type="argmax",
        proj_type="linear",
        proj_bias=False,
        act_layer=nn.GELU,
        norm_layer=LayerNorm,
        output_tokens=False,
    ):
        super().__init__()
        self.heads, self.pad_id, self.pool_type, self.output_tokens = heads, pad_id, pool_type, output_tokens
        self.num_pos = context_length + int(embed_cls)
        self.token_embedding = nn.Embedding(vocab_size, width)
        self.cls_emb = nn.Parameter(torch.zeros(width)) if embed_cls else None
        self.positional_embedding = nn.Parameter(torch.zeros(self.num_pos, width))
        self.transformer = Transformer(width, layers, heads, mlp_ratio, ls_init_value, act_layer, norm_layer)
        self.ln_final = norm_layer(width)
        self.register_buffer("attn_mask", None if no_causal_mask else self.build_causal_mask(), persistent=False)
        self.text_projection = None
        if output_dim and proj_type != "none":
            bare = nn.Parameter(torch.zeros(width, output_dim))
            self.text_projection = nn.Linear(width, output_dim) if proj_bias else bare

    def build_causal_mask(self):
        nobody = torch.full((self.num_pos, self.num_pos), float("-inf"))  # [L, L]
        return nobody.triu(1)  # 0 where a token looks at itself or back

    def build_cls_mask(self, text):
        """What the class token may see. As upstream does it: the row of padding flags sits one place to the right."""
        n, length = text.shape
        visible = torch.ones(n, length + 1, length + 1, dtype=torch.bool)  # [n, L, L]
        visible[:, -1, 1:] = text != self.pad_id
        mask = torch.zeros(n, length + 1, length + 1).masked_fill(~visible, float("-inf"))  # [n, L, L]
        return mask.repeat_interleave(self.heads, 0)  # [n·H, L, L]

    def forward(self, text):
        length = text.shape[1]
        attn_mask = self.attn_mask
        x = self.token_embedding(text)  # [n, L, d]
        if self.cls_emb is not None:
            length = length + 1
            x = torch.cat([x, expand_token(self.cls_emb, x.shape[0])], dim=1)  # [n, L, d]
            if attn_mask is not None:
                attn_mask = attn_mask[None, :length, :length] + self.build_cls_mask(text)  # [n·H, L, L]
        x = x + self.positional_embedding[:length]  # [n, L, d]
        x = self.transformer(x, attn_mask=attn_mask)  # [n, L, d]
        if self.cls_emb is None:
            x = self.ln_final(x)  # [n, L, d]
            pooled, tokens = text_global_pool(x, text, pool_type=self.pool_type)  # [n, d]
        else:
            pooled, tokens = text_global_pool(x, pool_type="last")  # [n, d]
            pooled = self.ln_final(pooled)  # [n, d]
        if isinstance(self.text_projection, nn.Linear):
            pooled = self.text_projection(pooled)  # [n, e]
        elif self.text_projection is not None:
            pooled = pooled @ self.text_projection  # [n, e]
        return (pooled, tokens) if self.output_tokens else pooled
