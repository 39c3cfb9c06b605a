"""Initialisers under timm's names."""

import math

from torch.nn import init


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    return init.trunc_normal_(tensor, mean, std, a, b)


trunc_normal_tf_ = trunc_normal_


def variance_scaling_(tensor, scale=1.0, mode="fan_in", distribution="normal"):
    fan_in, fan_out = init._calculate_fan_in_and_fan_out(tensor)
    fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
    variance = scale / fans[mode]
    if distribution == "truncated_normal":
        return init.trunc_normal_(tensor, std=math.sqrt(variance) / 0.87962566103423978)
    if distribution == "normal":
        return init.normal_(tensor, std=math.sqrt(variance))
    if distribution == "uniform":
        bound = math.sqrt(3 * variance)
        return init.uniform_(tensor, -bound, bound)
    raise ValueError(f"invalid distribution {distribution}")


def lecun_normal_(tensor):
    return variance_scaling_(tensor, mode="fan_in", distribution="truncated_normal")
