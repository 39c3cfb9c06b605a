"""Multi-head attention, once, for nn.MultiheadAttention and F.multi_head_attention_forward.

`attend` hands its inner tensors back, so that its two callers can hold them in variables: those are what the panel shows of a module's inside.
"""

import math

from .._native import bool as bool_dtype
from .._native import cat, float32, matmul, where, zeros, zeros_like
from .. import _nn
from .functional import dropout, pad


def _as_additive(mask, dtype, name):
    """A boolean mask (True = not allowed) as -inf where it holds; a float mask as it is."""
    if mask is None or mask.is_floating_point():
        return mask
    if mask.dtype != bool_dtype:
        raise AssertionError(f"only bool and floating types of {name} are supported, got {mask.dtype}")
    return zeros_like(mask, dtype=dtype).masked_fill(mask, float("-inf"))


def _split_heads(x, heads, batch_first):
    """[B, L, E] or [L, B, E] -> [B, heads, L, E / heads]"""
    first, second, width = x.shape
    x = x.reshape(first, second, heads, width // heads)
    return x.permute(0, 2, 1, 3) if batch_first else x.permute(1, 2, 0, 3)


def _merge_heads(x, batch_first):
    """The inverse of _split_heads."""
    batch, heads, length, width = x.shape
    if batch_first:
        return x.permute(0, 2, 1, 3).reshape(batch, length, heads * width)
    return x.permute(2, 0, 1, 3).reshape(length, batch, heads * width)


def attend(
    query,
    key,
    value,
    num_heads,
    proj_weights,
    in_proj_bias,
    bias_k,
    bias_v,
    add_zero_attn,
    dropout_p,
    out_proj_weight,
    out_proj_bias,
    key_padding_mask,
    need_weights,
    attn_mask,
    average_attn_weights,
    is_causal,
    batch_first,
):
    """Returns (output in the layout of query, weights or None, (q, k, v, attn_logits, attn_weights)).

    q, k, v are in the caller's layout; attn_logits (masks added) and attn_weights are [B, H, L, S].
    """
    is_batched = query.dim() == 3
    if query.dim() not in (2, 3):
        raise AssertionError(f"query should be unbatched 2D or batched 3D tensor but received {query.dim()}-D query tensor")
    if key.dim() != query.dim() or value.dim() != query.dim():
        raise AssertionError(
            f"For {'batched (3-D)' if is_batched else 'unbatched (2-D)'} `query`, expected `key` and `value` to be "
            f"{query.dim()}-D but found {key.dim()}-D and {value.dim()}-D tensors respectively"
        )
    if is_causal and attn_mask is None:
        raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
    batch_axis = 0 if batch_first else 1
    if not is_batched:
        query, key, value = query.unsqueeze(batch_axis), key.unsqueeze(batch_axis), value.unsqueeze(batch_axis)
        if key_padding_mask is not None:
            key_padding_mask = key_padding_mask.unsqueeze(0)
    length_axis = 1 - batch_axis
    batch, length, embed_dim = query.shape[batch_axis], query.shape[length_axis], query.shape[2]
    if embed_dim % num_heads != 0:
        raise AssertionError(f"embed_dim {embed_dim} not divisible by num_heads {num_heads}")
    if key.shape[:2] != value.shape[:2]:
        raise AssertionError(f"key's sequence and batch dims {tuple(key.shape[:2])} do not match value's {tuple(value.shape[:2])}")

    q_bias, k_bias, v_bias = in_proj_bias.chunk(3) if in_proj_bias is not None else (None, None, None)
    q = _nn.linear(query, proj_weights[0], q_bias)
    k = _nn.linear(key, proj_weights[1], k_bias)
    v = _nn.linear(value, proj_weights[2], v_bias)

    attn_mask = _as_additive(attn_mask, q.dtype, "attn_mask")
    key_padding_mask = _as_additive(key_padding_mask, q.dtype, "key_padding_mask")
    source = k.shape[length_axis]
    if attn_mask is not None:
        if attn_mask.dim() == 2:
            if tuple(attn_mask.shape) != (length, source):
                raise RuntimeError(
                    f"The shape of the 2D attn_mask is {tuple(attn_mask.shape)}, but should be {(length, source)}."
                )
        elif attn_mask.dim() == 3:
            if tuple(attn_mask.shape) != (batch * num_heads, length, source):
                raise RuntimeError(
                    f"The shape of the 3D attn_mask is {tuple(attn_mask.shape)}, but should be {(batch * num_heads, length, source)}."
                )
            attn_mask = attn_mask.reshape(batch, num_heads, length, source)
        else:
            raise RuntimeError(f"attn_mask's dimension {attn_mask.dim()} is not supported")
    if key_padding_mask is not None and tuple(key_padding_mask.shape) != (batch, source):
        raise AssertionError(f"expecting key_padding_mask shape of {(batch, source)}, but got {tuple(key_padding_mask.shape)}")

    extra = 0
    if bias_k is not None and bias_v is not None:
        shape = (batch, 1, embed_dim) if batch_first else (1, batch, embed_dim)
        k = cat([k, bias_k.expand(shape)], dim=length_axis)
        v = cat([v, bias_v.expand(shape)], dim=length_axis)
        extra += 1
    if add_zero_attn:
        shape = (batch, 1, embed_dim) if batch_first else (1, batch, embed_dim)
        k = cat([k, zeros(shape, dtype=k.dtype)], dim=length_axis)
        v = cat([v, zeros(shape, dtype=v.dtype)], dim=length_axis)
        extra += 1
    if extra:
        if attn_mask is not None:
            attn_mask = pad(attn_mask, (0, extra))
        if key_padding_mask is not None:
            key_padding_mask = pad(key_padding_mask, (0, extra))

    q_heads = _split_heads(q, num_heads, batch_first)
    k_heads = _split_heads(k, num_heads, batch_first)
    v_heads = _split_heads(v, num_heads, batch_first)
    scale = 1.0 / math.sqrt(embed_dim // num_heads)
    attn_logits = matmul(q_heads * scale, k_heads.transpose(-2, -1))
    if attn_mask is not None:
        attn_logits = attn_logits + attn_mask
    if key_padding_mask is not None:
        attn_logits = attn_logits + key_padding_mask[:, None, None, :]
    attn_weights = _nn.softmax(attn_logits, dim=-1)
    if not need_weights and (attn_mask is not None or key_padding_mask is not None):
        # PyTorch takes its fused kernel on this path, where a query that may look at nothing gets zeros, not NaN.
        sees_nothing = (attn_logits == float("-inf")).all(dim=-1, keepdim=True)
        attn_weights = where(sees_nothing, zeros_like(attn_weights), attn_weights)
    if dropout_p > 0.0:
        attn_weights = dropout(attn_weights, dropout_p)
    attn_out = _merge_heads(matmul(attn_weights, v_heads), batch_first)
    output = _nn.linear(attn_out, out_proj_weight, out_proj_bias)

    weights = None
    if need_weights:
        weights = attn_weights.mean(dim=1) if average_attn_weights else attn_weights
    if not is_batched:
        output = output.squeeze(batch_axis)
        if weights is not None:
            weights = weights.squeeze(0)
    return output, weights, (q, k, v, attn_logits, attn_weights)
