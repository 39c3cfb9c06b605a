"""Runs a JSON list of snippets in real torch: `torchFuzz.py PROGRAMS.json RESULTS.json`; called by torchFuzz.ts."""

import contextlib
import io
import json
import sys
import types

import torch
import torch.nn.functional as F
from torchSnippets import describe, run

natives = types.ModuleType("torch._nn")
for name in dir(F):
    setattr(natives, name, getattr(F, name))
sys.modules["torch._nn"] = torch._nn = natives

results = []
for code in json.load(open(sys.argv[1])):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            value = run(code)
    except Exception as error:
        results.append({"raises": f"{type(error).__name__}: {str(error)[:160]}"})
        continue
    try:
        results.append({"expected": describe(value)})
        json.dumps(results[-1], allow_nan=False)
    except (TypeError, ValueError) as error:
        results[-1:] = [{"skip": str(error)}]
with open(sys.argv[2], "w") as file:
    json.dump(results, file)
