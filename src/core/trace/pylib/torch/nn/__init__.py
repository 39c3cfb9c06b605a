"""torch.nn: layers, parameters and functions on them.

Layers are imported when they are first asked for: a run uses few of them.
"""

from .parameter import Buffer, Parameter
from . import modules

_FILES = {
    "activation": (
        "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish "
        "PReLU ReLU ReLU6 SELU Sigmoid SiLU Softmax Softmax2d Softmin Softplus Softshrink Softsign "
        "Tanh Tanhshrink Threshold"
    ),
    "attention": (
        "MultiheadAttention"
    ),
    "batchnorm": (
        "BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d InstanceNorm3d SyncBatchNorm"
    ),
    "container": (
        "Container ModuleDict ModuleList ParameterDict ParameterList Sequential"
    ),
    "conv": (
        "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d"
    ),
    "dropout": (
        "AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout"
    ),
    "linear": (
        "Bilinear Identity LazyLinear Linear"
    ),
    "loss": (
        "BCELoss BCEWithLogitsLoss CosineEmbeddingLoss CrossEntropyLoss HuberLoss KLDivLoss L1Loss MarginRankingLoss "
        "MSELoss NLLLoss SmoothL1Loss TripletMarginLoss"
    ),
    "module": (
        "Module"
    ),
    "normalization": (
        "GroupNorm LayerNorm LocalResponseNorm RMSNorm"
    ),
    "pooling": (
        "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AvgPool1d AvgPool2d "
        "AvgPool3d MaxPool1d MaxPool2d MaxPool3d"
    ),
    "rnn": (
        "GRU GRUCell LSTM LSTMCell RNN RNNBase RNNCell"
    ),
    "shaping": (
        "ChannelShuffle ConstantPad1d ConstantPad2d ConstantPad3d CosineSimilarity Flatten PairwiseDistance "
        "PixelShuffle PixelUnshuffle ReflectionPad1d ReflectionPad2d ReplicationPad1d ReplicationPad2d ReplicationPad3d "
        "Unflatten Unfold Upsample UpsamplingBilinear2d UpsamplingNearest2d ZeroPad1d ZeroPad2d"
    ),
    "sparse": (
        "Embedding EmbeddingBag"
    ),
    "transformer": (
        "Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer"
    ),
}
_LAYERS = {name: file for file, names in _FILES.items() for name in names.split()}


_found = {}


def __getattr__(name):
    if name in _found:
        return _found[name]
    if name in _LAYERS:
        layer = getattr(getattr(modules, _LAYERS[name]), name)
        _found[name] = layer
        return layer
    if name == "DataParallel":
        from .parallel import DataParallel

        return DataParallel
    if name.startswith("__"):
        raise AttributeError(f"module 'torch.nn' has no attribute '{name}'")
    refuse(f"torch.nn.{name} is not known to the tracer; docs/torch-coverage.md lists what is")
