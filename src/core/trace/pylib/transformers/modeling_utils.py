"""The base class of models, and the helpers that BERT-like files import beside it."""

import torch
from torch import nn


class PreTrainedModel(nn.Module):
    config_class = None
    base_model_prefix = ""
    main_input_name = "input_ids"
    supports_gradient_checkpointing = False

    def __init__(self, config, *inputs, **kwargs):
        super().__init__()
        self.config = config
        self.name_or_path = getattr(config, "name_or_path", "")

    # ---- construction ----------------------------------------------------------------------------------------

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, *args, **kwargs):
        refuse(
            f"{cls.__name__}.from_pretrained: nothing can be read or downloaded here; construct {cls.__name__}(config), "
            "its weights are assigned by name"
        )

    @classmethod
    def _from_config(cls, config, **kwargs):
        return cls(config)

    def _init_weights(self, module):
        pass

    def init_weights(self):
        self.apply(self._init_weights)
        self.tie_weights()

    def post_init(self):
        self.init_weights()

    def save_pretrained(self, *args, **kwargs):
        refuse("PreTrainedModel.save_pretrained: files cannot be written here")

    def gradient_checkpointing_enable(self, *args, **kwargs):
        pass

    def gradient_checkpointing_disable(self):
        pass

    # ---- embeddings ------------------------------------------------------------------------------------------

    @property
    def base_model(self):
        return getattr(self, self.base_model_prefix, self)

    def get_input_embeddings(self):
        base = self.base_model
        if base is not self:
            return base.get_input_embeddings()
        raise NotImplementedError

    def set_input_embeddings(self, value):
        base = self.base_model
        if base is not self:
            base.set_input_embeddings(value)
        else:
            raise NotImplementedError

    def get_output_embeddings(self):
        return None

    def tie_weights(self):
        output = self.get_output_embeddings()
        if output is not None and getattr(self.config, "tie_word_embeddings", True):
            output.weight = self.get_input_embeddings().weight

    def resize_token_embeddings(self, new_num_tokens=None, pad_to_multiple_of=None):
        old = self.get_input_embeddings()
        if new_num_tokens is None or new_num_tokens == old.num_embeddings:
            return old
        refuse("PreTrainedModel.resize_token_embeddings: set vocab_size in the configuration instead")

    # ---- masks -----------------------------------------------------------------------------------------------

    @property
    def dtype(self):
        for parameter in self.parameters():
            if parameter.is_floating_point():
                return parameter.dtype
        return torch.float32

    @property
    def device(self):
        for parameter in self.parameters():
            return parameter.device
        return torch.device("cpu")

    def num_parameters(self, only_trainable=False, exclude_embeddings=False):
        return sum(parameter.numel() for parameter in self.parameters())

    def invert_attention_mask(self, encoder_attention_mask):
        """1 for "look", 0 for "do not" -> 0 and -1e9 to add to the scores, as transformers 4.15 had it for float32."""
        if encoder_attention_mask.dim() == 3:
            extended = encoder_attention_mask[:, None, :, :]
        else:
            extended = encoder_attention_mask[:, None, None, :]
        extended = extended.to(dtype=self.dtype)
        least = -1e4 if self.dtype == torch.float16 else -1e9
        return (1.0 - extended) * least

    def get_extended_attention_mask(self, attention_mask, input_shape, device=None, dtype=None):
        if attention_mask.dim() == 3:
            extended = attention_mask[:, None, :, :]
        elif attention_mask.dim() == 2:
            extended = attention_mask[:, None, None, :]
            if getattr(self.config, "is_decoder", False):
                batch, length = input_shape
                positions = torch.arange(length)
                causal = (positions[None, None, :].repeat(batch, length, 1) <= positions[None, :, None]).to(attention_mask.dtype)
                if causal.shape[1] < attention_mask.shape[1]:
                    prefix = attention_mask.shape[1] - causal.shape[1]
                    causal = torch.cat([torch.ones((batch, length, prefix), dtype=causal.dtype), causal], dim=-1)
                extended = causal[:, None, :, :] * extended
        else:
            raise ValueError(f"Wrong shape for input_ids (shape {input_shape}) or attention_mask (shape {attention_mask.shape})")
        extended = extended.to(dtype=self.dtype)
        return (1.0 - extended) * -10000.0

    def get_head_mask(self, head_mask, num_hidden_layers, is_attention_chunked=False):
        if head_mask is None:
            return [None] * num_hidden_layers
        if head_mask.dim() == 1:
            head_mask = head_mask[None, None, :, None, None].expand(num_hidden_layers, -1, -1, -1, -1)
        elif head_mask.dim() == 2:
            head_mask = head_mask[:, None, :, None, None]
        head_mask = head_mask.to(dtype=self.dtype)
        return head_mask.unsqueeze(-1) if is_attention_chunked else head_mask

    # ---- generation ------------------------------------------------------------------------------------------

    def generate(self, *args, **kwargs):
        refuse("generate(): text generation of transformers is not supported; call forward step by step")

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        return {"input_ids": input_ids}


def apply_chunking_to_forward(forward_fn, chunk_size, chunk_dim, *input_tensors):
    """forward_fn on slices along chunk_dim, put together again; chunk_size 0 means all at once."""
    if len(input_tensors) == 0:
        raise ValueError(f"{input_tensors} has to be a tuple/list of tensors")
    if chunk_size <= 0:
        return forward_fn(*input_tensors)
    length = input_tensors[0].shape[chunk_dim]
    for tensor in input_tensors:
        if tensor.shape[chunk_dim] != length:
            raise ValueError(f"All input tenors have to be of the same shape: {length}, found shape {tensor.shape[chunk_dim]}")
    if length % chunk_size != 0:
        raise ValueError(f"The dimension to be chunked {length} has to be a multiple of the chunk size {chunk_size}")
    chunks = [tensor.split(chunk_size, dim=chunk_dim) for tensor in input_tensors]
    return torch.cat([forward_fn(*parts) for parts in zip(*chunks)], dim=chunk_dim)


def find_pruneable_heads_and_indices(heads, n_heads, head_size, already_pruned_heads):
    refuse("find_pruneable_heads_and_indices: pruning of heads is not supported")


def prune_linear_layer(layer, index, dim=0):
    refuse("prune_linear_layer: pruning of heads is not supported")


prune_layer = prune_linear_layer


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'transformers.modeling_utils' has no attribute '{name}'")
    refuse(f"transformers.modeling_utils.{name} is not supported")
