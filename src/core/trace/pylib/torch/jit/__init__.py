"""TorchScript decorators: the function itself is what runs."""

class _Generic:
    """`torch.jit.Final[bool]` in annotations."""

    def __getitem__(self, item):
        return item


Final = _Generic()


class Attribute:
    def __new__(cls, value, type=None):
        return value


class ScriptModule:
    def __init__(self, *args, **kwargs):
        refuse("torch.jit.ScriptModule: compiled modules are not supported")


class ScriptFunction:
    def __init__(self, *args, **kwargs):
        refuse("torch.jit.ScriptFunction: compiled functions are not supported")


def script(obj=None, *args, **kwargs):
    return (lambda function: function) if obj is None else obj


def script_if_tracing(function):
    return function


def script_method(function):
    return function


def export(function):
    return function


def interface(cls):
    return cls


def ignore(drop=False, **options):
    return drop if callable(drop) else (lambda function: function)


def unused(function):
    return function


def annotate(the_type, value):
    return value


def isinstance(obj, target_type):
    refuse("torch.jit.isinstance is not supported; use isinstance")


def is_scripting():
    return False


def is_tracing():
    return False


def fork(function, *args, **kwargs):
    return function(*args, **kwargs)


def wait(future):
    return future


def load(*args, **kwargs):
    refuse("torch.jit.load: files cannot be read here")


def save(*args, **kwargs):
    refuse("torch.jit.save: files cannot be written here")


def trace(*args, **kwargs):
    refuse("torch.jit.trace is not supported")


def trace_module(*args, **kwargs):
    refuse("torch.jit.trace_module is not supported")
