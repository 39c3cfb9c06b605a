"""What the scripts beside this one share: numbers by a formula, weights by it, and a line per result."""

import math
import torch
from torch import nn
import torch.nn.functional as F
from functools import partial
_n = [0]

def R(*shape, scale=2.0):
    _n[0] += 1
    seed = _n[0]
    count = 1
    for s in shape:
        count *= s
    return torch.tensor([((i * 37 + seed * 101) % 97 / 97.0 - 0.5) * scale for i in range(count)], dtype=torch.float32).reshape(shape)

def fill(model, scale=0.6):
    for name, p in sorted(model.state_dict(keep_vars=True).items()):
        if p.is_floating_point():
            v = R(*p.shape, scale=scale)
            if name.endswith(('running_var',)):
                v = v.abs() + 0.5
            if p.dim() == 1 and ('norm' in name.lower() or 'ln' in name or 'bn' in name) and name.endswith('weight'):
                v = v + 1
            p.data.copy_(v)
    return model.eval()

def show(label, value):
    if isinstance(value, torch.Tensor):
        print(label, list(value.shape), [round(float(v), 4) for v in value.detach().reshape(-1).tolist()[:12]])
    elif isinstance(value, (list, tuple)):
        for i, v in enumerate(value):
            show(label + '.' + str(i), v)
    elif isinstance(value, dict):
        for k, v in value.items():
            show(label + '.' + str(k), v)
    else:
        print(label, value)
