"""Writes test/fixtures/timm-cases.json: what the real timm computes, for the stand-ins in src/core/trace/pylib/timm.

    /usr/bin/python3 test/tools/timmOracle.py CHECKOUT    a checkout of pytorch-image-models (1.0.29.dev0 was used, with torch 1.13)

The norm is always given: up to timm 0.9 the default is that of torch.nn, later ones have their own with another eps.
timm imports pictures and downloads along with its layers; none of it is needed here, so empty modules take their place.
"""

import json
import os
import sys
import types
from importlib.machinery import ModuleSpec

import torch

LEFT_OUT = ("torchvision", "huggingface_hub", "safetensors", "PIL", "timm.data")
BODY = """from timm.models.vision_transformer import {name}
model = {call}.eval()
with torch.no_grad():
    for at, (name, parameter) in enumerate(sorted(model.named_parameters())):
        ramp = torch.arange(parameter.numel(), dtype=torch.float32).reshape(parameter.shape)
        parameter.copy_(torch.sin(ramp * 0.37 + at))
    x = torch.cos(torch.arange({size}, dtype=torch.float32).reshape({shape}) * 0.11)
    return [sorted(model.state_dict()), model(x)]"""
CASES = [
    ("Attention", "Attention(8, num_heads=2)", 8),
    ("Attention", "Attention(12, num_heads=3, qkv_bias=True, qk_norm=True, norm_layer=torch.nn.LayerNorm)", 12),
    ("LayerScale", "LayerScale(6, init_values=0.2)", 6),
    ("Block", "Block(8, 2, qkv_bias=True, norm_layer=torch.nn.LayerNorm)", 8),
    ("Block", "Block(12, 3, mlp_ratio=2.0, qk_norm=True, init_values=0.3, norm_layer=torch.nn.LayerNorm)", 12),
    ("Block", "Block(8, num_heads=4, init_values=1e-5, norm_layer=torch.nn.LayerNorm, act_layer=torch.nn.ReLU)", 8),
]


class Anything(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return 0


class Empty(types.ModuleType):
    __path__ = []
    __version__ = "0.20.0"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {})


class EmptyModules:
    def find_spec(self, name, path=None, target=None):
        if any(name == left or name.startswith(left + ".") for left in LEFT_OUT):
            return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return Empty(spec.name)

    def exec_module(self, module):
        pass


def described(value):
    if isinstance(value, list):
        return {"list": [described(item) for item in value]}
    if isinstance(value, str):
        return {"value": value}
    return {"tensor": "float32", "shape": list(value.shape), "values": [float(f"{v:.9g}") for v in value.flatten().tolist()]}


sys.meta_path.insert(0, EmptyModules())
sys.path.insert(0, sys.argv[1])
cases = []
for name, call, width in CASES:
    code = BODY.format(name=name, call=call, size=2 * 5 * width, shape=(2, 5, width))
    space = {"torch": torch}
    exec("def snippet():\n" + "\n".join("    " + line for line in code.split("\n")), space)
    cases.append({"call": call, "code": code, "expected": described(space["snippet"]())})
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "timm-cases.json"), "w") as file:
    json.dump({"torch": torch.__version__, "cases": cases}, file, indent=1)
    file.write("\n")
print(f"{len(cases)} cases")
