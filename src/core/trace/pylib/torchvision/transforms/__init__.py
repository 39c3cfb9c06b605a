"""Transforms of pictures that are already tensors."""

from . import functional
from .functional import InterpolationMode


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, img):
        for transform in self.transforms:
            img = transform(img)
        return img


class Normalize:
    def __init__(self, mean, std, inplace=False):
        self.mean = mean
        self.std = std
        self.inplace = inplace

    def __call__(self, tensor):
        return self.forward(tensor)

    def forward(self, tensor):
        return functional.normalize(tensor, self.mean, self.std, self.inplace)


class Lambda:
    def __init__(self, lambd):
        self.lambd = lambd

    def __call__(self, img):
        return self.lambd(img)


class _Refused:
    def __init__(self, *args, **kwargs):
        refuse(f"torchvision.transforms.{type(self).__name__} is not supported: pictures come in as tensors of the right size")


class Resize(_Refused):
    pass


class CenterCrop(_Refused):
    pass


class RandomResizedCrop(_Refused):
    pass


class RandomCrop(_Refused):
    pass


class RandomHorizontalFlip(_Refused):
    pass


class RandomApply(_Refused):
    pass


class ColorJitter(_Refused):
    pass


class Grayscale(_Refused):
    pass


class ToTensor(_Refused):
    pass


class ToPILImage(_Refused):
    pass


class PILToTensor(_Refused):
    pass


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision.transforms' has no attribute '{name}'")
    refuse(f"torchvision.transforms.{name} is not supported")
