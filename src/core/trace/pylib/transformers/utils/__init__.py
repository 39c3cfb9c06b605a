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
