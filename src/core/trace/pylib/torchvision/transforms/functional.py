"""Functions on pictures that are already tensors [..., C, H, W]."""

import torch


class InterpolationMode:
    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


def normalize(tensor, mean, std, inplace=False):
    mean = torch.tensor(mean, dtype=tensor.dtype).reshape(-1, 1, 1)
    std = torch.tensor(std, dtype=tensor.dtype).reshape(-1, 1, 1)
    result = (tensor - mean) / std
    if inplace:
        tensor.copy_(result)
        return tensor
    return result


def resize(*args, **kwargs):
    refuse("torchvision.transforms.functional.resize is not supported; use torch.nn.functional.interpolate")


def pad(*args, **kwargs):
    refuse("torchvision.transforms.functional.pad is not supported; use torch.nn.functional.pad")


def crop(img, top, left, height, width):
    return img[..., top : top + height, left : left + width]


def center_crop(img, output_size):
    height, width = (output_size, output_size) if isinstance(output_size, int) else tuple(output_size)
    if img.shape[-2] < height or img.shape[-1] < width:
        refuse("torchvision.transforms.functional.center_crop of a picture smaller than the crop is not supported")
    top, left = int(round((img.shape[-2] - height) / 2.0)), int(round((img.shape[-1] - width) / 2.0))
    return crop(img, top, left, height, width)


def hflip(img):
    return img.flip(-1)


def vflip(img):
    return img.flip(-2)


def get_dimensions(img):
    return list(img.shape[-3:])


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision.transforms.functional' has no attribute '{name}'")
    refuse(f"torchvision.transforms.functional.{name} is not supported")
