"""Tokenizers need vocabulary files, which do not exist here. Token ids come in as tensors."""


class PreTrainedTokenizer:
    def __init__(self, *args, **kwargs):
        refuse(f"{type(self).__name__}: tokenizers need vocabulary files, which cannot be read here; pass token ids")

    @classmethod
    def from_pretrained(cls, name, *args, **kwargs):
        refuse(f"{cls.__name__}.from_pretrained: tokenizers need vocabulary files, which cannot be read here; pass token ids")


class PreTrainedTokenizerFast(PreTrainedTokenizer):
    pass


class BertTokenizer(PreTrainedTokenizer):
    pass


class BertTokenizerFast(PreTrainedTokenizer):
    pass


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'transformers.tokenization_utils' has no attribute '{name}'")
    refuse(f"transformers.tokenization_utils.{name} is not supported")
