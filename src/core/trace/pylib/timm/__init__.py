"""timm: the layers that model files borrow. The model zoo is refused by name."""

__version__ = "1.0.0"


def create_model(model_name, *args, **kwargs):
    refuse(f"timm.create_model('{model_name}'): timm's model zoo is not supported; pass a trunk of your own instead")


def list_models(*args, **kwargs):
    return []


def is_model(model_name):
    return False


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'timm' has no attribute '{name}'")
    refuse(f"timm.{name} is not supported")
