"""pack and unpack: several tensors as one, along an axis written `*`."""

import torch

from ._patterns import EinopsError


def _around_star(pattern):
    names = pattern.split()
    if names.count("*") != 1:
        raise EinopsError(f"No *-axis in {pattern}" if "*" not in names else f"More than one *-axis in {pattern}")
    if len(set(names)) != len(names):
        raise EinopsError(f"Duplicates in axes names in pack(..., \"{pattern}\")")
    before = names.index("*")
    return before, len(names) - before - 1


def pack(tensors, pattern):
    before, after = _around_star(pattern)
    flat, shapes = [], []
    for position, tensor in enumerate(tensors):
        shape = tensor.shape
        if len(shape) < before + after:
            raise EinopsError(
                f"packed tensor #{position} (enumeration starts with 0) has shape {shape}, "
                f"while pattern {pattern} assumes at least {before + after} axes"
            )
        stop = len(shape) - after
        shapes.append(shape[before:stop])
        flat.append(tensor.reshape(*shape[:before], -1, *shape[stop:]))
    return torch.cat(flat, dim=before), shapes


def _product(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product


def unpack(tensor, packed_shapes, pattern):
    before, after = _around_star(pattern)
    shape = tensor.shape
    if len(shape) != before + after + 1:
        raise EinopsError(f"unpack(..., {pattern}) received input of wrong dim with shape {shape}")
    lengths = [-1 if -1 in sizes else _product(sizes) for sizes in packed_shapes]
    if lengths.count(-1) > 1:
        raise EinopsError(f"unpack received more than one -1 in {packed_shapes} and can't infer dimensions")
    total = shape[before]
    if -1 in lengths:
        unknown = lengths.index(-1)
        lengths[unknown] = total - sum(length for length in lengths if length != -1)
    if sum(lengths) != total or min(lengths + [0]) < 0:
        raise EinopsError(f"Failure during unpack(..., \"{pattern}\", {packed_shapes}) with tensor of shape {shape}")
    parts, start = [], 0
    for sizes, length in zip(packed_shapes, lengths):
        part = tensor.narrow(before, start, length)
        start += length
        parts.append(part.reshape(*shape[:before], *sizes, *shape[before + 1:]))
    return parts
