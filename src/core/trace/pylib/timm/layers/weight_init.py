"""Initialisers under timm's names."""

from torch.nn import init


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    return init.trunc_normal_(tensor, mean, std, a, b)


trunc_normal_tf_ = trunc_normal_


def variance_scaling_(tensor, scale=1.0, mode="fan_in", distribution="normal"):
    return init.kaiming_normal_(tensor, mode="fan_in" if mode == "fan_in" else "fan_out", nonlinearity="linear")


def lecun_normal_(tensor):
    return variance_scaling_(tensor)
