"""Names of transformers.generation.utils."""

from typing import Any

GenerateOutput = Any


class GenerationMixin:
    def generate(self, *args, **kwargs):
        refuse("generate(): text generation of transformers is not supported; call forward step by step")


class BeamSearchScorer:
    def __init__(self, *args, **kwargs):
        refuse("transformers.BeamSearchScorer: beam search is not supported")
