"""Helpers around loading of weights."""


def named_apply(fn, module, name="", depth_first=True, include_root=False):
    if not depth_first and include_root:
        fn(module=module, name=name)
    for child_name, child in module.named_children():
        path = f"{name}.{child_name}" if name else child_name
        named_apply(fn, child, path, depth_first, include_root=True)
    if depth_first and include_root:
        fn(module=module, name=name)
    return module


def adapt_input_conv(in_chans, conv_weight):
    refuse("timm.models.helpers.adapt_input_conv: pretrained weights cannot be read here")


def load_custom_pretrained(*args, **kwargs):
    refuse("timm.models.helpers.load_custom_pretrained: files cannot be read here")


def load_pretrained(*args, **kwargs):
    refuse("timm.models.helpers.load_pretrained: files cannot be read here")


def group_parameters(*args, **kwargs):
    refuse("timm.models.helpers.group_parameters is not supported")


def group_modules(*args, **kwargs):
    refuse("timm.models.helpers.group_modules is not supported")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'timm.models.helpers' has no attribute '{name}'")
    refuse(f"timm.models.helpers.{name} is not supported")
