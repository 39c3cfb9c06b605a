"""Functions of torch that change how fast or how verbosely things run, never what comes out; and files, which do not exist here."""


def compile(model=None, **options):
    if model is None:
        return lambda function: function
    return model


def load(*args, **kwargs):
    refuse("torch.load: files cannot be read here; weights are assigned by name after construction")


def save(*args, **kwargs):
    refuse("torch.save: files cannot be written here")


def is_autocast_enabled(*args):
    return False


def set_float32_matmul_precision(precision):
    pass


def get_float32_matmul_precision():
    return "highest"


def set_num_threads(count):
    pass


def set_printoptions(*args, **kwargs):
    pass


def use_deterministic_algorithms(*args, **kwargs):
    pass


def set_default_device(device):
    pass
