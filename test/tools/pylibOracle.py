"""Compares the Python stand-ins of src/core/trace/pylib with the real PyTorch (Debian's python3-torch 1.13 is enough).

    /usr/bin/python3 test/tools/pylibOracle.py [-v]        compares
    /usr/bin/python3 test/tools/pylibOracle.py --write     writes test/fixtures/pylib-cases.json: the same cases with the values of the real torch

Our `torch` package is imported under the name `lens_torch`, with `_native` and `_nn` bound to real torch functions, so that what is compared is
the Python written here: state_dict names, defaults, shapes, masks, reductions. Exit status 1 when anything differs.
"""

import builtins
import collections
import importlib
import importlib.util
import json
import math
import os
import sys
import types

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
PYLIB = os.path.normpath(os.path.join(HERE, "..", "..", "src", "core", "trace", "pylib"))
TOLERANCE = dict(atol=1e-5, rtol=1e-5)


class Refused(AttributeError):
    """What the builtin `refuse` raises here; the tracer stops the run instead. An AttributeError, as imports look for attributes first."""


def refuse(message):
    raise Refused(message)


def native_module():
    """torch._native: what lives under torch and is no module, plus Parameter."""
    module = types.ModuleType("lens_torch._native")
    for name in dir(torch):
        value = getattr(torch, name)
        if not name.startswith("_") and not isinstance(value, types.ModuleType):
            setattr(module, name, value)
    module.Parameter = torch.nn.Parameter
    return module


def functional_module():
    """torch._nn: the functional natives."""
    module = types.ModuleType("lens_torch._nn")
    for name in (
        "linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d embedding layer_norm group_norm batch_norm "
        "softmax log_softmax relu gelu silu sigmoid tanh leaky_relu elu softplus interpolate pad avg_pool1d avg_pool2d avg_pool3d "
        "max_pool1d max_pool2d max_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d unfold"
    ).split():
        setattr(module, name, getattr(torch.nn.functional, name))
    return module


def load(name, path):
    """Imports the package or module at `path` (below PYLIB) as `name`."""
    package = os.path.join(PYLIB, path)
    is_package = os.path.isdir(package)
    file = os.path.join(package, "__init__.py") if is_package else package + ".py"
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=[package] if is_package else None)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def load_torch():
    builtins.refuse = refuse
    sys.modules["lens_torch._native"] = native_module()
    sys.modules["lens_torch._nn"] = functional_module()
    ours = load("lens_torch", "torch")
    # The tracer finds submodules when they are asked for; CPython wants to be told.
    for folder, _, files in os.walk(os.path.join(PYLIB, "torch")):
        for file in files:
            if file.endswith(".py"):
                path = os.path.relpath(os.path.join(folder, file), os.path.join(PYLIB, "torch"))[:-3].replace(os.sep, ".")
                importlib.import_module(f"lens_torch.{path}".removesuffix(".__init__"))
    return ours


def same(left, right, path="result"):
    """Raises AssertionError where two results differ; tuples, lists and dicts are compared item by item."""
    if isinstance(right, torch.Tensor):
        assert isinstance(left, torch.Tensor), f"{path}: {type(left).__name__} instead of a tensor"
        assert left.shape == right.shape, f"{path}: shape {tuple(left.shape)} instead of {tuple(right.shape)}"
        assert left.dtype == right.dtype, f"{path}: {left.dtype} instead of {right.dtype}"
        if right.numel():
            equal = torch.allclose(left.double(), right.double(), equal_nan=True, **TOLERANCE)
            assert equal, f"{path}: differs by {(left.double() - right.double()).abs().max().item():.3g}"
    elif isinstance(right, dict):
        assert list(left) == list(right), f"{path}: keys {list(left)} instead of {list(right)}"
        for key in right:
            same(left[key], right[key], f"{path}[{key!r}]")
    elif isinstance(right, (tuple, list)):
        assert isinstance(left, (tuple, list)) and len(left) == len(right), f"{path}: {left!r} instead of {right!r}"
        for position, (one, other) in enumerate(zip(left, right)):
            same(one, other, f"{path}[{position}]")
    else:
        assert left == right, f"{path}: {left!r} instead of {right!r}"


def layer_cases():
    """(expression that builds a layer, input shapes or expressions)"""
    x2, x3, x4, x5 = "randn(4, 6)", "randn(2, 5, 6)", "randn(2, 6, 5, 7)", "randn(2, 6, 4, 5, 3)"
    yield "nn.Identity(3, a=1)", [x3]
    for options in ("", ", bias=False"):
        yield f"nn.Linear(6, 4{options})", [x3]
        yield f"nn.Bilinear(6, 6, 3{options})", ["randn(4, 6)", "randn(4, 6)"]
    for dims, source in ((1, "randn(2, 6, 9)"), (2, x4), (3, x5)):
        for options in (
            "3",
            "3, padding=1",
            "2, stride=2",
            "3, padding=1, bias=False",
            "3, padding=2, dilation=2, groups=2",
            "3, padding='same'",
            "3, padding='valid'",
        ):
            yield f"nn.Conv{dims}d(6, 4, {options})", [source]
        if dims < 3:
            for mode in ("reflect", "replicate", "circular"):
                yield f"nn.Conv{dims}d(6, 4, 3, padding=1, padding_mode='{mode}')", [source]
        for options in ("3", "2, stride=2", "3, stride=2, padding=1, output_padding=1", "3, groups=2, bias=False"):
            yield f"nn.ConvTranspose{dims}d(6, 4, {options})", [source]
    yield "nn.Conv2d(6, 4, (1, 3), padding=(0, 1))", [x4]
    yield "nn.Embedding(9, 5)", ["randint(0, 9, (2, 4))"]
    yield "nn.Embedding(9, 5, padding_idx=-1)", ["randint(0, 9, (2, 4))"]
    yield "nn.LayerNorm(6)", [x3]
    yield "nn.LayerNorm((5, 6), eps=1e-3)", [x3]
    yield "nn.LayerNorm(6, elementwise_affine=False)", [x3]
    yield "nn.GroupNorm(3, 6)", [x4]
    yield "nn.GroupNorm(2, 6, affine=False)", ["randn(3, 6)"]
    for options in ("6", "6, affine=False", "6, eps=1e-2", "6, track_running_stats=False"):
        yield f"nn.BatchNorm1d({options})", [x2]
        yield f"nn.BatchNorm1d({options})", ["randn(2, 6, 5)"]
        yield f"nn.BatchNorm2d({options})", [x4]
        yield f"nn.BatchNorm3d({options})", [x5]
    yield "nn.BatchNorm2d(6).train()", [x4]
    yield "nn.BatchNorm1d(6, momentum=None).train()", [x2]
    yield "nn.InstanceNorm1d(6)", ["randn(2, 6, 5)"]
    yield "nn.InstanceNorm2d(6, affine=True)", [x4]
    yield "nn.InstanceNorm2d(6)", ["randn(6, 4, 5)"]
    yield "nn.InstanceNorm2d(6, track_running_stats=True)", [x4]
    for name in ("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"):
        yield f"nn.{name}(0.3)", [x4 if name != "Dropout1d" else x3]
    yield "nn.Dropout(0.0).train()", [x4]
    yield "nn.Dropout(1.0).train()", [x4]
    for name in (
        "ReLU ReLU6 SiLU Mish Hardswish Hardsigmoid SELU Sigmoid Tanh LogSigmoid Softsign Tanhshrink GELU LeakyReLU ELU CELU "
        "Softplus Hardtanh Hardshrink Softshrink PReLU"
    ).split():
        yield f"nn.{name}()", ["randn(3, 7) * 4"]
    yield "nn.GELU(approximate='tanh')", [x3]
    yield "nn.GELU('none')", [x3]
    yield "nn.ReLU(inplace=True)", [x3]
    yield "nn.SiLU(True)", [x3]
    yield "nn.LeakyReLU(0.2)", [x3]
    yield "nn.ELU(0.5)", [x3]
    yield "nn.CELU(2.0)", [x3]
    yield "nn.Softplus(2, 1)", ["randn(3, 7) * 4"]
    yield "nn.Threshold(0.1, -3.0)", [x3]
    yield "nn.PReLU(6)", [x4]
    yield "nn.GLU()", [x3]
    yield "nn.GLU(dim=1)", [x4]
    yield "nn.Softmax(dim=-1)", [x3]
    yield "nn.Softmax(1)", [x3]
    yield "nn.Softmin(dim=1)", [x3]
    yield "nn.LogSoftmax(dim=1)", [x3]
    yield "nn.Softmax2d()", [x4]
    for dims, source in ((1, "randn(2, 6, 9)"), (2, x4), (3, x5)):
        yield f"nn.AvgPool{dims}d(2)", [source]
        yield f"nn.AvgPool{dims}d(3, stride=1, padding=1, count_include_pad=False)", [source]
        yield f"nn.MaxPool{dims}d(2)", [source]
        yield f"nn.MaxPool{dims}d(3, 2, 1)", [source]
        yield f"nn.AdaptiveAvgPool{dims}d(2)", [source]
    yield "nn.AvgPool2d((2, 3), stride=(1, 2))", [x4]
    yield "nn.AdaptiveAvgPool2d((3, None))", [x4]
    yield "nn.AdaptiveMaxPool1d(4)", ["randn(2, 6, 9)"]
    yield "nn.AdaptiveMaxPool2d((3, 2))", [x4]
    yield "nn.Flatten()", [x4]
    yield "nn.Flatten(0, 1)", [x4]
    yield "nn.Unflatten(1, (2, 3))", [x4]
    yield "nn.Unflatten(-3, (2, 3))", [x4]
    yield "nn.PixelShuffle(2)", ["randn(2, 8, 3, 5)"]
    yield "nn.PixelShuffle(3)", ["randn(9, 3, 5)"]
    yield "nn.PixelUnshuffle(2)", ["randn(2, 3, 4, 6)"]
    yield "nn.ChannelShuffle(3)", [x4]
    yield "nn.Upsample(scale_factor=2)", [x4]
    yield "nn.Upsample(scale_factor=(2, 3), mode='bilinear')", [x4]
    yield "nn.Upsample(size=(7, 4), mode='bilinear', align_corners=True)", [x4]
    yield "nn.UpsamplingNearest2d(scale_factor=2)", [x4]
    yield "nn.UpsamplingBilinear2d(size=8)", [x4]
    yield "nn.ZeroPad2d((1, 0, 2, 1))", [x4]
    yield "nn.ConstantPad2d(1, 2.5)", [x4]
    yield "nn.ReflectionPad2d(2)", [x4]
    yield "nn.ReplicationPad2d((1, 2, 0, 1))", [x4]
    yield "nn.Unfold((2, 3), stride=2)", [x4]
    yield "nn.CosineSimilarity(dim=1)", [x3, x3]
    yield "nn.PairwiseDistance(p=1)", [x2, x2]
    yield "nn.PairwiseDistance(keepdim=True)", [x2, x2]
    yield "nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))", [x3]
    yield "nn.Sequential(OrderedDict([('a', nn.Linear(6, 4)), ('b', nn.Tanh())]))", [x3]
    yield "nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))[:2]", [x3]
    yield "nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))[-1]", ["randn(2, 4)"]
    yield "nn.Sequential(nn.Linear(6, 4)).append(nn.GELU())", [x3]
    yield "nn.DataParallel(nn.Linear(6, 4))", [x3]
    yield "nn.TransformerEncoderLayer(6, 2, 8)", [x3]
    yield "nn.TransformerEncoderLayer(6, 3, 8, activation='gelu', norm_first=True, batch_first=True)", [x3]
    yield "nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8), 2)", [x3]
    yield "nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, batch_first=True), 1, norm=nn.LayerNorm(6))", [x3]
    yield "nn.TransformerDecoderLayer(6, 2, 8)", [x3, "randn(4, 5, 6)"]
    yield "nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, 8, batch_first=True, norm_first=True), 2)", [x3, "randn(2, 4, 6)"]
    yield "nn.Transformer(6, 2, 1, 1, 8, batch_first=True)", [x3, "randn(2, 4, 6)"]
    yield "nn.TransformerEncoderLayer(6, 2, 8)", [x3, "torch.zeros(2, 2).fill_(1.5).triu(1)"]
    for loss in ("L1Loss", "MSELoss", "SmoothL1Loss", "HuberLoss"):
        for reduction in ("mean", "sum", "none"):
            yield f"nn.{loss}(reduction='{reduction}')", ["randn(4, 6) * 2", x2]
    yield "nn.L1Loss(size_average=False)", [x2, x2]
    yield "nn.SmoothL1Loss(beta=0.3)", [x2, x2]
    yield "nn.SmoothL1Loss(beta=0.0)", [x2, x2]
    yield "nn.HuberLoss(delta=0.3)", [x2, x2]
    for options in ("", "reduction='sum'", "reduction='none'", "ignore_index=2", "label_smoothing=0.1", "label_smoothing=0.1, reduction='none'"):
        yield f"nn.CrossEntropyLoss({options})", [x2, "randint(0, 6, (4,))"]
        yield f"nn.CrossEntropyLoss({options})", ["randn(2, 6, 5)", "randint(0, 6, (2, 5))"]
        yield f"nn.CrossEntropyLoss({options})", ["randn(6)", "torch.tensor(3)"]
        yield f"nn.CrossEntropyLoss({options.replace('ignore_index=2', '')})", [x2, "randn(4, 6).softmax(1)"]
        yield f"nn.CrossEntropyLoss(positive(6){', ' + options if options else ''})", [x2, "randint(0, 6, (4,))"]
        if "ignore_index" not in options:
            yield f"nn.CrossEntropyLoss(positive(6){', ' + options if options else ''})", ["randn(2, 6, 3)", "randn(2, 6, 3).softmax(1)"]
    yield "nn.CrossEntropyLoss(ignore_index=-100, reduction='none')", [x2, "torch.tensor([1, -100, 2, -100])"]
    yield "nn.CrossEntropyLoss(label_smoothing=0.2)", [x2, "torch.tensor([1, -100, 2, -100])"]
    yield "nn.CrossEntropyLoss(positive(6), label_smoothing=0.2)", [x2, "torch.tensor([1, -100, 2, -100])"]
    yield "nn.CrossEntropyLoss()", [x2, "torch.tensor([-100] * 4)"]
    for options in ("", "reduction='sum'", "reduction='none'", "ignore_index=2"):
        yield f"nn.NLLLoss({options})", [x2, "randint(0, 6, (4,))"]
    yield "nn.NLLLoss(positive(6))", ["randn(2, 6, 3, 2)", "randint(0, 6, (2, 3, 2))"]
    for reduction in ("mean", "sum", "none", "batchmean"):
        yield f"nn.KLDivLoss(reduction='{reduction}')", ["randn(4, 6).log_softmax(1)", "randn(4, 6).softmax(1)"]
        yield f"nn.KLDivLoss(reduction='{reduction}', log_target=True)", ["randn(4, 6).log_softmax(1)", "randn(4, 6).log_softmax(1)"]
    yield "nn.KLDivLoss(reduction='sum')", ["randn(4, 6).log_softmax(1)", "torch.eye(4, 6)"]
    for reduction in ("mean", "sum", "none"):
        yield f"nn.BCELoss(reduction='{reduction}')", ["randn(4, 6).sigmoid()", "torch.eye(4, 6)"]
        yield f"nn.BCEWithLogitsLoss(reduction='{reduction}')", ["randn(4, 6) * 30", "torch.eye(4, 6)"]
        yield f"nn.CosineEmbeddingLoss(margin=0.1, reduction='{reduction}')", [x2, x2, "torch.tensor([1, -1, 1, -1])"]
        yield f"nn.MarginRankingLoss(margin=0.1, reduction='{reduction}')", ["randn(4)", "randn(4)", "torch.tensor([1, -1, 1, -1])"]
        yield f"nn.TripletMarginLoss(swap=True, reduction='{reduction}')", [x2, x2, x2]
    yield "nn.BCELoss()", ["torch.tensor([0.0, 1.0, 0.5])", "torch.tensor([1.0, 1.0, 0.25])"]
    yield "nn.BCEWithLogitsLoss(pos_weight=positive(6))", [x2, "torch.eye(4, 6)"]


def attention_cases():
    """(options of nn.MultiheadAttention, arguments, keyword arguments of the call)"""
    for first in (False, True):
        q = "randn(2, 5, 8)"
        kv = "randn(2, 3, 8)" if first else "randn(3, 5, 8)"
        batch, length, source = (2, 5, 3) if first else (5, 2, 3)
        causal = f"torch.full(({length}, {length}), float('-inf')).triu(1)"
        base = f"8, 2, batch_first={first}"
        yield base, ["x", "x", "x"], q, kv, ""
        yield base, ["x", "y", "y"], q, kv, ""
        yield base, ["x", "y", "y"], q, kv, "need_weights=False"
        yield base, ["x", "y", "y"], q, kv, "average_attn_weights=False"
        yield base, ["x", "x", "x"], q, kv, f"attn_mask={causal}"
        yield base, ["x", "x", "x"], q, kv, f"attn_mask={causal}, need_weights=False"
        yield base, ["x", "x", "x"], q, kv, f"attn_mask={causal} == float('-inf')"
        yield base, ["x", "y", "y"], q, kv, f"attn_mask=randn({batch} * 2, {length}, {source})"
        yield base, ["x", "y", "y"], q, kv, f"key_padding_mask=torch.eye({batch}, {source}, dtype=torch.bool)"
        yield base, ["x", "y", "y"], q, kv, f"key_padding_mask=torch.eye({batch}, {source}, dtype=torch.bool), need_weights=False, attn_mask=randn({length}, {source})"
        yield base + ", bias=False", ["x", "y", "y"], q, kv, ""
        yield base + ", add_bias_kv=True", ["x", "y", "y"], q, kv, f"attn_mask=randn({length}, {source}), key_padding_mask=torch.eye({batch}, {source}, dtype=torch.bool)"
        yield base + ", add_zero_attn=True", ["x", "y", "y"], q, kv, f"attn_mask=randn({batch} * 2, {length}, {source}), average_attn_weights=False"
        yield base + ", add_bias_kv=True, add_zero_attn=True", ["x", "y", "y"], q, kv, "need_weights=False"
        wide = kv.replace("8)", "6)")
        narrow = kv.replace("8)", "7)")
        yield base + ", kdim=6, vdim=6", ["x", "y", "y"], q, wide, ""
        yield base + ", kdim=6, vdim=7", ["x", "y", "z"], q, wide + ";" + narrow, "need_weights=False"
        yield base, ["x[0]", "y[0]", "y[0]"], "randn(2, 5, 8)", "randn(2, 3, 8)", ""
        yield base, ["x[0]", "y[0]", "y[0]"], "randn(2, 5, 8)", "randn(2, 3, 8)", "key_padding_mask=torch.tensor([False, True, False]), average_attn_weights=False"


# Runs in CPython and in the tracer alike.
PRELUDE = """
_draws = [0]


def randn(*shape):
    _draws[0] += 1
    seed = _draws[0]
    count = math.prod(shape)
    return torch.tensor([((i * 37 + seed * 101) % 97) / 97.0 * 4.0 - 2.0 for i in range(count)], dtype=torch.float32).reshape(shape)


def positive(*shape):
    return randn(*shape).abs() / 2 + 0.1


def randint(low, high, shape):
    _draws[0] += 1
    seed = _draws[0]
    return torch.tensor([low + (i * 7 + seed * 3) % (high - low) for i in range(math.prod(shape))]).reshape(shape)


def fill(module, scale):
    state = {}
    for name, value in module.state_dict().items():
        state[name] = (positive(*value.shape) * scale).to(value.dtype) if value.is_floating_point() else value
    module.load_state_dict(state)
    return module


def layer(module, training, *inputs):
    fill(module, 1.0).train(training)
    result = module(*inputs)
    state = {name: value.clone() for name, value in module.state_dict().items()}
    return [[name for name, _ in module.named_parameters()], result, list(state), list(state.values()) if training else None]


def seeded(build):
    torch.manual_seed(5)
    return [list(build().state_dict().values()), torch.randn(3)]


def attention(module, call, x, *others):
    fill(module, 0.5).eval()
    return [list(module.state_dict()), call(module, x, others[0], others[-1])]
"""


def layer_code(expression, inputs):
    training = expression.endswith(".train()")
    return f"layer({expression.removesuffix('.train()')}, {training}, {', '.join(inputs)})"


def attention_code(options, arguments, x, y, keywords):
    return (
        f"attention(nn.MultiheadAttention({options}), lambda m, x, y, z: m({', '.join(arguments + [keywords])}), "
        f"{x}, {', '.join(y.split(';'))})"
    )


def describe(value):
    """A value as the tests in TypeScript read it (the form of torch-snippets.json)."""
    if isinstance(value, torch.Tensor):
        kind = str(value.dtype).removeprefix("torch.")
        return {"tensor": kind, "shape": list(value.shape), "values": [number(v) for v in value.reshape(-1).tolist()]}
    if isinstance(value, dict):
        return {"list": [describe(list(value)), describe(list(value.values()))]}
    if isinstance(value, tuple):
        return {"tuple": [describe(item) for item in value]}
    if isinstance(value, list):
        return {"list": [describe(item) for item in value]}
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return {"value": value}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": number(value)}
    if isinstance(value, torch.dtype):
        return {"text": str(value)}
    raise TypeError(f"cannot describe {type(value)}")


def number(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return float(f"{value:.9g}")
    return value


FUNCTION_CASES = """
F.normalize(randn(3, 4))
F.normalize(randn(3, 4), dim=-1)
F.normalize(randn(3, 4), p=1, dim=0)
F.normalize(torch.zeros(3, 4), dim=-1)
F.normalize(randn(2, 3, 4), p=3.0, dim=1, eps=1e-3)
F.softmax(randn(3, 4), -1, dtype=torch.float64)
F.softmax(randn(3, 4))
F.log_softmax(randn(2, 3, 4))
F.softmin(randn(3, 4), dim=0)
F.cosine_similarity(randn(3, 4), randn(3, 4))
F.cosine_similarity(randn(3, 1, 4), randn(1, 5, 4), dim=-1)
F.pairwise_distance(randn(3, 4), randn(3, 4))
F.one_hot(torch.tensor([[0, 2], [1, 1]]))
F.one_hot(torch.tensor([0, 2]), 5)
F.glu(randn(3, 4))
F.prelu(randn(3, 4), torch.tensor([0.1, 0.2, 0.3, 0.4]))
F.relu6(randn(3, 4) * 5)
F.hardtanh(randn(3, 4), -0.5, 0.5)
F.logsigmoid(torch.tensor([-200.0, -1.0, 0.0, 1.0, 200.0]))
F.silu(randn(3, 4))
F.mish(randn(3, 4))
F.instance_norm(randn(2, 3, 5))
F.batch_norm(randn(4, 3), None, None, training=True)
F.batch_norm(randn(4, 3, 2), torch.zeros(3), torch.ones(3), torch.ones(3), torch.ones(3), False, 0.1, 1e-3)
F.layer_norm(randn(3, 4), (4,), None, None, 1e-6)
F.dropout(randn(3, 4), 0.5, training=False)
F.mse_loss(randn(3, 4), randn(3, 4), reduction='sum')
F.l1_loss(randn(3, 4), randn(3, 4))
F.smooth_l1_loss(randn(3, 4), randn(3, 4))
F.kl_div(randn(3, 4).log_softmax(1), randn(3, 4).softmax(1), reduction='batchmean')
F.nll_loss(randn(3, 4).log_softmax(1), torch.tensor([0, 3, 1]))
F.cross_entropy(randn(3, 4), torch.tensor([0, -100, 1]))
F.cross_entropy(randn(3, 4), randn(3, 4).softmax(-1), label_smoothing=0.1)
F.cross_entropy(randn(3, 4), torch.tensor([0, 3, 1]), reduction='none')
F.pixel_shuffle(randn(1, 12, 2, 3), 2)
F.pixel_unshuffle(randn(1, 3, 4, 6), 2)
F.upsample(randn(1, 3, 4, 6), scale_factor=2)
F.bilinear(randn(3, 4), randn(3, 5), randn(2, 4, 5), randn(2))
F.adaptive_max_pool2d(randn(2, 3, 7, 5), (3, 2))
F.embedding(torch.tensor([[0, 1]]), randn(4, 3), padding_idx=0)
F.threshold(randn(3, 4), 0.0, 2.0)
F.triplet_margin_loss(randn(3, 4), randn(3, 4), randn(3, 4), margin=0.3)
torch.linalg.norm(randn(3, 4), dim=-1)
torch.linalg.norm(randn(3, 4), dim=-1, keepdim=True)
torch.linalg.norm(randn(3, 4))
torch.linalg.vector_norm(randn(3, 4), ord=1, dim=0)
torch.linalg.vector_norm(randn(3, 4), ord=float('inf'))
torch.linalg.vector_norm(randn(3, 4), ord=3, dim=(0, 1))
torch.linalg.matrix_norm(randn(2, 3, 4))
torch.special.entr(torch.tensor([0.0, 0.5, 1.0]))
torch.special.expit(randn(3))
nn.utils.rnn.pad_sequence([randn(3, 2), randn(1, 2)])
nn.utils.rnn.pad_sequence([randn(3), randn(1)], batch_first=True, padding_value=-1.0)
nn.utils.parameters_to_vector(nn.Linear(2, 2).parameters()).shape
nn.Transformer.generate_square_subsequent_mask(4)
nn.init.zeros_(torch.ones(2, 2))
nn.init.constant_(torch.ones(2, 2), 3.5)
nn.init.eye_(torch.ones(2, 3))
nn.init.dirac_(torch.ones(3, 3, 3))
nn.init.calculate_gain('leaky_relu', 0.2)
nn.init.calculate_gain('tanh')
list(nn.Sequential(nn.Linear(2, 3), nn.ReLU()).state_dict())
[name for name, _ in nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Linear(3, 1))).named_modules()]
[name for name, _ in nn.ModuleDict({'a': nn.Linear(2, 3), 'b': nn.BatchNorm1d(3)}).named_parameters()]
[name for name, _ in nn.ModuleList([nn.Linear(2, 3), nn.BatchNorm1d(3)]).named_buffers()]
[type(child).__name__ for child in nn.Sequential(nn.Linear(2, 3), nn.ReLU()).children()]
len(nn.ModuleList([nn.Linear(2, 3)] * 3))
len(list(nn.ModuleList([nn.Linear(2, 3)] * 3).parameters()))
list(nn.ParameterList([nn.Parameter(torch.ones(2)), nn.Parameter(torch.ones(3))]).state_dict())
list(nn.ParameterDict({'x': nn.Parameter(torch.ones(2))}).state_dict())
nn.Linear(2, 3).half().weight.dtype
nn.Linear(2, 3).to(torch.float64).weight.dtype
nn.Linear(2, 3).eval().training
nn.BatchNorm2d(3).double().num_batches_tracked.dtype
repr(nn.Linear(2, 3))
repr(nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU(), nn.Dropout(0.1)), nn.LayerNorm(3)))
repr(nn.Linear(2, 2).load_state_dict(nn.Linear(2, 2).state_dict()))
nn.Linear(2, 2).load_state_dict({'weight': torch.ones(2, 2), 'x': torch.ones(1)}, strict=False)
nn.Sequential(nn.Linear(2, 2)).get_submodule('0').in_features
nn.Sequential(nn.Linear(2, 2)).get_parameter('0.bias').shape
"""


# What constructors draw after torch.manual_seed.
SEEDED_CASES = """
nn.Linear(3, 20)
nn.Linear(3, 4, bias=False)
nn.Bilinear(3, 4, 2)
nn.Conv1d(4, 6, 3, groups=2)
nn.Conv2d(3, 4, 3)
nn.ConvTranspose2d(3, 4, 3)
nn.Embedding(5, 4, padding_idx=1)
nn.MultiheadAttention(8, 2, add_bias_kv=True)
nn.MultiheadAttention(8, 2, kdim=4, vdim=6)
nn.TransformerEncoderLayer(8, 2, 16)
nn.Transformer(8, 2, 1, 1, 16)
nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.BatchNorm1d(4), nn.Linear(4, 2))
nn.ParameterList([nn.Parameter(torch.randn(3)), nn.Parameter(nn.init.xavier_normal_(torch.empty(4, 5)))])
nn.ParameterList([nn.Parameter(f(torch.empty(4, 5))) for f in (nn.init.kaiming_normal_, nn.init.kaiming_uniform_, nn.init.uniform_)])
"""

# Our einops against the same thing written with reshape and permute. x: [2, 6, 4, 3], v: [3], m: [2, 3].
PATTERN_CASES = """
rearrange(x, 'a b c d -> a b c d') | x
rearrange(x, 'a b c d -> d c b a') | x.permute(3, 2, 1, 0)
rearrange(x, 'a (h w) c d -> a h w c d', h=2) | x.reshape(2, 2, 3, 4, 3)
rearrange(x, 'a (h w) c d -> (a w) (c d) h', w=3) | x.reshape(2, 2, 3, 4, 3).permute(0, 2, 3, 4, 1).reshape(6, 12, 2)
rearrange(x, 'a ... d -> d ... a') | x.permute(3, 1, 2, 0)
rearrange(x, 'a ... -> a (...)') | x.reshape(2, -1)
rearrange(x, '... -> (...)') | x.reshape(-1)
rearrange(x, 'a b c d -> a 1 b (c d) ()') | x.reshape(2, 1, 6, 12, 1)
rearrange(x[:1], '1 b c d -> b c d') | x[0]
rearrange(x[:1], '() b c d -> d (b c)') | x[0].permute(2, 0, 1).reshape(3, 24)
rearrange(x, 'b c (h p1) w -> (b h) (p1 w) c', p1=2) | x.reshape(2, 6, 2, 2, 3).permute(0, 2, 3, 4, 1).reshape(4, 6, 6)
rearrange([m, m, m], 'k a b -> a (k b)') | torch.stack([m, m, m]).permute(1, 0, 2).reshape(2, 9)
rearrange(v, 'd -> 1 d 1') | v[None, :, None]
rearrange(torch.tensor(3.0), '-> 1') | torch.tensor([3.0])
rearrange(x, 'a b c d -> (a b c d)') | x.reshape(-1)
repeat(v, 'd -> b 1 d', b=2) | v.expand(2, 1, 3)
repeat(v, 'd -> d 2') | v[:, None].expand(3, 2)
repeat(v, 'd -> (d 2)') | v.repeat_interleave(2)
repeat(v, 'd -> (2 d)') | v.repeat(2)
repeat(m, 'a b -> (r a) (b s)', r=2, s=3) | m.repeat(2, 1).repeat_interleave(3, 1)
repeat(x, '... d -> ... (d r)', r=2) | x.repeat_interleave(2, -1)
repeat(m, '(a c) b -> a b c', c=2) | m.reshape(1, 2, 3).permute(0, 2, 1)
repeat(m, 'a b -> b a') | m.T
reduce(x, 'a b c d -> a b', 'mean') | x.mean((2, 3))
reduce(x, 'a b c d -> d a', 'sum') | x.sum((1, 2)).T
reduce(x, 'a b c d -> ', 'max') | x.max()
reduce(x, 'a b c d -> b', 'min') | x.amin((0, 2, 3))
reduce(x, 'a b (h 2) d -> a b h d', 'max') | x.reshape(2, 6, 2, 2, 3).amax(3)
reduce(x, 'a (g b) ... -> a g', 'mean', g=2) | x.reshape(2, 2, -1).mean(2)
reduce(x, 'a ... -> a 1', 'sum') | x.reshape(2, -1).sum(1, keepdim=True)
reduce(m, 'a b -> a', 'prod') | m.prod(1)
reduce(m > 0, 'a b -> a', 'any') | (m > 0).any(1)
reduce(m > 0, 'a b -> b', 'all') | (m > 0).all(0)
reduce(m, 'a b -> a b', 'mean') | m
reduce(x, 'a b c d -> a d', lambda t, axes: t.sum(axes)) | x.sum((1, 2))
einsum(x, m, 'batch chan height width, batch width -> batch chan height') | torch.einsum('bchw,bw->bch', x, m)
einsum(m, m, 'i j, k j -> i k') | m @ m.T
einsum(x, v, '... d, d -> ...') | x @ v
parse_shape(x, 'b c h w') | {'b': 2, 'c': 6, 'h': 4, 'w': 3}
parse_shape(x, 'b ... _') | {'b': 2}
pack([x, x[:, :, 0]], 'b c * d')[0] | torch.cat([x, x[:, :, :1]], 2)
[tuple(s) for s in pack([x, x[:, :, 0]], 'b c * d')[1]] | [(4,), ()]
[tuple(s) for s in pack([x], '* d')[1]] | [(2, 6, 4)]
pack([m, x], 'a *')[0] | torch.cat([m, x.reshape(2, -1)], 1)
unpack(pack([m, x], 'a *')[0], [(3,), (6, 4, 3)], 'a *') | [m, x]
unpack(x, [(1, 1), (-1,)], 'a * c d') | [x[:, :1].reshape(2, 1, 1, 4, 3), x[:, 1:]]
Rearrange('b (n d) ... -> b n d ...', n=2)(x) | x.reshape(2, 2, 3, 4, 3)
Reduce('b c h w -> b c', 'max')(x) | x.amax((2, 3))
rearrange_many((m, m), 'a b -> b a') | (m.T, m.T)
"""

# Patterns that have to be turned down.
BAD_PATTERNS = """
rearrange(x, 'a b c -> a b c')
rearrange(x, 'a b c d -> a b c')
rearrange(x, 'a b c d -> a b c d e')
rearrange(x, 'a (b b2) c d -> a b b2 c d')
rearrange(x, 'a (b b2) c d -> a b b2 c d', b=4)
rearrange(x, 'a b c d -> a b c d', e=3)
rearrange(x, 'a b c d - > a b c d')
rearrange(x, 'a b (c d -> a b c d')
rearrange(x, 'a b ((c) d) -> a b c d')
rearrange(x, 'a a b c -> a b c')
rearrange(x, 'a b c d -> a b c ... d')
rearrange(x, '2 b c d -> b c d')
rearrange(x, '1 b c d -> b c d')
repeat(m, 'a b -> a b c')
repeat(m, 'a b -> a')
reduce(m, 'a b -> a c', 'sum')
reduce(m, 'a b -> a', 'median')
pack([m], 'a b')
unpack(m, [(2,), (2,)], 'a *')
"""

# Our numpy against the real one.
ARRAY_CASES = """
np.arange(5)
np.arange(1, 7, 2, dtype=np.float32)
np.arange(3.0)
np.linspace(0.0001, 0.02, 5, dtype=np.float64)
np.linspace(0, 1, 4, endpoint=False)
np.array([1, 2, 3]) / 2
1.0 / 10000 ** (np.arange(4, dtype=float) / 4)
np.concatenate([3 * np.arange(2) + i for i in range(3)])
np.cumprod(1.0 - np.array([0.1, 0.2, 0.3]), axis=0)
np.append(1.0, np.array([0.5, 0.25])[:-1])
np.append(np.array([0.5, 0.25])[1:], 0.0)
np.sqrt(np.array([1.0, 4.0]))
np.log(np.append(np.array([0.5, 0.25])[1], np.array([0.5, 0.25])[1:]))
np.log(1 / 0.07)
np.exp(0.0)
np.stack(np.meshgrid(np.arange(2, dtype=np.float32), np.arange(3, dtype=np.float32)), axis=0)
np.einsum('m,d->md', np.arange(3.0), np.arange(2.0))
np.sin(np.arange(3)) + np.cos(np.arange(3))
np.zeros([1, 4])
np.ones((2, 2), dtype=np.int64).sum()
np.tile(np.array([1, 2]), 3)
np.transpose(np.array([[1, 2], [3, 4]]))
np.tril(np.ones((3, 3)))
np.array([[1, 2], [3, 4]]).reshape(-1)
(np.array([1, 2, 3]) > 1).all()
np.array([3, 1, 2]).max()
np.take(np.array([5, 6, 7]), np.array([2, 0]))
np.mean(np.array([[1, 2], [3, 4]]), axis=0)
np.where(np.array([1, -1]) > 0, np.array([1.0, 1.0]), np.array([0.0, 0.0]))
np.expand_dims(np.arange(3), 0).shape
np.repeat(np.arange(3), 2)
np.clip(np.arange(5), 1, 3)
len(np.arange(4))
[x for x in np.arange(3)]
np.array([1.5, 2.5]).astype(np.int64)
np.outer(np.arange(2), np.arange(3))
np.arange(4) * 0.5
np.arange(4) + np.arange(4, dtype=np.float32)
2 ** np.arange(4)
0.5 ** np.arange(4)
np.arange(4) / 2.0
np.einsum('m,d->md', np.arange(3, dtype=np.float32), np.arange(2.0))
np.concatenate([np.arange(2), np.arange(2, dtype=np.float32)])
np.stack([np.arange(2, dtype=np.float32), np.arange(2, dtype=np.float64)])
"""


def module_behaviour(torch, nn):
    """Runs one program on a torch; its answer has to be the same for both."""
    calls = []

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(2, 2)
            self.register_buffer("kept", torch.ones(1))
            self.register_buffer("left", torch.ones(1), persistent=False)
            self.register_parameter("none", None)
            self.shared = self.first
            self.plain = [nn.Linear(2, 2)]
            self.gain = nn.Parameter(torch.ones([]))

        def forward(self, x):
            return self.first(x) * self.gain

    block = Block()
    with torch.no_grad():
        for parameter in block.parameters():
            parameter.fill_(0.5)
    handle = block.first.register_forward_hook(lambda module, inputs, output: calls.append(tuple(output.shape)))
    before = block.register_forward_pre_hook(lambda module, inputs: (inputs[0] * 2,))
    answer = {"double": block(torch.ones(1, 2)).detach()}
    handle.remove()
    before.remove()
    answer["plain"] = block(torch.ones(1, 2)).detach()
    answer["calls"] = calls
    answer["state"] = list(block.state_dict())
    answer["prefixed"] = list(block.state_dict(prefix="a."))
    answer["parameters"] = [name for name, _ in block.named_parameters()]
    answer["modules"] = [name for name, _ in block.named_modules()]
    answer["modules twice"] = [name for name, _ in block.named_modules(remove_duplicate=False)]
    answer["buffers"] = [name for name, _ in block.named_buffers()]
    block.kept = torch.zeros(1)
    answer["buffer kept"] = block.state_dict()["kept"]
    block.first = nn.Identity()
    answer["replaced"] = list(block.state_dict())
    del block.shared
    answer["deleted"] = [name for name, _ in block.named_modules()]
    answer["has"] = [hasattr(block, name) for name in ("first", "shared", "none", "gain", "nothing")]
    block.weight_alias = torch.zeros(2)
    answer["attribute is no parameter"] = [name for name, _ in block.named_parameters()]
    messages = []
    for action in (
        lambda: setattr(block, "gain", torch.ones(1)),
        lambda: setattr(block, "first", 3),
        lambda: block.register_buffer("a.b", torch.ones(1)),
        lambda: block.register_parameter("gain2", torch.ones(1)),
        lambda: block.missing,
        lambda: block.load_state_dict({}),
    ):
        try:
            action()
            messages.append("no error")
        except Exception as error:  # the kind of error is what is compared
            messages.append(type(error).__name__)
    answer["errors"] = messages
    block.train(False)
    answer["training"] = [module.training for module in block.modules()]
    visited = []
    block.apply(lambda module: visited.append(type(module).__name__))
    answer["applied"] = visited
    block.requires_grad_(False)
    answer["frozen"] = [parameter.requires_grad for parameter in block.parameters()]
    tied = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    tied[1].weight = tied[0].weight
    answer["tied parameters"] = [name for name, _ in tied.named_parameters()]
    answer["tied state"] = list(tied.state_dict())
    layers = nn.ModuleList([nn.Linear(1, 1) for _ in range(4)])
    answer["slices"] = [len(layers[1:3]), list(layers[1:3].state_dict()), len(layers[-1:])]
    layers.insert(1, nn.Tanh())
    layers.extend([nn.ReLU()])
    answer["inserted"] = [type(layer).__name__ for layer in layers]
    named = nn.ModuleDict({"b": nn.ReLU(), "a": nn.Tanh()})
    answer["dict"] = [list(named.keys()), "a" in named, len(named), type(named["a"]).__name__]
    return answer


def grad_modes(torch):
    def enabled():
        return torch.is_grad_enabled()

    answer = [enabled()]
    with torch.no_grad():
        answer.append(enabled())
        with torch.enable_grad():
            answer.append(enabled())
        answer.append(enabled())
    answer.append(torch.no_grad()(enabled)())
    answer.append(torch.inference_mode()(enabled)())
    with torch.set_grad_enabled(False):
        answer.append(enabled())
    answer.append(enabled())
    return answer


def write():
    """Every case with what the real torch (or numpy) makes of it."""
    import numpy

    cases = []

    def add(group, code, compute):
        with torch.no_grad():
            cases.append({"group": group, "code": code, "expected": describe(compute())})

    def scope():
        names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "OrderedDict": collections.OrderedDict, "math": math}
        exec(PRELUDE, names)
        return names

    for expression, inputs in layer_cases():
        code = layer_code(expression, inputs)
        add("layers", code, lambda: eval(code, scope()))
    for case in attention_cases():
        code = attention_code(*case)
        add("attention", code, lambda: eval(code, scope()))
    for code in FUNCTION_CASES.strip().split("\n"):
        if "load_state_dict" not in code:
            shown = f"tuple({code})" if code.endswith(".shape") else code
            add("functions", shown, lambda: eval(shown, scope()))
    for expression in SEEDED_CASES.strip().split("\n"):
        code = f"seeded(lambda: {expression})"
        add("seeded construction", code, lambda: eval(code, scope()))
    for line in PATTERN_CASES.strip().split("\n"):
        code, expected = line.split(" | ")
        names = scope()
        exec("x, v, m = randn(2, 6, 4, 3), randn(3), randn(2, 3)", names)
        shown = f"list({code}.items())" if code.startswith("parse_shape") else code
        wanted = f"list({expected}.items())" if code.startswith("parse_shape") else expected
        add("patterns", shown, lambda: eval(wanted, names))
    for code in BAD_PATTERNS.strip().split("\n"):
        cases.append({"group": "bad patterns", "code": code, "raises": "EinopsError"})
    for code in ARRAY_CASES.strip().split("\n"):
        value = eval(code, {"np": numpy})
        if isinstance(value, numpy.ndarray):
            cases.append({"group": "arrays", "code": f"({code}).tensor", "expected": describe(torch.from_numpy(numpy.ascontiguousarray(value)))})
        else:
            value = value.item() if isinstance(value, numpy.generic) else value
            value = [item.item() if isinstance(item, numpy.generic) else item for item in value] if isinstance(value, list) else value
            cases.append({"group": "arrays", "code": code, "expected": describe(value)})
    path = os.path.normpath(os.path.join(HERE, "..", "fixtures", "pylib-cases.json"))
    with open(path, "w") as file:
        lines = ",\n".join(json.dumps(case) for case in cases)
        file.write(f'{{"torch": "{torch.__version__}",\n"prelude": {json.dumps(PRELUDE)},\n"cases": [\n{lines}\n]}}\n')
    print(f"{len(cases)} cases")
    return 0


def main():
    if "--write" in sys.argv[1:]:
        return write()
    verbose = "-v" in sys.argv[1:]
    ours = load_torch()
    count, failures = 0, []

    def environment(package):
        scope = {"torch": package, "nn": package.nn, "F": package.nn.functional, "OrderedDict": collections.OrderedDict, "math": math}
        scope["torch"] = package
        exec(PRELUDE, scope)
        # Values come from the real torch either way, the layers from the one under test.
        return scope

    def check(label, compute):
        nonlocal count
        count += 1
        if verbose:
            print(label)
        try:
            same(compute(ours), compute(torch))
        except Exception as error:
            failures.append(f"{label}\n    {type(error).__name__}: {error}")

    for expression, inputs in layer_cases():

        def compute(package, expression=expression, inputs=inputs):
            scope = environment(package)
            with torch.no_grad():
                return eval(layer_code(expression, inputs), scope)

        check(f"{expression}({', '.join(inputs)})", compute)

    for options, arguments, x, y, keywords in attention_cases():

        def compute(package, options=options, arguments=arguments, x=x, y=y, keywords=keywords):
            scope = environment(package)
            with torch.no_grad():
                return eval(attention_code(options, arguments, x, y, keywords), scope)

        check(f"nn.MultiheadAttention({options})({', '.join(arguments)}, {keywords})", compute)

    for expression in FUNCTION_CASES.strip().split("\n"):
        check(expression, lambda package, expression=expression: eval(expression, environment(package)))

    def behave(package):
        with torch.no_grad():
            return module_behaviour(package, package.nn)

    check("module_behaviour", behave)
    check("grad_modes", grad_modes)
    for expression in SEEDED_CASES.strip().split("\n"):
        check(expression, lambda package, e=expression: eval(f"seeded(lambda: {e})", environment(package)))

    sys.path.append(PYLIB)  # after the real torch and numpy, which stay what these modules import
    import einops
    import einops_exts
    from einops.layers.torch import Rearrange, Reduce

    scope = {
        **environment(torch),
        "Rearrange": Rearrange,
        "Reduce": Reduce,
        "rearrange_many": einops_exts.rearrange_many,
    }
    exec("x, v, m = randn(2, 6, 4, 3), randn(3), randn(2, 3)", scope)
    for name in "rearrange repeat reduce einsum parse_shape pack unpack".split():
        scope[name] = getattr(einops, name)
    for line in PATTERN_CASES.strip().split("\n"):
        pattern, expected = line.split(" | ")
        check(pattern, lambda package, p=pattern, e=expected: eval(p if package is ours else e, dict(scope)))
    for expression in BAD_PATTERNS.strip().split("\n"):

        def rejects(package, expression=expression):
            try:
                eval(expression, dict(scope))
            except (einops.EinopsError, NotImplementedError):
                return "turned down"
            return "accepted" if package is ours else "turned down"

        check(expression, rejects)

    import numpy

    our_numpy = load("lens_numpy", "numpy")
    for expression in ARRAY_CASES.strip().split("\n"):

        def arrays(package, expression=expression):
            result = eval(expression, {"np": our_numpy if package is ours else numpy})
            if isinstance(result, our_numpy.ndarray):
                return result.tensor
            if isinstance(result, numpy.ndarray):
                return torch.from_numpy(result)
            return result

        check(expression, arrays)

    for failure in failures:
        print(failure)
    print(f"{count - len(failures)} of {count} agree with torch {torch.__version__}")
    return 1 if failures else 0


if __name__ == "__main__":
    import warnings

    warnings.simplefilter("ignore")
    sys.exit(main())
