"""Changes to the next token's logits."""


class LogitsProcessor:
    def __call__(self, input_ids, scores):
        raise NotImplementedError(f"{type(self).__name__} is an abstract class.")


class LogitsProcessorList(list):
    def __call__(self, input_ids, scores, **kwargs):
        for processor in self:
            scores = processor(input_ids, scores, **kwargs)
        return scores


class _Refused(LogitsProcessor):
    def __init__(self, *args, **kwargs):
        refuse(f"transformers.{type(self).__name__} is not supported")


class MinLengthLogitsProcessor(_Refused):
    pass


class RepetitionPenaltyLogitsProcessor(_Refused):
    pass


class TopKLogitsWarper(_Refused):
    pass


class TopPLogitsWarper(_Refused):
    pass
