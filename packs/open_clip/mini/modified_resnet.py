"""CLIP's ResNet, written as its equations (exercise 6.2). n: batch, C: channels, h, w: grid."""

import math
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


class Bottleneck(nn.Module):
    """y = ReLU(F(x) + shortcut); an average pool shrinks the grid where stride > 1."""

    expansion = 4

    def __init__(self, inplanes, planes, stride=1):
        super().__init__()
        outplanes = planes * self.expansion
        self.conv1 = nn.Conv2d(inplanes, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.act1 = nn.ReLU()
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.act2 = nn.ReLU()
        self.avgpool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.conv3 = nn.Conv2d(planes, outplanes, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outplanes)
        self.act3 = nn.ReLU()
        self.downsample = None
        if stride > 1 or inplanes != outplanes:
            shortcut = OrderedDict()
            shortcut["-1"] = nn.AvgPool2d(stride)
            shortcut["0"] = nn.Conv2d(inplanes, outplanes, 1, bias=False)
            shortcut["1"] = nn.BatchNorm2d(outplanes)
            self.downsample = nn.Sequential(shortcut)

    def forward(self, x):
        out = self.act1(self.bn1(self.conv1(x)))  # [n, P, h, w]
        out = self.act2(self.bn2(self.conv2(out)))  # [n, P, h, w]
        identity = x if self.downsample is None else self.downsample(x)  # [n, 4P, h/s, w/s]
        out = self.avgpool(out)  # [n, P, h/s, w/s]
        out = self.bn3(self.conv3(out))  # [n, 4P, h/s, w/s]
        out = out + identity  # [n, 4P, h/s, w/s]
        out = self.act3(out)
        return out


def multi_head_attention_forward(x, num_heads, q_proj, k_proj, v_proj, c_proj):
    """Every token asks every token. x: [L, n, C] -> [L, n, d_e] and the weights [n, H, L, L]."""
    q = q_proj(x)  # [L, n, C]
    k = k_proj(x)  # [L, n, C]
    v = v_proj(x)  # [L, n, C]
    q_h, k_h, v_h = [t.unflatten(-1, (num_heads, -1)).permute(1, 2, 0, 3) for t in (q, k, v)]  # [n, H, L, C/H]
    attn_logits = q_h @ k_h.transpose(-2, -1) / math.sqrt(q_h.shape[-1])  # [n, H, L, L]
    attn_weights = attn_logits.softmax(dim=-1)  # [n, H, L, L] rows sum to 1
    heads = (attn_weights @ v_h).permute(2, 0, 1, 3).flatten(2)  # [L, n, C]
    return c_proj(heads), attn_weights


class AttentionPool2d(nn.Module):
    """The mean of a feature map asks its positions; the answer is the image feature."""

    def __init__(self, spacial_dim, embed_dim, num_heads, output_dim=None):
        super().__init__()
        self.num_heads = num_heads
        self.positional_embedding = nn.Parameter(torch.zeros(spacial_dim**2 + 1, embed_dim))
        self.q_proj, self.k_proj, self.v_proj = [nn.Linear(embed_dim, embed_dim) for _ in range(3)]
        self.c_proj = nn.Linear(embed_dim, output_dim or embed_dim)

    def forward(self, x):
        x = x.reshape(x.shape[0], x.shape[1], -1).permute(2, 0, 1)  # [hw, n, C]
        x = torch.cat([x.mean(dim=0, keepdim=True), x], dim=0)  # [hw+1, n, C]
        x = x + self.positional_embedding[:, None, :]  # [hw+1, n, C]
        x, _ = multi_head_attention_forward(x, self.num_heads, self.q_proj, self.k_proj, self.v_proj, self.c_proj)
        return x[0]  # [n, d_e]


class ModifiedResNet(nn.Module):
    """Stem, four stages, attention pool."""

    def __init__(self, layers, output_dim, heads, image_size=224, width=64):
        super().__init__()
        half = width // 2
        for k, cin, cout, stride in [(1, 3, half, 2), (2, half, half, 1), (3, half, width, 1)]:
            setattr(self, f"conv{k}", nn.Conv2d(cin, cout, 3, stride=stride, padding=1, bias=False))
            setattr(self, f"bn{k}", nn.BatchNorm2d(cout))
        self.avgpool = nn.AvgPool2d(2)
        self.layer1 = self._make_layer(width, width, layers[0])
        self.layer2 = self._make_layer(width * 4, width * 2, layers[1], stride=2)
        self.layer3 = self._make_layer(width * 8, width * 4, layers[2], stride=2)
        self.layer4 = self._make_layer(width * 16, width * 8, layers[3], stride=2)
        self.attnpool = AttentionPool2d(image_size // 32, width * 32, heads, output_dim)

    def _make_layer(self, inplanes, planes, blocks, stride=1):
        first = Bottleneck(inplanes, planes, stride)
        rest = [Bottleneck(planes * 4, planes) for _ in range(1, blocks)]
        return nn.Sequential(first, *rest)

    def stem(self, x):
        x = F.relu(self.bn1(self.conv1(x)))  # [n, C/2, h/2, w/2]
        x = F.relu(self.bn2(self.conv2(x)))  # [n, C/2, h/2, w/2]
        x = F.relu(self.bn3(self.conv3(x)))  # [n, C, h/2, w/2]
        x = self.avgpool(x)  # [n, C, h/4, w/4]
        return x

    def forward(self, x):
        x = self.stem(x)  # [n, C, h/4, w/4]
        x = self.layer1(x)  # [n, 4C, h/4, w/4]
        x = self.layer2(x)  # [n, 8C, h/8, w/8]
        x = self.layer3(x)  # [n, 16C, h/16, w/16]
        x = self.layer4(x)  # [n, 32C, h/32, w/32]
        x = self.attnpool(x)  # [n, d_e]
        return x
