"""One process, rank 0 of 1: gathering is the identity."""

from . import nn


class ReduceOp:
    SUM = "sum"
    AVG = "avg"
    PRODUCT = "product"
    MIN = "min"
    MAX = "max"


class group:
    WORLD = None


class _Done:
    """What an asynchronous operation hands back."""

    def wait(self):
        return True

    def is_completed(self):
        return True


class P2POp:
    def __init__(self, *args, **kwargs):
        refuse("torch.distributed.P2POp: there is one process only")


def is_available():
    return True


def is_initialized():
    return False


def is_nccl_available():
    return False


def get_rank(group=None):
    return 0


def get_world_size(group=None):
    return 1


def get_backend(group=None):
    return "gloo"


def init_process_group(*args, **kwargs):
    pass


def destroy_process_group(*args, **kwargs):
    pass


def barrier(*args, **kwargs):
    pass


def all_reduce(tensor, op=ReduceOp.SUM, group=None, async_op=False):
    return _Done() if async_op else None


def reduce(tensor, dst=0, op=ReduceOp.SUM, group=None, async_op=False):
    return _Done() if async_op else None


def broadcast(tensor, src=0, group=None, async_op=False):
    if src != 0:
        raise ValueError(f"broadcast from rank {src} in a world of one process")
    return _Done() if async_op else None


def all_gather(tensor_list, tensor, group=None, async_op=False):
    if len(tensor_list) != 1:
        raise ValueError(f"all_gather into {len(tensor_list)} tensors in a world of one process")
    tensor_list[0].copy_(tensor)
    return _Done() if async_op else None


def all_gather_into_tensor(output_tensor, input_tensor, group=None, async_op=False):
    output_tensor.copy_(input_tensor.reshape(output_tensor.shape))
    return _Done() if async_op else None


def all_gather_object(object_list, obj, group=None):
    object_list[0] = obj


def isend(*args, **kwargs):
    refuse("torch.distributed.isend: there is one process only")


def irecv(*args, **kwargs):
    refuse("torch.distributed.irecv: there is one process only")


def batch_isend_irecv(*args, **kwargs):
    refuse("torch.distributed.batch_isend_irecv: there is one process only")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.distributed' has no attribute '{name}'")
    refuse(f"torch.distributed.{name} is not supported")
