"""The older place of transformers.utils."""

from .utils import (
    ModelOutput,
    add_code_sample_docstrings,
    add_end_docstrings,
    add_start_docstrings,
    add_start_docstrings_to_model_forward,
    is_torch_available,
    replace_return_docstrings,
)


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'transformers.file_utils' has no attribute '{name}'")
    refuse(f"transformers.file_utils.{name} is not supported")
