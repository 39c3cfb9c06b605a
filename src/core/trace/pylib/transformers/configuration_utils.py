"""Configurations: plain attributes with defaults."""

import copy


class PretrainedConfig:
    model_type = ""
    is_composition = False
    attribute_map = {}

    def __init__(self, **kwargs):
        self.return_dict = kwargs.pop("return_dict", True)
        self.output_hidden_states = kwargs.pop("output_hidden_states", False)
        self.output_attentions = kwargs.pop("output_attentions", False)
        self.torch_dtype = kwargs.pop("torch_dtype", None)
        self.pruned_heads = kwargs.pop("pruned_heads", {})
        self.tie_word_embeddings = kwargs.pop("tie_word_embeddings", True)
        self.is_encoder_decoder = kwargs.pop("is_encoder_decoder", False)
        self.is_decoder = kwargs.pop("is_decoder", False)
        self.add_cross_attention = kwargs.pop("add_cross_attention", False)
        self.tie_encoder_decoder = kwargs.pop("tie_encoder_decoder", False)
        self.chunk_size_feed_forward = kwargs.pop("chunk_size_feed_forward", 0)
        self.num_labels = kwargs.pop("num_labels", 2)
        self.problem_type = kwargs.pop("problem_type", None)
        self.bos_token_id = kwargs.pop("bos_token_id", None)
        self.pad_token_id = kwargs.pop("pad_token_id", None)
        self.eos_token_id = kwargs.pop("eos_token_id", None)
        self.sep_token_id = kwargs.pop("sep_token_id", None)
        self.name_or_path = str(kwargs.pop("name_or_path", ""))
        use_return_dict = kwargs.pop("use_return_dict", None)
        if use_return_dict is not None:
            self.return_dict = use_return_dict
        for name, value in kwargs.items():
            setattr(self, name, value)

    @property
    def use_return_dict(self):
        return self.return_dict

    @classmethod
    def from_pretrained(cls, pretrained_model_name_or_path, **kwargs):
        refuse(f"{cls.__name__}.from_pretrained: nothing can be read or downloaded here; write the configuration out")

    @classmethod
    def from_json_file(cls, json_file):
        refuse(f"{cls.__name__}.from_json_file: files cannot be read here; write the configuration out")

    @classmethod
    def from_dict(cls, config_dict, **kwargs):
        merged = dict(config_dict)
        merged.update(kwargs)
        return cls(**merged)

    def update(self, config_dict):
        for name, value in config_dict.items():
            setattr(self, name, value)

    def to_dict(self):
        return copy.deepcopy(self.__dict__)
