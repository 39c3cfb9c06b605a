"""The newer place of helpers of transformers.modeling_utils."""

from .modeling_utils import apply_chunking_to_forward, find_pruneable_heads_and_indices, prune_linear_layer
