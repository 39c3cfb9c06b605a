"""Every layer under the name PyTorch gives it; the list is in torch.nn."""


def __getattr__(name):
    from .. import _LAYERS

    if name in _LAYERS:
        from .. import __getattr__ as layer

        return layer(name)
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.nn.modules' has no attribute '{name}'")
    refuse(f"torch.nn.modules.{name} is not known to the tracer; docs/torch-coverage.md lists what is")
