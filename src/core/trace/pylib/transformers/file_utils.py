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
