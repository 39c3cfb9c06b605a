"""torch.functional, and functions of torch that are written in terms of others."""

from ._native import Tensor, einsum, meshgrid, norm


def from_numpy(array):
    if not hasattr(array, "tensor"):
        raise TypeError(f"expected np.ndarray (got {type(array).__name__})")
    return array.tensor


def numel(input):
    return input.numel()


def vmap(function, in_dims=0, out_dims=0, **options):
    refuse("torch.vmap is not supported; write the batch dimension out")
