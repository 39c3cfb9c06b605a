"""Families that are known by name only."""

from transformers.configuration_utils import PretrainedConfig
from transformers.modeling_utils import PreTrainedModel


class _RefusedModel(PreTrainedModel):
    def __init__(self, *args, **kwargs):
        refuse(f"transformers.{type(self).__name__} is not supported")


class MistralConfig(PretrainedConfig):
    model_type = "mistral"


class MistralModel(_RefusedModel):
    pass


class MistralForCausalLM(_RefusedModel):
    pass


class MptConfig(PretrainedConfig):
    model_type = "mpt"


class MptModel(_RefusedModel):
    pass


class MptForCausalLM(_RefusedModel):
    pass


class BitsAndBytesConfig:
    def __init__(self, *args, **kwargs):
        refuse("transformers.BitsAndBytesConfig: quantisation is not supported")


class T5TokenizerFast:
    def __init__(self, *args, **kwargs):
        refuse("transformers.T5TokenizerFast: tokenizers need vocabulary files, which cannot be read here; pass token ids")
