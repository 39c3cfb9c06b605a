"""Writes test/fixtures/torch-snippets.json: small programs with the values a real torch computes.

    /usr/bin/python3 test/tools/torchSnippets.py

Needs torch >= 1.13 (Debian: python3-torch). Only calls whose meaning has not changed since are used. Each snippet is an expression, or
statements of which the last is `return ...`. The names below are inputs, so that nothing of them is known while tracing.
`raises` says which exception class torch raises; `refuses` marks what torch can do and the tracer refuses by name.
"""

import json
import os
import textwrap

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


def spread(*shape, seed=1, low=-2.0, high=2.0):
    n = 1
    for d in shape:
        n *= d
    values = [((i * 37 + seed * 101) % 97) / 97.0 * (high - low) + low for i in range(n)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


INPUTS = {
    "a": spread(2, 3),
    "b": spread(3, 4, seed=2),
    "c": spread(2, 3, seed=3),
    "p": spread(2, 3, seed=4, low=0.1, high=3.0),
    "x": spread(2, 4, 3, seed=5),
    "y": spread(2, 3, 4, seed=6),
    "img": spread(1, 2, 5, 5, seed=7),
    "w": spread(3, 2, 3, 3, seed=8, low=-1, high=1),
    "v": spread(3, seed=9),
    "u": spread(4, seed=10),
    "s": spread(seed=11),
    "i": torch.tensor([[1, 5, 2], [7, 0, 3]]),
    "j": torch.tensor([2, 0, 1]),
    "k": torch.tensor([[0, 2, 1], [1, 1, 0]]),
    "m": torch.tensor([[True, False, True], [False, False, True]]),
    "n": torch.tensor([True, False, True]),
    "d": spread(2, 3, seed=12).double(),
}

POINTWISE = """
a + c | a - c | a * c | a / p | a + 1 | 1 - a | 2 * a | 1 / p | a + v | v - a | a * s | i + 1 | i * 2 | i + a | i / 2 | i // 2 | i % 4
-i // 4 | -i % 4 | a // 0.75 | a % 0.75 | a % -0.75 | -a // p | a // -p | i // 2.0 | 7 // (i + 1) | 7 % (i + 1) | p ** 2 | p ** 0.5 | p ** -0.5
p ** -1 | p ** 3 | 2 ** a | i ** 2 | 2 ** i | p ** c | i ** 3 | a ** 2 | (-a) ** 2 | -a | +a | -i | abs(a) | ~m | ~i | m & n | m | n ; m ^ n
m & (a > 0) | a < c | a <= 0 | a == c | a != c | i > 2 | i == k | i != 5 | m == n | m < n | a >= v | 0 < a | i < 2.5 | True + i | m + m | m * a | m + 1 | m * m
a.add(c, alpha=2) | torch.sub(a, c, alpha=0.5) | torch.rsub(a, c) | torch.mul(a, 3) | torch.div(a, p, rounding_mode='floor') | torch.div(a, p, rounding_mode='trunc')
torch.div(i, 3, rounding_mode='trunc') | torch.div(-i, 3, rounding_mode='trunc') | torch.div(-i, 3, rounding_mode='floor') | torch.true_divide(i, 4) | torch.floor_divide(i, 3)
torch.remainder(a, 0.7) | torch.fmod(a, 0.7) | torch.fmod(-i, 4) | torch.remainder(-i, 4) | torch.pow(p, 1.7) | torch.square(a) | torch.exp(a) | torch.log(p) | torch.log2(p) | torch.log10(p)
torch.log1p(p) | torch.log1p(a * 1e-6) | torch.expm1(a) | torch.expm1(a * 1e-6) | torch.exp2(a) | torch.sqrt(p) | torch.rsqrt(p) | torch.sin(a) | torch.cos(a) | torch.tan(a) | torch.asin(a / 3)
torch.acos(a / 3) | torch.atan(a) | torch.sinh(a) | torch.cosh(a) | torch.tanh(a) | torch.sigmoid(a) | torch.erf(a) | torch.erfc(a) | torch.floor(a) | torch.ceil(a) | torch.round(a * 2)
torch.round(torch.tensor([0.5, 1.5, 2.5, -0.5, -1.5])) | torch.trunc(a) | torch.frac(a) | torch.sign(a) | torch.reciprocal(p) | torch.neg(i) | torch.abs(i - 4) | torch.exp(i) | torch.sqrt(i)
torch.clamp(a, -0.5, 0.5) | a.clamp(min=0) | a.clamp(max=0.3) | a.clip(-1, 1) | torch.clamp(i, 1, 4) | torch.clamp(i, 0.5, 4.5) | a.clamp(min=c) | torch.maximum(a, c) | torch.minimum(a, c) | torch.max(a, c)
torch.where(m, a, c) | torch.where(a > 0, a, torch.zeros_like(a)) | torch.where(m, i, k) | a.masked_fill(m, -1) | a.masked_fill(n, float('-inf')) | i.masked_fill(m, 9) | torch.lerp(a, c, 0.3)
torch.addcmul(a, c, p, value=0.5) | torch.addcdiv(a, c, p, value=2) | torch.logical_and(m, n) | torch.logical_or(m, n) | torch.logical_xor(a > 0, m) | torch.logical_not(a > 0) | torch.logical_not(i)
torch.isnan(a) | torch.isinf(torch.log(a * 0)) | torch.isfinite(a / 0) | torch.isclose(a, a + 1e-9) | torch.allclose(a, c) | torch.equal(a, a.clone()) | torch.eq(i, k) | torch.nan_to_num(a / 0)
torch.atan(a).dtype | (a + i).dtype | (i + 1.5).dtype | (i + True).dtype | (m + 1).dtype | (d + a).dtype | (a + 1.0).dtype | (i / i.clamp(min=1)).dtype | (a.half() + 1).dtype | (i.int() + i.long()).dtype
(d + 1).dtype | (a + d.mean()).dtype | (i * s).dtype | (i + d.mean()).dtype | (a.bfloat16() + a.half()).dtype | (i.to(torch.uint8) + i.to(torch.int8)).dtype | torch.result_type(i, 1.5) | torch.promote_types(torch.int32, torch.float16)
d + 1 | d * a | d.sqrt().isnan() | torch.special.expit(a) | torch.nn.functional.relu(a) | a.relu() | a.sigmoid() | a.tanh() | a.neg() | a.exp().log() | a.square().sqrt() | torch.sub(i, 1)
i.to(torch.uint8) - 3 | (i * 50).to(torch.int8) | i.int() * 2 | (i.to(torch.uint8) * 60)
"""

REDUCTIONS = """
a.sum() | a.sum(0) | a.sum(dim=1) | a.sum(-1, keepdim=True) | x.sum((0, 2)) | x.sum(dim=(1, 2), keepdim=True) | i.sum() | m.sum() | m.sum(1) | i.sum(dtype=torch.float32) | a.mean() | a.mean(0) | a.mean(dim=-1, keepdim=True)
x.mean((1, 2)) | torch.mean(a, 1) | i.float().mean() | a.prod() | a.prod(1) | i.prod(0) | a.max() | a.min() | i.max() | a.max(1).values | a.max(1).indices | a.max(dim=0, keepdim=True)[0] | torch.max(a, 1) | torch.min(a, dim=0)
a.amax(1) | x.amax((0, 2)) | a.amin(0, keepdim=True) | a.argmax() | a.argmax(1) | i.argmax(-1) | i.argmin(0) | a.argmax(dim=1, keepdim=True) | a.std() | a.std(1) | a.var(0) | a.var(unbiased=False) | a.var(1, unbiased=False) | a.std(dim=1, keepdim=True)
torch.var(x, (1, 2)) | torch.var_mean(a, 1) | torch.std_mean(a, 1, unbiased=False) | x.var(dim=-1, unbiased=False, keepdim=True) | m.all() | m.any() | m.all(1) | m.any(0) | (a > 5).any() | torch.all(a > -5) | torch.any(m, dim=1) | a.norm() | a.norm(dim=1) | a.norm(p=1, dim=0) | a.norm(p=2, dim=-1, keepdim=True)
torch.norm(a, dim=-1) | a.norm(p=float('inf')) | a.norm(p=3, dim=1) | torch.linalg.norm(a) | torch.linalg.vector_norm(a, dim=1) | torch.linalg.norm(a, dim=-1, keepdim=True) | a.logsumexp(1) | torch.logsumexp(a, dim=(0, 1)) | a.softmax(-1) | a.softmax(dim=0) | torch.softmax(x, dim=1) | a.log_softmax(1) | F.log_softmax(x, dim=-1)
F.softmax(i.float(), dim=1) | F.softmax(a, dim=1, dtype=torch.float64) | a.cumsum(1) | i.cumsum(0) | torch.cumsum(m, 1) | a.cumprod(1) | torch.cumprod(p, dim=0) | a.topk(2) | a.topk(2, dim=-1, largest=False) | i.topk(1, dim=0).indices | a.sort(1) | a.sort(dim=0, descending=True) | i.sort(descending=True)[0] | a.argsort(1) | i.argsort(dim=0)
a.median() | a.median(1) | i.median(dim=1).values | torch.count_nonzero(m) | torch.count_nonzero(i, dim=1) | m.nonzero() | torch.nonzero(i == 5) | m.nonzero(as_tuple=True) | torch.unique(k) | torch.unique(k, return_counts=True) | torch.unique(k, return_inverse=True) | torch.bincount(j) | torch.bincount(k.flatten(), minlength=5)
m.float().mean() | m.long().sum() | m.sum().item() | i.sum().item() | (a > 0).sum() | i.max().item() + 1 | a.numel() | a.nelement() | torch.numel(x) | a.kthvalue(2).values | a.masked_fill(m, float('-inf')).softmax(-1) | torch.full((2, 3), float('-inf')).logsumexp(1) | x.std((0, 1)) | x.max(-1)[0].max(-1)[0] | torch.aminmax(a) | a.dist(c)
x.flatten().topk(3).values | x.amax() | s.sum() | s.softmax(0) | s.max() | s.cumsum(0) | torch.nansum(a)
"""

SHAPES = """
x.view(size=(4, 6)) | x.reshape(shape=(3, -1)) | torch.reshape(x, shape=(2, 12)) | x.permute(dims=(2, 0, 1)) | torch.permute(input=x, dims=(1, 0, 2)) | v.expand(size=(2, 3)) | a.repeat(repeats=(2, 1)) | a.tile(dims=(1, 2)) | a.flip(dims=(0,))
torch.zeros(size=(2, 2)) | torch.ones(size=[3], dtype=torch.long) | a.new_zeros(size=(2,)) | a.new_ones(size=(1, 2), dtype=torch.int64)
x.view(2, 12) | x.view(-1) | x.view(2, -1, 3) | x.view((8, 3)) | x.reshape(4, 6) | x.reshape(-1, 3) | torch.reshape(x, (3, 8)) | x.permute(2, 0, 1) | x.permute((0, 2, 1)) | torch.permute(x, (1, 0, 2)) | x.transpose(1, 2) | x.transpose(-1, 0) | torch.transpose(x, 0, 1) | a.t() | a.T | x.mT | x.swapaxes(0, 1)
x.transpose(1, 2).reshape(2, 12) | x.transpose(1, 2).contiguous().view(2, 12) | x.permute(1, 0, 2).flatten(1) | x.flatten() | x.flatten(1) | x.flatten(0, 1) | torch.flatten(x, start_dim=1) | x.unflatten(1, (2, 2)) | a.unsqueeze(0) | a.unsqueeze(-1) | a.unsqueeze(1).shape | a[None].squeeze() | a[None, :, None].squeeze(2) | a[None].squeeze(1) | torch.squeeze(a[:, :1])
a.expand(4, 2, 3) | v.expand(2, 3) | v.expand(2, -1) | a[:, :1].expand(-1, 5) | a[:, :1].expand_as(a) | v.repeat(2) | v.repeat(2, 2) | a.repeat(1, 2) | a.repeat(2, 1, 1) | torch.tile(v, (2,)) | v.repeat_interleave(2) | a.repeat_interleave(2, dim=0) | a.repeat_interleave(torch.tensor([1, 2]), dim=0) | torch.broadcast_to(v, (2, 3))
torch.cat([a, c]) | torch.cat((a, c), dim=1) | torch.cat([a, i], dim=-1) | torch.cat([a, a[:0]]) | torch.stack([a, c]) | torch.stack((a, c), dim=-1) | torch.stack([v, v, v], 1) | torch.hstack([a, c]) | torch.vstack([v, v]) | torch.concat([v, v]) | x.split(2, dim=1) | x.split([1, 3], dim=1) | torch.split(x, 3, dim=1) | x.chunk(2, dim=1) | x.chunk(3, 1) | torch.chunk(x, 2, dim=-1) | x.unbind(1)
torch.unbind(a) | torch.tensor_split(u, 3) | x.narrow(1, 1, 2) | x.select(1, 2) | torch.movedim(x, 0, -1) | x.movedim((0, 1), (1, 0)) | x.flip(1) | torch.flip(x, [0, 2]) | x.flip(-1) | x.roll(1, 1) | torch.roll(a, 1) | torch.roll(x, shifts=(1, -1), dims=(0, 2)) | torch.rot90(a) | torch.diagonal(a) | torch.diagonal(x, dim1=1, dim2=2) | torch.diagonal(a, 1)
torch.diag(v) | torch.diag(torch.ones(2, 2) * 3) | torch.diag(v, 1) | torch.diag_embed(a) | torch.tril(a) | torch.triu(a, 1) | a.tril(-1) | torch.triu(torch.ones(3, 3), diagonal=1) | torch.trace(a[:, :2]) | x.unfold(1, 2, 1) | u.unfold(0, 2, 2) | torch.meshgrid(v, u, indexing='ij') | torch.meshgrid(v, u, indexing='xy') | torch.meshgrid([v, u], indexing='ij')[0] | torch.atleast_2d(v)
x.shape | x.size() | x.size(1) | x.shape[-1] | len(x) | x.dim() | x.ndim | list(x.shape) | x.shape[:2] | tuple(a.shape) | x.stride() | x.transpose(0, 1).stride() | x.transpose(0, 1).is_contiguous() | a.T.contiguous().stride() | x.numel() | x.shape.numel() | (a.T + 1).stride() | x.is_floating_point() | a.type() | i.type() | a.dtype == torch.float32 | str(a.dtype) | str(a.device) | a.device.type
torch.broadcast_tensors(a, v) | a.tolist() | i.tolist() | m.tolist() | s.item() | [t.sum().item() for t in a] | [r.tolist() for r in i] | a.new_zeros(2) | a.new_ones((1, 2)) | i.new_tensor([1.5, 2]) | a.new_full((2,), 3) | i.float() | a.long() | a.int() | a.bool() | i.double() | a.to(torch.float64) | a.to(i) | a.to('cpu') | a.to('cpu', torch.int64) | a.type_as(i) | a.type(torch.int32) | a.half().dtype
"""

CREATION = """
torch.zeros(2, 3) | torch.zeros((2, 3)) | torch.zeros([2]) | torch.ones(2, dtype=torch.int64) | torch.zeros(2, 3, dtype=torch.bool) | torch.full((2, 2), 7) | torch.full((2,), 1.5) | torch.full((2,), True) | torch.zeros_like(i) | torch.ones_like(a) | torch.full_like(a, 2) | torch.zeros_like(i, dtype=torch.float32) | torch.arange(5) | torch.arange(1, 5) | torch.arange(0, 1, 0.25) | torch.arange(5.0)
torch.arange(5, 0, -2) | torch.arange(3, dtype=torch.float32) | torch.arange(0, 4, 2)[None] | torch.linspace(0, 1, 5) | torch.linspace(-1, 1, 4) | torch.logspace(0, 2, 3) | torch.eye(3) | torch.eye(2, 3) | torch.tensor(1) | torch.tensor(1.5) | torch.tensor(True) | torch.tensor([1, 2]) | torch.tensor([1, 2.5]) | torch.tensor([[1, 2], [3, 4]]) | torch.tensor([]) | torch.tensor([1, 2], dtype=torch.float32) | torch.tensor([True, False])
torch.tensor([s, s * 2]).shape | torch.tensor(3).item() | torch.as_tensor([1, 2]) | torch.as_tensor(a) is a | torch.Tensor([1, 2]) | torch.FloatTensor([[1, 2]]) | torch.LongTensor([1, 2]) | torch.tril_indices(3, 3) | torch.triu_indices(3, 3, 1) | torch.empty(2, 3).shape | torch.empty(2).fill_(3) | torch.empty_like(a).shape | torch.empty(2, 2).zero_() | torch.randn(2, 3).shape | torch.rand(4).shape | torch.scalar_tensor(2)
isinstance(a, torch.Tensor) | isinstance(i, torch.LongTensor) | isinstance(a, torch.LongTensor) | torch.is_tensor(a) | torch.is_tensor(1) | torch.finfo(torch.float32).max | torch.finfo(a.dtype).min | torch.finfo(torch.float16).max | torch.iinfo(torch.int64).max | torch.iinfo(torch.int32).min | torch.finfo(torch.float32).eps | torch.get_default_dtype() | a.clone() | a.detach() | torch.clone(a) | torch.cartesian_prod(v, v) | torch.float is torch.float32 | repr(torch.float32) | repr(torch.tensor(3)) | torch.device('cuda:1').index
repr(torch.Size([2, 3])) | nn.Parameter(a).requires_grad | nn.Parameter(a) | isinstance(nn.Parameter(a), torch.Tensor) | a.requires_grad | torch.block_diag(a, c)
"""

LINALG = """
a @ b | torch.matmul(a, b) | a.matmul(b) | torch.mm(a, b) | x @ y | torch.bmm(x, y) | x @ b | a @ v | v @ b | v @ v | torch.dot(v, v) | x @ y[0] | y @ u | torch.mv(a, v) | torch.outer(v, u) | torch.addmm(torch.ones(2, 4), a, b) | torch.addmm(torch.ones(4), a, b, beta=0.5, alpha=2) | torch.baddbmm(torch.ones(2, 4, 4), x, y, alpha=0.3)
torch.baddbmm(torch.empty(2, 4, 4), x, y, beta=0, alpha=0.3).shape | i @ i.t() | torch.einsum('ij,jk->ik', a, b) | torch.einsum('bij,bjk->bik', x, y) | torch.einsum('bij,bjk', x, y) | torch.einsum('ij->ji', a) | torch.einsum('ij->', a) | torch.einsum('ij,ij->i', a, c) | torch.einsum('ij,ij->', a, c) | torch.einsum('bct,bcs->bts', x, x) | torch.einsum('i,j->ij', v, u) | torch.einsum('...ij,...jk->...ik', x, y)
torch.einsum('b i d, b j d -> b i j', x, x) | torch.einsum('ii->i', torch.ones(3, 3) * v) | torch.einsum('ij,jk,k->i', a, b, u) | torch.einsum('bhd,bhd->bh', x, x) | torch.einsum('bij,kj->bik', x, a) | torch.einsum('b...d,d->b...', x, v) | torch.einsum('nc,nc->n', [a, c]) | torch.einsum('nc,ck->nk', [a, b]) | torch.tensordot(a, b, dims=1) | torch.tensordot(x, y, dims=([1, 2], [2, 1])) | torch.cdist(a, c) | torch.kron(a, v)
torch.cross(a, c, dim=1) | torch.inner(v, v) | (a @ b).shape | (x.transpose(1, 2) @ x) * 3 ** -0.5 | torch.trace(a @ a.T) | torch.einsum('ij,kj->ik', i, k) | s * (a @ c.T) | F.cosine_similarity(a, c) | F.normalize(a, dim=-1) | F.normalize(x, p=2, dim=1) | F.normalize(a * 0)
"""

INDEXING = """
a[0] | a[-1] | a[:, 0] | a[:, -1] | a[0, 1] | a[0][1] | a[:, 1:] | a[:, :-1] | a[:, ::2] | x[:, 1] | x[..., 0] | x[0, ..., 1:] | x[:, :, None] | x[None] | x[:, None, 1] | a[None, :, None, :] | x[:, 1:3, ::2] | x[1:] | x[5:] | x[:, -2:] | a[True] | x[..., None, :].shape | a[...] | x[0, 1, 2] | s[None] | s[...] | x[(0, 1)] | a[[0, 1, 0]] | a[[1]] | a[:, [2, 0]]
b[j[:1]] | b[j] | b[j, j] | b[[0, 1], [2, 3]] | x[:, j] | x[0, j] | x[:, j, j] | x[j[1:], :, j[1:]] | x[:, j[:, None], j] | b[k] | x[torch.arange(2), i.argmax(-1)] | x[torch.arange(2), k[:, 0]] | x[range(2), [0, 1]] | a[m] | a[a > 0] | x[:, n.new_tensor([True, False, True, True])] | a[m].shape | a[:, n] | i[m] | i[i > 2] | a[~m] | x[m[:, :1].squeeze(1)] | b[j].sum() | b[-j] | b[j - 1] | a[:, -j[1] - 1]
a.gather(1, k) | torch.gather(a, 1, k[:, :2]) | a.gather(0, k % 2) | a.gather(-1, k) | a.take(j) | torch.index_select(a, 1, j) | a.index_select(0, j[1:]) | torch.masked_select(a, m) | a.scatter(1, k, 0.0) | torch.zeros(2, 4).scatter(1, i.argmax(1, keepdim=True), 1) | torch.zeros(2, 3).scatter(1, j[None].expand(2, 3), a) | torch.zeros(2, 3).scatter_add(1, k, a) | a.scatter_add(0, k % 2, c) | torch.zeros(2, 3).index_add(1, j, a)
a.index_fill(1, j[:1], 9.0) | a.index_copy(1, j, c) | torch.take_along_dim(a, k, dim=1) | torch.where(i > 2)[0] if False else (i > 2).nonzero(as_tuple=True)[0] | F.one_hot(j) | F.one_hot(j, num_classes=5) | F.one_hot(k).sum(1) | F.embedding(i % 3, b) | F.embedding(j, b, padding_idx=0) | b[torch.tensor(1)] | b[j[0]] | b[j[0], 1] | x[:, j[0]] | u[1::2] | a[0:1, 0:1] | a[0, None] | i[0].tolist()[1] | v[j.argsort()] | a[:, torch.tensor([0, 0, 1])] | x[[0, 1], 1:3] | x[:, [0, 1], None]
x[:, 0, [0, 1]] | x[[0, 1], :, [1, 2]] | x[0, :, [1, 2]] | x[..., [0, 2]] | v[v.argmax()] | a.masked_scatter(m, torch.arange(6.0)) | a[a.argmax(dim=0), torch.arange(3)] | 3 in i | 99 in i | a.select_scatter(v, 0, 1) if hasattr(a, 'select_scatter') else 0
"""

NN = """
F.linear(a, torch.ones(4, 3)) | F.linear(x, b.T, u) | F.conv2d(img, w) | F.conv2d(img, w, v) | F.conv2d(img, w, stride=2, padding=1) | F.conv2d(img, w, padding='same') | F.conv2d(img, w[:2, :1], groups=2) | F.conv2d(img, w, dilation=2) | F.conv2d(img[0], w) | F.conv1d(x, torch.ones(2, 4, 1)) | F.conv1d(x, w[:1, :, :2, 0].reshape(1, 4, 1)) | F.conv1d(y, w[:, :1, 0].repeat(1, 3, 1), v, padding=1) | F.conv_transpose2d(img, w.transpose(0, 1), stride=2)
F.conv_transpose2d(img, w.transpose(0, 1), v, stride=2, padding=1, output_padding=1) | F.conv_transpose1d(y, torch.ones(3, 2, 2)) | F.layer_norm(a, (3,)) | F.layer_norm(x, (3,), v, v) | F.layer_norm(x, (4, 3), eps=1e-3) | F.group_norm(img, 2) | F.group_norm(img, 1, torch.tensor([1.0, 2.0]), torch.tensor([0.5, 0.0])) | F.group_norm(x, 2, u, u) | F.batch_norm(img, torch.tensor([0.1, 0.2]), torch.tensor([1.0, 2.0])) | F.batch_norm(img, torch.zeros(2), torch.ones(2), torch.tensor([2.0, 1.0]), torch.tensor([0.0, 1.0]), False, 0.1, 1e-3)
F.batch_norm(img, None, None, training=True) | F.instance_norm(img) | F.gelu(a) | F.silu(a) | F.relu(a) | F.leaky_relu(a) | F.leaky_relu(a, 0.2) | F.elu(a) | F.selu(a) | F.softplus(a) | F.softplus(a * 20) | F.hardtanh(a) | F.relu6(a * 5) | F.sigmoid(a) | F.tanh(a) | F.logsigmoid(a) | F.mish(a) | F.hardswish(a) | F.hardsigmoid(a) | F.softsign(a) | F.glu(y, -1) | F.max_pool2d(img, 2) | F.max_pool2d(img, 3, stride=1, padding=1) | F.avg_pool2d(img, 2) | F.avg_pool2d(img, 3, 2, 1)
F.avg_pool2d(img, 3, stride=2, padding=1, count_include_pad=False) | F.avg_pool1d(x, 2) | F.max_pool1d(x, 2) | F.adaptive_avg_pool2d(img, 1) | F.adaptive_avg_pool2d(img, (2, 3)) | F.adaptive_avg_pool1d(x, 1) | F.interpolate(img, scale_factor=2) | F.interpolate(img, scale_factor=2, mode='nearest') | F.interpolate(img, size=(3, 3)) | F.interpolate(img, size=7) | F.interpolate(img, size=(8, 8), mode='bilinear') | F.interpolate(img, size=(8, 8), mode='bilinear', align_corners=True) | F.interpolate(img, size=(3, 4), mode='bicubic')
F.interpolate(img, size=(8, 7), mode='bicubic', align_corners=False) | F.interpolate(img, size=(3, 3), mode='bilinear', antialias=True) | F.interpolate(img, size=(3, 3), mode='bicubic', antialias=True) | F.interpolate(img, size=(2, 2), mode='area') | F.interpolate(x, scale_factor=2) | F.interpolate(x, size=5, mode='linear') | F.pad(a, (1, 2)) | F.pad(a, (1, 0, 0, 2), value=3.0) | F.pad(img, (1, 1, 2, 0), mode='reflect') | F.pad(img, (1, 1), mode='replicate') if False else F.pad(img, (1, 1, 1, 1), mode='replicate') | F.pad(img, (1, 1, 1, 1), mode='circular')
F.pad(a, (-1, 1)) | F.pad(i, (0, 1)) | F.pad(m, (1, 0), value=True) | F.unfold(img, 2) | F.unfold(img, 3, padding=1, stride=2) | F.pixel_shuffle(torch.arange(16.0).reshape(1, 4, 2, 2), 2) | F.dropout(a, 0.5, training=False) | F.cross_entropy(a, j[:2]) | F.cross_entropy(a, j[:2], reduction='none') | F.cross_entropy(a, j[:2], label_smoothing=0.1) | F.cross_entropy(a, torch.tensor([0, -100])) | F.cross_entropy(a, F.softmax(c, -1)) | F.nll_loss(F.log_softmax(a, 1), j[:2]) | F.mse_loss(a, c)
F.mse_loss(a, c, reduction='sum') | F.l1_loss(a, c) | F.smooth_l1_loss(a, c) | F.binary_cross_entropy_with_logits(a, m.float()) | F.binary_cross_entropy(torch.sigmoid(a), m.float()) | F.kl_div(F.log_softmax(a, -1), F.softmax(c, -1), reduction='batchmean') | F.cosine_similarity(a, c, dim=0) | nn.Identity()(a) | nn.Dropout(0.5).eval()(a) | nn.GELU()(a) | nn.SiLU()(a) | nn.Flatten()(x) | nn.Softmax(dim=-1)(a) | nn.ReLU(inplace=True)(a.clone()) | nn.AvgPool2d(2)(img) | nn.Upsample(scale_factor=2)(img) | nn.PixelShuffle(1)(img)
nn.LayerNorm(3)(a) | nn.GroupNorm(2, 2)(img) | nn.BatchNorm2d(2).eval()(img) | nn.Sequential(nn.LayerNorm(3), nn.GELU())(a) | sorted(nn.MultiheadAttention(4, 2).state_dict().keys()) | sorted(nn.TransformerEncoderLayer(4, 2, 8).state_dict().keys()) | list(nn.Conv2d(2, 3, 3).weight.shape) | list(nn.Linear(3, 2, bias=False).state_dict()) | nn.Linear(3, 2).weight.requires_grad | sum(p.numel() for p in nn.Conv2d(2, 3, 3).parameters()) | nn.Embedding(4, 3).weight.shape
F.gelu(a).argmax() | nn.AdaptiveAvgPool2d((1, 1))(img).flatten(1) | nn.functional.softmax(x @ y, dim=-1).sum(-1) | nn.CrossEntropyLoss()(a, j[:2]) | nn.CosineSimilarity(dim=1)(a, c) | nn.ParameterList([nn.Parameter(v)])[0] | nn.ModuleList([nn.ReLU(), nn.Identity()])[0](a) | len(nn.ModuleList([nn.ReLU()] * 3))
"""

# Statements: views, aliasing, writes in place.
PROGRAMS = [
    "t = a.clone(); t[0] = 0; return t",
    "t = a.clone(); t[:, 0] = 1; return t",
    "t = a.clone(); t[:, 1:] += 1; return t",
    "t = a.clone(); t[0, 1] = 5; return t",
    "t = a.clone(); t[m] = 0; return t",
    "t = a.clone(); t[t > 0] = -1; return t",
    "t = a.clone(); t[m] = torch.tensor([10.0, 20.0, 30.0]); return t",
    "t = a.clone(); t[m] = c[m]; return t",
    "t = a.clone(); t[:, j] = c; return t",
    "t = a.clone(); t[[0, 1], [2, 0]] = torch.tensor([7.0, 8.0]); return t",
    "t = torch.zeros(3, 4); t[j, 0] = v; return t",
    "t = torch.zeros(2, 3); t[torch.arange(2), k[:, 0]] = 1; return t",
    "t = x.clone(); t[:, 1:3, 0] = 0.5; return t",
    "t = x.clone(); t[..., -1] = a[:, :1]; return t",
    "t = x.clone(); t[0, :2] = v; return t",
    "t = x.clone(); t[:, ::2] = 0; return t",
    "t = x.clone(); t[1, 1:3, :2] = torch.ones(2, 2); return t",
    "t = a.clone(); u2 = t[0]; u2 += 1; return t",
    "t = a.clone(); u2 = t[0]; u2.mul_(2); return t, u2",
    "t = a.clone(); u2 = t.view(-1); u2[0] = 9; return t",
    "t = a.clone(); u2 = t.T; u2[0] = 9; return t",
    "t = a.clone(); u2 = t.T; u2 += v[:, None]; return t, u2",
    "t = a.clone(); u2 = t.t()[1:]; u2.zero_(); return t",
    "t = a.clone(); u2 = t.reshape(3, 2); u2[0] = 0; return t",
    "t = a.clone(); u2 = t.T.reshape(-1); u2[0] = 100; return t",
    "t = a.clone(); u2 = t.T.contiguous(); u2[0] = 100; return t",
    "t = a.clone(); u2 = t.contiguous(); u2[0] = 100; return t",
    "t = a.clone(); u2 = t + 0; u2[0] = 100; return t",
    "t = a.clone(); u2 = t; t = t + 1; return u2, t",
    "t = a.clone(); u2 = t; t += 1; return u2, t",
    "t = a.clone(); u2 = t.detach(); u2 += 1; return t",
    "t = a.clone(); u2 = t.data; u2.fill_(3); return t",
    "t = a.clone(); u2 = t[0][1:]; u2[0] = 5; return t",
    "t = x.clone(); p1, p2 = t.chunk(2, dim=1); p1 *= 0; return t",
    "t = x.clone(); parts = t.split(1, dim=2); parts[1].fill_(4); return t",
    "t = x.clone(); rows = t.unbind(1); rows[2].add_(100); return t",
    "t = x.clone(); t.permute(2, 0, 1)[0] = 7; return t",
    "t = x.clone(); t.transpose(1, 2)[:, 0, 1:3] = -1; return t",
    "t = x.clone(); t.flatten(1)[:, 5] = 50; return t",
    "t = x.clone(); t.unsqueeze(1)[:, 0, 0] = 3; return t",
    "t = x.clone(); t.select(1, 0).copy_(a); return t",
    "t = x.clone(); t.narrow(1, 1, 2).copy_(torch.ones(2, 3)); return t",
    "t = torch.zeros(3, 3); t.diagonal().fill_(2); return t",
    "t = torch.zeros(3, 3); t.diagonal().copy_(v); return t",
    "t = torch.zeros(3, 3); t.fill_diagonal_(1.5); return t",
    "t = a.clone(); t.masked_fill_(m, 9.0); return t",
    "t = a.clone(); t.clamp_(-0.5, 0.5); return t",
    "t = a.clone(); t.add_(c, alpha=2).mul_(0.5); return t",
    "t = a.clone(); t.sub_(1).div_(2).neg_(); return t",
    "t = p.clone(); t.sqrt_().exp_(); return t",
    "t = a.clone(); t.copy_(v); return t",
    "t = a.clone(); t.copy_(i); return t",
    "t = i.clone(); t.copy_(a); return t",
    "t = a.clone(); t.scatter_(1, k[:, :1], 9.0); return t",
    "t = torch.zeros(2, 3); t.scatter_add_(1, k, a); return t",
    "t = a.clone(); t.index_add_(1, j, c); return t",
    "t = a.clone(); t.unsqueeze_(0); return t.shape, t",
    "t = a.clone(); t.squeeze_(); t.t_(); return t",
    "t = a.clone(); t.transpose_(0, 1); t[0] = 1; return t",
    "t = a.clone(); t -= v; t /= 2; t **= 2; return t",
    "t = i.clone(); t += 1; t *= 2; t //= 3; return t",
    "t = i.clone(); t[0] = 2.7; return t",
    "t = m.clone(); t[:, 0] = False; t |= n; return t",
    "t = m.clone(); t &= n; return t",
    "t = torch.empty(2, 3); t[:] = a; return t",
    "t = torch.empty(2, 3); t[...] = 1; t[1] = v; return t",
    "t = torch.zeros(4); t[1:3] = torch.tensor([1, 2]); return t",
    "t = torch.zeros(2, 4, 3); t[:, :2] = x[:, 2:]; return t",
    "t = torch.full((3, 3), float('-inf')); t.triu_(1); return t",
    "t = torch.empty(3, 3).fill_(float('-inf')).triu_(1); return t",
    "t = x.clone(); t2 = t[:, 1:]; t3 = t2[:, 1:]; t3[0] = 0; t2[1] = 1; return t, t2, t3",
    "t = a.clone(); before = t.clone(); t.zero_(); return before, t",
    "t = a.clone(); e = t.expand(4, 2, 3); t[0] = 1; return e",
    "t = a.clone(); z = t[:, None]; t += 1; return z",
    "q = torch.zeros(4, 3); q[1:3, :] = a; return q",
    "q = spread = torch.arange(12.0).view(3, 4); q[:, 1:3] = q[:, 1:3].flip(1); return q",
    "q = torch.arange(6.0); q[1:] = q[:-1].clone(); return q",
    "q = torch.arange(12.0).view(4, 3).T; q[1, 2:] = -1; return q, q.is_contiguous()",
    "queue = torch.zeros(3, 6); ptr = 2; queue[:, ptr:ptr + 2] = a.T; return queue",
    "if (a > 0).any(): return a\nreturn c",
    "if a.sum() > 100: return a\nreturn c",
    "total = 0\nfor row in a:\n    total = total + row.max()\nreturn total",
    "out = []\nfor ids in i:\n    out.append([int(t) for t in ids if t > 1])\nreturn out",
    "n0 = int((i > 2).sum()); return torch.zeros(n0)",
    "return max(a.flatten().tolist())",
    "return float(s), int(i[0, 0]), bool(m[0, 0])",
    "best = i.argmax(-1); return x[torch.arange(x.shape[0]), best % 4] @ b",
    "w2 = torch.exp(-torch.arange(0, 4, dtype=torch.float32) / 4); ang = i[0].float()[:, None] * w2[None]; return torch.cat([ang.cos(), ang.sin()], -1)",
    "mask = torch.triu(torch.full((4, 4), float('-inf')), diagonal=1); return F.softmax(x @ y + mask, -1)",
    "logits = a @ c.T; labels = torch.arange(2); return (F.cross_entropy(logits, labels) + F.cross_entropy(logits.T, labels)) / 2",
    "mean = x.mean(-1, keepdim=True); var = x.var(-1, unbiased=False, keepdim=True); return (x - mean) / (var + 1e-5).sqrt()",
    "q, k2, v2 = x.repeat(1, 1, 3).chunk(3, dim=-1); return q + k2 - v2",
    "h = x.view(2, 4, 3, 1).permute(0, 2, 1, 3); return h.reshape(6, 4), h.shape",
    "att = x @ x.transpose(-2, -1); att = att.masked_fill(torch.tril(torch.ones(4, 4)) == 0, float('-inf')); return att.softmax(-1)",
    "lens = [2, 3]; out = torch.zeros(2, 3)\nfor r, l in enumerate(lens):\n    out[r, :l] = v[:l]\nreturn out",
    "ema = a.clone(); ema.mul_(0.9).add_(c, alpha=0.1); return ema",
    "ps = nn.Parameter(a.clone()); ps.data = ps.data * 0.5 + c * 0.5; return ps",
    "ps = nn.Parameter(a.clone()); ps.data.copy_(c); return ps",
    "with torch.no_grad():\n    t = a * 2\nreturn t",
    "torch.manual_seed(3); return torch.randint(0, 10, (6,))",
    "torch.manual_seed(3); return torch.rand(5)",
    "torch.manual_seed(3); return torch.randperm(6)",
    "torch.manual_seed(3); return torch.randn(4)",
    "torch.manual_seed(3); return torch.randn(2, 10)",
    "torch.manual_seed(3); return torch.randn(16), torch.rand(2)",
    "g = torch.Generator().manual_seed(5); return torch.randn(3, generator=g), torch.rand(2, generator=g)",
]

# What torch raises; the class is compared.
COMPOSED = """
torch.nanmean(torch.where(m, a, torch.tensor(float('nan'))), 1) | torch.nanmean(a) | torch.msort(a) | torch.diff(a) | torch.diff(a, n=2) | torch.diff(i, dim=0) | torch.diff(m.int()) | torch.diff(v, prepend=torch.zeros(1)) | torch.vdot(v, v) | torch.inner(a, c) | torch.inner(x, a) | torch.inner(v, v)
torch.chain_matmul(a, b) | torch.linalg.multi_dot([a, b, b.T]) | torch.addr(torch.ones(3, 4), v, u, beta=2, alpha=0.5) | torch.diagflat(a) | torch.dstack((a, c)) | torch.dstack((v, v)) | torch.column_stack((v, a.T)) | torch.hsplit(b, 2) | torch.hsplit(v, 3) | torch.vsplit(b, [1])
torch.heaviside(torch.tensor([-1.0, 0.0, 2.0]), v) | torch.hypot(a, c) | torch.hypot(torch.tensor([0.0, 3e30]), torch.tensor([0.0, 4e30])) | torch.logaddexp(a, c) | torch.logaddexp(torch.tensor([float('-inf'), 1.0, float('inf')]), torch.tensor([float('-inf'), float('-inf'), float('inf')])) | torch.logcumsumexp(a, 1)
torch.sinc(a) | torch.sinc(torch.tensor([0.0, 1.0, 0.5])) | torch.deg2rad(a) | torch.rad2deg(a) | torch.isposinf(a / 0) | torch.isneginf(a / 0) | torch.xlogy(p, p) | torch.xlogy(torch.tensor([0.0, 0.0]), torch.tensor([0.0, float('nan')])) | torch.special.xlog1py(a, p) | torch.special.logit(p / 5) | torch.fmax(a, c) | torch.fmin(torch.tensor([float('nan'), 1.0]), torch.tensor([2.0, float('nan')]))
torch.cov(a) | torch.cov(v) | torch.corrcoef(a) | torch.trapz(v) | torch.trapezoid(a, torch.tensor([0.0, 1.0, 3.0])) | torch.searchsorted(torch.tensor([1.0, 3.0, 5.0]), p) | torch.searchsorted(torch.tensor([[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]), torch.tensor([[3.0, 6.0], [3.0, 4.0]]), right=True) | torch.searchsorted(torch.tensor([1, 3, 5]), 3) | torch.bucketize(a, torch.tensor([-0.5, 0.0, 0.5])) | torch.bucketize(i, torch.tensor([1, 5]))
F.hinge_embedding_loss(a, torch.sign(c)) | F.soft_margin_loss(a, torch.sign(c)) | F.multilabel_soft_margin_loss(a, m.float()) | F.poisson_nll_loss(a, p) | F.gaussian_nll_loss(a, c, p, full=True) | F.channel_shuffle(torch.arange(8.0).reshape(1, 4, 2), 2) | F.affine_grid(y[:, :2, :3], (2, 1, 3, 4), align_corners=True) | F.affine_grid(y[:, :2, :3], (2, 1, 3, 4), align_corners=False)
torch.full((1,), -1, dtype=torch.uint8) | torch.tensor([-1], dtype=torch.uint8) | torch.tensor([1e300]) | a.masked_fill(m, float('inf')) | a * 1e300 | torch.full((1,), torch.finfo(torch.float32).min)
"""

RAISES = """
torch.full((2,), 1e300) | a.clone().fill_(1e300) | a.masked_fill(m, -1e300) | torch.full((1,), 300, dtype=torch.uint8) | torch.tensor([300], dtype=torch.uint8) | torch.tensor([2 ** 31], dtype=torch.int32) | torch.full((1,), 1e5, dtype=torch.float16)
a @ a | a + u | a.view(4) | a.reshape(7) | x.transpose(1, 2).view(2, 12) | a[5] | a[:, 7] | a[0, 0, 0] | torch.cat([a, b]) | torch.stack([a, b]) | a.sum(5) | a.unsqueeze(7) | i.mean() | a.expand(4, 4) | x.permute(0, 1) | b[i] | a.squeeze(4) | F.linear(a, torch.ones(2, 4)) | F.embedding(a, b)
a.gather(1, k + 9) | bool(a) | int(a) | a.item() | len(s) | list(s) | torch.zeros(-1) | m - m | -m | a[1.5] | torch.tensor([[1, 2], [3]]) | i ** -1 | torch.arange(0, 5, -1) | a.clone().add_(x) | i.clone().add_(0.5) | x.split([1, 1], dim=1) | torch.einsum('ij,jk->ik', a, a) | a.view(-1, -1) | F.conv2d(img, torch.ones(1, 3, 1, 1)) | torch.bmm(a, a) | a.expand(4, 2, 3).add_(1) | torch.zeros(2)['x']
a.nothing_like_that | torch.softmax(i, 0) | a.chunk(0) | torch.cat([]) | F.layer_norm(a, (4,)) | a.topk(9) | a.masked_fill(i, 0) | range(a) | a[n[:2]] if False else a[n, :] | [1, 2][s] | x.flatten(2, 1) | torch.finfo(torch.int64) | nn.Linear(3, 2)(b.T[:, :2])
"""

# What torch computes and the tracer refuses by name: (snippet, part of what it says).
REFUSES = [
    ("torch.svd(a)", "torch.svd"),
    ("torch.linalg.inv(a @ a.T)", "inv"),
    ("torch.fft.fft(a)", "fft"),
    ("torch.randn(3) + v", "random"),
    ("torch.empty(3) + v", "uninitialised"),
    ("torch.bernoulli(p / 4)", "random"),
    ("F.dropout(a, 0.5, training=True)", "dropout"),
    ("torch.add(a, c, out=torch.empty(2, 3))", "out"),
    ("i << 1", "<<"),
    ("i & 3", "bitwise"),
    ("F.max_pool2d(img, 2, return_indices=True)", "return_indices"),
    ("torch.complex(a, c)", "complex"),
    ("a.sum().backward()", "backward"),
    ("F.embedding(j, b, max_norm=1.0)", "max_norm"),
    ("torch.cdist(a, c, p=1.0)", "p"),
    ("torch.multinomial(p, 1)", "random"),
    ("torch.quantile(a, 0.5)", "quantile"),
    ("torch.histc(a)", "histc"),
    ("torch.load('weights.pt') if False else torch.stft(v, 2)", "stft"),
    ("F.grid_sample(img, torch.zeros(1, 2, 2, 2))", "grid_sample"),
]


def lines(text):
    # `|` between snippets has blanks around it; a bitwise or is written `m | n` and marked with `;` below.
    for line in text.strip().splitlines():
        yield from (s.strip() for s in line.split(" | "))


def describe(value):
    if isinstance(value, torch.Tensor):
        flat = value.detach().reshape(-1).tolist()
        return {"tensor": str(value.dtype).split(".")[1], "shape": list(value.shape), "values": [number(v) for v in flat]}
    if isinstance(value, (torch.Size, tuple)):
        return {"tuple": [describe(v) for v in value]}
    if isinstance(value, list):
        return {"list": [describe(v) for v in value]}
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return {"value": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": number(value)}
    if isinstance(value, torch.dtype):
        return {"text": str(value)}
    raise TypeError(f"cannot describe {type(value)}")


def number(v):
    if isinstance(v, bool):
        return int(v)
    if isinstance(v, int):
        return v
    if v != v:
        return "NaN"
    if v in (float("inf"), float("-inf")):
        return "Infinity" if v > 0 else "-Infinity"
    return float(f"{v:.9g}")


def run(body):
    code = "def snippet(" + ", ".join(INPUTS) + "):\n" + textwrap.indent(body, "    ")
    scope = {"torch": torch, "nn": nn, "F": F}
    exec(code, scope)
    return scope["snippet"](**{name: t.clone() for name, t in INPUTS.items()})


def main():
    snippets = []
    failures = []

    def add(group, code, **more):
        body = code if "return " in code else f"return {code}"
        body = body.replace("; ", "\n") if "\n" not in body else body.replace("; ", "\n")
        entry = {"group": group, "code": body, **more}
        if "refuses" not in more:
            try:
                value = run(body)
            except Exception as error:
                if group != "raises":
                    failures.append(f"{group}: {body}\n  {type(error).__name__}: {error}")
                    return
                entry["raises"] = type(error).__name__
            else:
                if group == "raises":
                    print("torch does not raise:", body)
                    return
                entry["expected"] = describe(value)
        snippets.append(entry)

    groups = {
        "pointwise": POINTWISE,
        "reductions": REDUCTIONS,
        "shapes": SHAPES,
        "creation": CREATION,
        "linalg": LINALG,
        "indexing": INDEXING,
        "nn": NN,
        "composed": COMPOSED,
        "raises": RAISES,
    }
    for group, text in groups.items():
        for code in lines(text.replace("m | n ; m ^ n", "torch.bitwise_or(m, n) | m ^ n")):
            add(group, code)
    add("pointwise", "return m.__or__(n)" if False else "return (m\n        | n)")
    for code in PROGRAMS:
        add("programs", code)
    for code, part in REFUSES:
        add("refuses", code, refuses=part)
    if failures:
        raise SystemExit("\n".join(failures))
    seen = set()
    unique = [s for s in snippets if not (s["code"] in seen or seen.add(s["code"]))]
    path = os.path.join(os.path.dirname(__file__), "..", "fixtures", "torch-snippets.json")
    with open(path, "w") as file:
        file.write('{"torch": "%s",\n"inputs": {\n' % torch.__version__)
        file.write(",\n".join(f"{json.dumps(name)}: {json.dumps(describe(t))}" for name, t in INPUTS.items()))
        file.write('\n},\n"snippets": [\n')
        file.write(",\n".join(json.dumps(s) for s in unique))
        file.write("\n]}\n")
    print(len(unique), "snippets")


if __name__ == "__main__":
    main()
