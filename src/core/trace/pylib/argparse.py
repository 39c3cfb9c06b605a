"""Command lines do not exist in a traced run."""


class Namespace:
    def __init__(self, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'argparse' has no attribute '{name}'")
    refuse(f"argparse.{name} is not supported.", f"argparse.{name}")
