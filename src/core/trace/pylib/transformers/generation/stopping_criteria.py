"""When to stop generating."""


class StoppingCriteria:
    def __call__(self, input_ids, scores, **kwargs):
        raise NotImplementedError("StoppingCriteria needs to be subclassed")


class StoppingCriteriaList(list):
    def __call__(self, input_ids, scores, **kwargs):
        return any(criterion(input_ids, scores, **kwargs) for criterion in self)


class MaxLengthCriteria(StoppingCriteria):
    def __init__(self, max_length, max_position_embeddings=None):
        self.max_length = max_length

    def __call__(self, input_ids, scores, **kwargs):
        return input_ids.shape[-1] >= self.max_length


class _Refused(StoppingCriteria):
    def __init__(self, *args, **kwargs):
        refuse(f"transformers.{type(self).__name__} is not supported")


class EosTokenCriteria(_Refused):
    pass


class StopStringCriteria(_Refused):
    pass
