"""torch.nn.functional: natives under their own names, and what can be composed of them.

Sections: natives · activations · normalisation · dropout · distances · losses · attention · rearranging · embeddings.
"""

import math

from .. import _native as _torch
from .. import _nn
from .._native import Tensor

# ---- natives -----------------------------------------------------------------------------------------------------

linear = _nn.linear
conv1d = _nn.conv1d
conv2d = _nn.conv2d
conv3d = _nn.conv3d
conv_transpose1d = _nn.conv_transpose1d
conv_transpose2d = _nn.conv_transpose2d
conv_transpose3d = _nn.conv_transpose3d
layer_norm = _nn.layer_norm
group_norm = _nn.group_norm
interpolate = _nn.interpolate
pad = _nn.pad
avg_pool1d = _nn.avg_pool1d
avg_pool2d = _nn.avg_pool2d
avg_pool3d = _nn.avg_pool3d
max_pool1d = _nn.max_pool1d
max_pool2d = _nn.max_pool2d
max_pool3d = _nn.max_pool3d
adaptive_avg_pool1d = _nn.adaptive_avg_pool1d
adaptive_avg_pool2d = _nn.adaptive_avg_pool2d
adaptive_avg_pool3d = _nn.adaptive_avg_pool3d
unfold = _nn.unfold
sigmoid = _nn.sigmoid
tanh = _nn.tanh
gelu = _nn.gelu


def _into(input, result, inplace):
    """`result`, written into `input` where the caller asked for that."""
    if inplace:
        input.copy_(result)
        return input
    return result


# ---- activations -------------------------------------------------------------------------------------------------


def relu(input, inplace=False):
    return _into(input, _nn.relu(input), inplace)


def relu_(input):
    return relu(input, True)


def silu(input, inplace=False):
    return _into(input, _nn.silu(input), inplace)


def leaky_relu(input, negative_slope=0.01, inplace=False):
    return _into(input, _nn.leaky_relu(input, negative_slope), inplace)


def elu(input, alpha=1.0, inplace=False):
    return _into(input, _nn.elu(input, alpha), inplace)


def softplus(input, beta=1, threshold=20):
    return _nn.softplus(input, beta, threshold)


def relu6(input, inplace=False):
    return _into(input, input.clamp(0, 6), inplace)


def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    return _into(input, input.clamp(min_val, max_val), inplace)


def hardsigmoid(input, inplace=False):
    return _into(input, (input + 3).clamp(0, 6) / 6, inplace)


def hardswish(input, inplace=False):
    return _into(input, input * (input + 3).clamp(0, 6) / 6, inplace)


def mish(input, inplace=False):
    return _into(input, input * _torch.tanh(softplus(input)), inplace)


def selu(input, inplace=False):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return _into(input, scale * _nn.elu(input, alpha), inplace)


def celu(input, alpha=1.0, inplace=False):
    result = _torch.where(input > 0, input, alpha * _torch.expm1(input / alpha))
    return _into(input, result, inplace)


def prelu(input, weight):
    if weight.numel() != 1:
        if input.dim() < 2 or weight.numel() != input.shape[1]:
            raise RuntimeError("prelu: a weight of more than one element needs one per channel of the input")
        weight = weight.reshape(-1, *([1] * (input.dim() - 2)))
    return _torch.where(input >= 0, input, weight * input)


def threshold(input, threshold, value, inplace=False):
    return _into(input, _torch.where(input > threshold, input, _torch.full_like(input, value)), inplace)


def hardshrink(input, lambd=0.5):
    return _torch.where(input.abs() > lambd, input, _torch.zeros_like(input))


def softshrink(input, lambd=0.5):
    return _torch.sign(input) * (input.abs() - lambd).clamp(min=0)


def softsign(input):
    return input / (1 + input.abs())


def tanhshrink(input):
    return input - _torch.tanh(input)


def logsigmoid(input):
    # min(x, 0) - log(1 + exp(-|x|)) does not overflow on either side.
    return input.clamp(max=0) - _torch.log1p(_torch.exp(-input.abs()))


def glu(input, dim=-1):
    if input.shape[dim] % 2 != 0:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {input.shape[dim]}")
    value, gate = input.chunk(2, dim=dim)
    return value * _torch.sigmoid(gate)


def _default_dim(dim, input):
    """The dimension softmax took when none was given, before that was deprecated."""
    if dim is not None:
        return dim
    return 0 if input.dim() in (0, 1, 3) else 1


def softmax(input, dim=None, _stacklevel=3, dtype=None):
    dim = _default_dim(dim, input)
    return _nn.softmax(input, dim) if dtype is None else _nn.softmax(input.to(dtype), dim)


def log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    dim = _default_dim(dim, input)
    return _nn.log_softmax(input, dim) if dtype is None else _nn.log_softmax(input.to(dtype), dim)


def softmin(input, dim=None, _stacklevel=3, dtype=None):
    return softmax(-input, dim, dtype=dtype)


def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    refuse("torch.nn.functional.gumbel_softmax draws random numbers, which would not be PyTorch's")


# ---- normalisation -----------------------------------------------------------------------------------------------


def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    if out is not None:
        refuse("torch.nn.functional.normalize(out=...) is not supported")
    norm = _torch.norm(input, p, dim, True).clamp(min=eps)
    return input / norm


def rms_norm(input, normalized_shape, weight=None, eps=None):
    if eps is None:
        eps = _torch.finfo(input.dtype).eps
    dims = tuple(range(-len(normalized_shape), 0))
    result = input * _torch.rsqrt(input.pow(2).mean(dim=dims, keepdim=True) + eps)
    return result if weight is None else result * weight


def _per_channel(vector, rank):
    return vector.reshape(1, -1, *([1] * (rank - 2)))


def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    if not training:
        return _nn.batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    rank = input.dim()
    dims = tuple(axis for axis in range(rank) if axis != 1)
    count = input.numel() // input.shape[1]
    if count <= 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {input.shape}")
    mean = input.mean(dim=dims, keepdim=True)
    centred = input - mean
    variance = (centred * centred).mean(dim=dims, keepdim=True)
    if running_mean is not None:
        running_mean.copy_((1 - momentum) * running_mean + momentum * mean.reshape(-1))
    if running_var is not None:
        unbiased = variance.reshape(-1) * (count / (count - 1))
        running_var.copy_((1 - momentum) * running_var + momentum * unbiased)
    result = centred / _torch.sqrt(variance + eps)
    if weight is not None:
        result = result * _per_channel(weight, rank)
    if bias is not None:
        result = result + _per_channel(bias, rank)
    return result


def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5):
    if not use_input_stats:
        return _nn.batch_norm(input, running_mean, running_var, weight, bias, False, momentum, eps)
    if running_mean is not None or running_var is not None:
        refuse("torch.nn.functional.instance_norm with running statistics in training mode is not supported")
    # One group per channel: the same statistics.
    return _nn.group_norm(input, input.shape[1], weight, bias, eps)


def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    refuse("torch.nn.functional.local_response_norm is not supported")


# ---- dropout -----------------------------------------------------------------------------------------------------


def dropout(input, p=0.5, training=True, inplace=False):
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0:
        return input
    if p == 1:
        return _into(input, input * 0.0, inplace)
    refuse(
        "dropout in training mode draws random numbers, which would not be PyTorch's; call model.eval() or set the probability to 0"
    )


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    return dropout(input, p, training, inplace) if not training or p == 0 else refuse("alpha_dropout in training mode is random")


def dropout1d(input, p=0.5, training=True, inplace=False):
    return dropout(input, p, training, inplace)


def dropout2d(input, p=0.5, training=True, inplace=False):
    return dropout(input, p, training, inplace)


def dropout3d(input, p=0.5, training=True, inplace=False):
    return dropout(input, p, training, inplace)


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    return alpha_dropout(input, p, training, inplace)


# ---- distances ---------------------------------------------------------------------------------------------------


def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    left = _torch.norm(x1, 2, dim, True).clamp(min=eps)
    right = _torch.norm(x2, 2, dim, True).clamp(min=eps)
    return ((x1 / left) * (x2 / right)).sum(dim=dim)


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    return _torch.norm(x1 - x2 + eps, p, -1, keepdim)


# ---- losses ------------------------------------------------------------------------------------------------------


def _reduction_name(size_average, reduce, reduction):
    """`reduction`, or what the older pair of flags means."""
    if size_average is None and reduce is None:
        return reduction
    if reduce is False:
        return "none"
    return "sum" if size_average is False else "mean"


def _reduce(loss, reduction):
    if reduction == "mean":
        return loss.mean()
    if reduction == "sum":
        return loss.sum()
    if reduction == "none":
        return loss
    raise ValueError(f"{reduction} is not a valid value for reduction")


def mse_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    if weight is not None:
        refuse("torch.nn.functional.mse_loss(weight=...) is not supported")
    difference = input - target
    return _reduce(difference * difference, _reduction_name(size_average, reduce, reduction))


def l1_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    if weight is not None:
        refuse("torch.nn.functional.l1_loss(weight=...) is not supported")
    return _reduce((input - target).abs(), _reduction_name(size_average, reduce, reduction))


def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction="mean", beta=1.0):
    reduction = _reduction_name(size_average, reduce, reduction)
    if beta == 0.0:
        return l1_loss(input, target, reduction=reduction)
    distance = (input - target).abs()
    loss = _torch.where(distance < beta, 0.5 * distance * distance / beta, distance - 0.5 * beta)
    return _reduce(loss, reduction)


def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    if weight is not None:
        refuse("torch.nn.functional.huber_loss(weight=...) is not supported")
    distance = (input - target).abs()
    loss = _torch.where(distance <= delta, 0.5 * distance * distance, delta * (distance - 0.5 * delta))
    return _reduce(loss, reduction)


def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"):
    zero = _torch.zeros_like(input)
    near = _torch.where(target == 1, input, zero)
    far = _torch.where(target == -1, (margin - input).clamp(min=0), zero)
    return _reduce(near + far, _reduction_name(size_average, reduce, reduction))


def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    return _reduce(_torch.log1p(_torch.exp(-target * input)), _reduction_name(size_average, reduce, reduction))


def multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return _reduce(loss.mean(dim=-1), _reduction_name(size_average, reduce, reduction))


def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    if not isinstance(var, _torch.Tensor) or var.shape != input.shape:
        refuse("torch.nn.functional.gaussian_nll_loss with a variance of another shape is not supported")
    var = var.clamp(min=eps)
    loss = 0.5 * (_torch.log(var) + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return _reduce(loss, reduction)


def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"):
    if full:
        refuse("torch.nn.functional.poisson_nll_loss(full=True) is not supported")
    loss = _torch.exp(input) - target * input if log_input else input - target * _torch.log(input + eps)
    return _reduce(loss, _reduction_name(size_average, reduce, reduction))


def channel_shuffle(input, groups):
    batch, channels, *rest = input.shape
    return input.reshape(batch, groups, channels // groups, *rest).transpose(1, 2).reshape(input.shape)


def affine_grid(theta, size, align_corners=None):
    """The places [N, H, W, 2] that an affine map sends the cells of a picture to; x comes first."""
    if len(size) != 4:
        refuse("torch.nn.functional.affine_grid for volumes is not supported")
    _, _, height, width = size

    def places(length):
        ends = _torch.linspace(-1, 1, length)
        return ends if align_corners else ends * ((length - 1) / length)

    x = places(width)[None, :, None].expand(height, width, 1)
    y = places(height)[:, None, None].expand(height, width, 1)
    base = _torch.cat([x, y, _torch.ones(height, width, 1)], dim=-1)
    return (base.reshape(1, -1, 3) @ theta.transpose(1, 2)).reshape(theta.shape[0], height, width, 2)


def kl_div(input, target, size_average=None, reduce=None, reduction="mean", log_target=False):
    reduction = _reduction_name(size_average, reduce, reduction)
    if log_target:
        loss = target.exp() * (target - input)
    else:
        # 0 log 0 counts as 0; the inner where keeps log away from 0.
        positive = target > 0
        logs = _torch.log(_torch.where(positive, target, _torch.ones_like(target)))
        loss = _torch.where(positive, target * logs, _torch.zeros_like(target)) - target * input
    if reduction == "batchmean":
        return loss.sum() / input.shape[0]
    return _reduce(loss, reduction)


def binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    if tuple(input.shape) != tuple(target.shape):
        raise ValueError(f"Using a target size ({target.shape}) that is different to the input size ({input.shape}) is deprecated.")
    # PyTorch keeps the logarithms above -100, so that 0 and 1 give finite losses.
    positive = _torch.log(input).clamp(min=-100)
    negative = _torch.log(1 - input).clamp(min=-100)
    loss = -(target * positive + (1 - target) * negative)
    if weight is not None:
        loss = loss * weight
    return _reduce(loss, _reduction_name(size_average, reduce, reduction))


def binary_cross_entropy_with_logits(
    input, target, weight=None, size_average=None, reduce=None, reduction="mean", pos_weight=None
):
    if tuple(input.shape) != tuple(target.shape):
        raise ValueError(f"Target size ({target.shape}) must be the same as input size ({input.shape})")
    softened = _torch.log1p(_torch.exp(-input.abs())) + (-input).clamp(min=0)
    if pos_weight is None:
        loss = (1 - target) * input + softened
    else:
        loss = (1 - target) * input + (1 + (pos_weight - 1) * target) * softened
    if weight is not None:
        loss = loss * weight
    return _reduce(loss, _reduction_name(size_average, reduce, reduction))


def _class_axis(input):
    return 0 if input.dim() == 1 else 1


def _along_classes(vector, input):
    """A vector with one value per class, shaped to multiply `input`."""
    axis = _class_axis(input)
    shape = [1] * input.dim()
    shape[axis] = input.shape[axis]
    return vector.reshape(shape)


def _check_target(input, target):
    axis = _class_axis(input)
    expected = tuple(input.shape[:axis]) + tuple(input.shape[axis + 1:])
    if tuple(target.shape) != expected:
        if input.dim() > 1 and target.dim() > 0 and input.shape[0] != target.shape[0]:
            raise ValueError(f"Expected input batch_size ({input.shape[0]}) to match target batch_size ({target.shape[0]}).")
        raise RuntimeError(f"size mismatch (got input: {list(input.shape)} , target: {list(target.shape)})")


def _class_losses(log_probs, target, weight, ignore_index, label_smoothing, reduction):
    """Cross entropy of class indices. log_probs: [N, C, ...] or [C], target: [N, ...] or []."""
    _check_target(log_probs, target)
    axis = _class_axis(log_probs)
    classes = log_probs.shape[axis]
    counted = target != ignore_index
    safe_target = target.masked_fill(~counted, 0).long()
    picked = log_probs.gather(axis, safe_target.unsqueeze(axis)).squeeze(axis)
    share = counted.to(log_probs.dtype)
    if weight is not None:
        share = share * weight[safe_target]
    zeros = _torch.zeros_like(picked)
    loss = -_torch.where(counted, picked, zeros)
    if weight is not None:
        loss = loss * weight[safe_target]
    if label_smoothing > 0.0:
        spread = log_probs if weight is None else log_probs * _along_classes(weight, log_probs)
        smooth = -_torch.where(counted, spread.sum(dim=axis), zeros)
        even = label_smoothing / classes
    if reduction == "none":
        return loss if label_smoothing == 0.0 else (1 - label_smoothing) * loss + even * smooth
    if reduction == "sum":
        return loss.sum() if label_smoothing == 0.0 else (1 - label_smoothing) * loss.sum() + even * smooth.sum()
    if reduction != "mean":
        raise ValueError(f"{reduction} is not a valid value for reduction")
    total = loss.sum()
    if label_smoothing > 0.0:
        total = (1 - label_smoothing) * total + even * smooth.sum()
    return total / share.sum()


def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"):
    return _class_losses(input, target, weight, ignore_index, 0.0, _reduction_name(size_average, reduce, reduction))


def cross_entropy(
    input,
    target,
    weight=None,
    size_average=None,
    ignore_index=-100,
    reduce=None,
    reduction="mean",
    label_smoothing=0.0,
):
    reduction = _reduction_name(size_average, reduce, reduction)
    if label_smoothing < 0.0 or label_smoothing > 1.0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing}")
    axis = _class_axis(input)
    log_probs = _nn.log_softmax(input, axis)
    if not target.is_floating_point():
        return _class_losses(log_probs, target, weight, ignore_index, label_smoothing, reduction)

    # Class probabilities instead of class numbers.
    if tuple(target.shape) != tuple(input.shape):
        raise RuntimeError(
            f"Expected floating point type for target with class probabilities, got shapes {list(input.shape)} and {list(target.shape)}"
        )
    classes = input.shape[axis]
    if label_smoothing > 0.0:
        target = target * (1 - label_smoothing) + label_smoothing / classes
    terms = log_probs * target
    if weight is not None:
        terms = terms * _along_classes(weight, input)
    loss = -terms.sum(dim=axis)
    if reduction == "mean":
        return loss.sum() / (input.numel() / classes)
    return _reduce(loss, reduction)


def cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    similarity = cosine_similarity(input1, input2, dim=-1, eps=1e-12)
    loss = _torch.where(target == 1, 1 - similarity, (similarity - margin).clamp(min=0))
    return _reduce(loss, _reduction_name(size_average, reduce, reduction))


def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    loss = (-target * (input1 - input2) + margin).clamp(min=0)
    return _reduce(loss, _reduction_name(size_average, reduce, reduction))


def triplet_margin_loss(
    anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None, reduce=None, reduction="mean"
):
    near = pairwise_distance(anchor, positive, p, eps)
    far = pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = _torch.minimum(far, pairwise_distance(positive, negative, p, eps))
    return _reduce((near - far + margin).clamp(min=0), _reduction_name(size_average, reduce, reduction))


# ---- attention ---------------------------------------------------------------------------------------------------


def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
    if enable_gqa:
        key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
        value = value.repeat_interleave(query.shape[-3] // value.shape[-3], -3)
    length, source = query.shape[-2], key.shape[-2]
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    attn_logits = _torch.matmul(query * scale, key.transpose(-2, -1))
    if is_causal:
        if attn_mask is not None:
            raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
        allowed = _torch.ones((length, source), dtype=_torch.bool).tril()
        attn_logits = attn_logits.masked_fill(~allowed, float("-inf"))
    if attn_mask is not None:
        if attn_mask.dtype == _torch.bool:
            attn_logits = attn_logits.masked_fill(~attn_mask, float("-inf"))
        else:
            attn_logits = attn_logits + attn_mask
    attn_weights = _nn.softmax(attn_logits, -1)
    if attn_mask is not None:
        # A query that may look at nothing gets zeros (since PyTorch 2.5), not NaN.
        sees_nothing = (attn_logits == float("-inf")).all(dim=-1, keepdim=True)
        attn_weights = _torch.where(sees_nothing, _torch.zeros_like(attn_weights), attn_weights)
    if dropout_p > 0.0:
        attn_weights = dropout(attn_weights, dropout_p)
    return _torch.matmul(attn_weights, value)


# ---- rearranging -------------------------------------------------------------------------------------------------


def pixel_shuffle(input, upscale_factor):
    factor = upscale_factor
    *batch, channels, height, width = input.shape
    if channels % (factor * factor) != 0:
        raise RuntimeError(
            f"pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            f"but input.size(-3)={channels} is not divisible by {factor * factor}"
        )
    out = channels // (factor * factor)
    rank = len(batch)
    x = input.reshape(*batch, out, factor, factor, height, width)
    x = x.permute(*range(rank), rank, rank + 3, rank + 1, rank + 4, rank + 2)
    return x.reshape(*batch, out, height * factor, width * factor)


def pixel_unshuffle(input, downscale_factor):
    factor = downscale_factor
    *batch, channels, height, width = input.shape
    if height % factor != 0 or width % factor != 0:
        raise RuntimeError(f"pixel_unshuffle expects height and width to be divisible by downscale_factor={factor}")
    rank = len(batch)
    x = input.reshape(*batch, channels, height // factor, factor, width // factor, factor)
    x = x.permute(*range(rank), rank, rank + 2, rank + 4, rank + 1, rank + 3)
    return x.reshape(*batch, channels * factor * factor, height // factor, width // factor)


def bilinear(input1, input2, weight, bias=None):
    result = _torch.einsum("...i,oij,...j->...o", input1, weight, input2)
    return result if bias is None else result + bias


def upsample(input, size=None, scale_factor=None, mode="nearest", align_corners=None):
    return interpolate(input, size, scale_factor, mode, align_corners)


def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    refuse("torch.nn.functional.fold is not supported")


def grid_sample(input, grid, mode="bilinear", padding_mode="zeros", align_corners=None):
    refuse("torch.nn.functional.grid_sample is not supported")


def _adaptive_max_pool(input, output_size, rank, return_indices):
    if return_indices:
        refuse(f"adaptive_max_pool{rank}d(return_indices=True) is not supported")
    sizes = output_size if isinstance(output_size, (tuple, list)) else (output_size,) * rank
    result = input
    for position in range(rank):
        axis = input.dim() - rank + position
        size = input.shape[axis]
        wanted = size if sizes[position] is None else sizes[position]
        parts = []
        for cell in range(wanted):
            start, stop = cell * size // wanted, -(-(cell + 1) * size // wanted)
            parts.append(result.narrow(axis, start, stop - start).amax(dim=axis, keepdim=True))
        result = _torch.cat(parts, dim=axis)
    return result


def adaptive_max_pool1d(input, output_size, return_indices=False):
    return _adaptive_max_pool(input, output_size, 1, return_indices)


def adaptive_max_pool2d(input, output_size, return_indices=False):
    return _adaptive_max_pool(input, output_size, 2, return_indices)


# ---- embeddings --------------------------------------------------------------------------------------------------


def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    if max_norm is not None:
        refuse("torch.nn.functional.embedding(max_norm=...): it rewrites the table while looking things up")
    return _nn.embedding(input, weight)


def one_hot(tensor, num_classes=-1):
    if num_classes == -1:
        if tensor.numel() == 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        num_classes = int(tensor.max()) + 1
    numbers = _torch.arange(num_classes)
    return (tensor.unsqueeze(-1) == numbers).long()


def __getattr__(name):
    if name == "multi_head_attention_forward":
        from .modules.attention import multi_head_attention_forward

        return multi_head_attention_forward
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.nn.functional' has no attribute '{name}'")
    refuse(f"torch.nn.functional.{name} is not known to the tracer; docs/torch-coverage.md lists what is")
