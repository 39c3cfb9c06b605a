"""There is no GPU as far as Python can see."""

from . import amp


def is_available():
    return False


def device_count():
    return 0


def is_bf16_supported(*args):
    return False


def current_device():
    raise RuntimeError("No CUDA GPUs are available")


def get_device_name(device=None):
    raise RuntimeError("No CUDA GPUs are available")


def get_device_capability(device=None):
    raise RuntimeError("No CUDA GPUs are available")


def set_device(device):
    pass


def synchronize(device=None):
    pass


def empty_cache():
    pass


def manual_seed(seed):
    pass


def manual_seed_all(seed):
    pass


def is_initialized():
    return False
