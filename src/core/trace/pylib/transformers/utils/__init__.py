"""Helpers: outputs with names, decorators that only write documentation, logging."""

from . import logging
from .generic import ModelOutput


def _unchanged(*args, **kwargs):
    return lambda function: function


add_start_docstrings = _unchanged
add_start_docstrings_to_model_forward = _unchanged
add_end_docstrings = _unchanged
add_code_sample_docstrings = _unchanged
replace_return_docstrings = _unchanged


def is_torch_available():
    return True


def is_flash_attn_2_available():
    return False


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'transformers.utils' has no attribute '{name}'")
    refuse(f"transformers.utils.{name} is not supported")
