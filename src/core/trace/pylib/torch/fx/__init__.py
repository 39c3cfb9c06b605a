"""Graph capture of PyTorch's own: its decorators leave functions as they are."""


def wrap(function):
    return function


def symbolic_trace(*args, **kwargs):
    refuse("torch.fx.symbolic_trace is not supported")
