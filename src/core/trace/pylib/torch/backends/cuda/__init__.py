class _Matmul:
    allow_tf32 = False
    allow_fp16_reduced_precision_reduction = False


matmul = _Matmul()


class sdp_kernel:
    """Chooses among attention kernels that compute the same."""

    def __init__(self, enable_flash=True, enable_math=True, enable_mem_efficient=True, enable_cudnn=True):
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        return False


def is_built():
    return False


def enable_flash_sdp(enabled):
    pass


def enable_math_sdp(enabled):
    pass


def enable_mem_efficient_sdp(enabled):
    pass
