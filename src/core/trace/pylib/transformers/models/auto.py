"""The Auto classes choose a model by a name on a server, which does not exist here."""


class _Auto:
    @classmethod
    def from_pretrained(cls, name, *args, **kwargs):
        refuse(f"transformers.{cls.__name__}.from_pretrained: nothing can be read or downloaded here")

    @classmethod
    def from_config(cls, config, **kwargs):
        refuse(f"transformers.{cls.__name__}.from_config: the model zoo of transformers is not supported; pass a model of your own")

    @classmethod
    def register(cls, *args, **kwargs):
        pass


class AutoConfig(_Auto):
    pass


class AutoModel(_Auto):
    pass


class AutoModelForCausalLM(_Auto):
    pass


class AutoTokenizer(_Auto):
    pass


class AutoProcessor(_Auto):
    pass


class AutoImageProcessor(_Auto):
    pass
