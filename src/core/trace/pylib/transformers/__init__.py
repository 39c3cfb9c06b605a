"""transformers: the base classes that model files build on, and two towers written out (CLIP's vision model, Llama)."""

from . import activations, file_utils, modeling_outputs, modeling_utils, utils
from .configuration_utils import PretrainedConfig
from .generation.logits_process import (
    LogitsProcessor,
    LogitsProcessorList,
    MinLengthLogitsProcessor,
    RepetitionPenaltyLogitsProcessor,
    TopKLogitsWarper,
    TopPLogitsWarper,
)
from .generation.stopping_criteria import (
    EosTokenCriteria,
    MaxLengthCriteria,
    StoppingCriteria,
    StoppingCriteriaList,
    StopStringCriteria,
)
from .generation.utils import BeamSearchScorer
from .modeling_utils import PreTrainedModel
from .models.auto import AutoConfig, AutoImageProcessor, AutoModel, AutoModelForCausalLM, AutoProcessor, AutoTokenizer
from .models.bert.configuration_bert import BertConfig
from .models.clip import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel
from .models.llama import LlamaConfig, LlamaForCausalLM, LlamaModel
from .models.others import (
    BitsAndBytesConfig,
    MistralConfig,
    MistralForCausalLM,
    MistralModel,
    MptConfig,
    MptForCausalLM,
    MptModel,
    T5TokenizerFast,
)
from .tokenization_utils import BertTokenizer, BertTokenizerFast, PreTrainedTokenizer
from .utils import logging

__version__ = "4.37.0"


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'transformers' has no attribute '{name}'")
    refuse(f"transformers.{name} is not supported")
