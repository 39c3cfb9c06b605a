"""torch.linalg: norms and products. Decompositions are refused by name."""

from . import _native as _torch


def vector_norm(x, ord=2, dim=None, keepdim=False, *, dtype=None, out=None):
    if out is not None:
        refuse("torch.linalg.vector_norm(out=...) is not supported")
    if dtype is not None:
        x = x.to(dtype)
    if dim is None:
        shape = (1,) * x.dim()
        result = _norm_over(x.reshape(-1), ord, 0, False)
        return result.reshape(shape) if keepdim else result
    return _norm_over(x, ord, dim, keepdim)


def _norm_over(x, ord, dim, keepdim):
    size = x.abs()
    if ord == float("inf"):
        return size.amax(dim=dim, keepdim=keepdim)
    if ord == float("-inf"):
        return size.amin(dim=dim, keepdim=keepdim)
    if ord == 0:
        return (x != 0).to(x.dtype).sum(dim=dim, keepdim=keepdim)
    if ord == 1:
        return size.sum(dim=dim, keepdim=keepdim)
    if ord == 2:
        return (x * x).sum(dim=dim, keepdim=keepdim).sqrt()
    return size.pow(ord).sum(dim=dim, keepdim=keepdim).pow(1.0 / ord)


def norm(A, ord=None, dim=None, keepdim=False, *, out=None, dtype=None):
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype, out=out)
    if isinstance(ord, str):
        if ord == "fro":
            return vector_norm(A, 2, dim, keepdim, dtype=dtype, out=out)
        refuse(f"torch.linalg.norm(ord='{ord}') is not supported")
    is_matrix = (dim is None and A.dim() == 2) or (isinstance(dim, (tuple, list)) and len(dim) == 2)
    if is_matrix:
        refuse(f"torch.linalg.norm(ord={ord}) of matrices is not supported; only the Frobenius norm is")
    return vector_norm(A, ord, dim, keepdim, dtype=dtype, out=out)


def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None, out=None):
    if ord != "fro":
        refuse(f"torch.linalg.matrix_norm(ord={ord!r}) is not supported; only 'fro' is")
    return vector_norm(A, 2, dim, keepdim, dtype=dtype, out=out)


def matmul(input, other):
    return _torch.matmul(input, other)


def multi_dot(tensors, *, out=None):
    product = tensors[0]
    for tensor in tensors[1:]:
        product = product @ tensor
    return product


def vecdot(x, y, *, dim=-1, out=None):
    return (x * y).sum(dim=dim)


def diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    return _torch.diagonal(A, offset, dim1, dim2)


def _refused(name):
    def decomposition(*args, **kwargs):
        refuse(f"torch.linalg.{name} is not supported")

    return decomposition


svd = _refused("svd")
svdvals = _refused("svdvals")
qr = _refused("qr")
eig = _refused("eig")
eigh = _refused("eigh")
eigvals = _refused("eigvals")
eigvalsh = _refused("eigvalsh")
cholesky = _refused("cholesky")
inv = _refused("inv")
pinv = _refused("pinv")
det = _refused("det")
slogdet = _refused("slogdet")
solve = _refused("solve")
lstsq = _refused("lstsq")
matrix_power = _refused("matrix_power")
matrix_rank = _refused("matrix_rank")
matrix_exp = _refused("matrix_exp")
cross = _refused("cross")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.linalg' has no attribute '{name}'")
    refuse(f"torch.linalg.{name} is not supported")
