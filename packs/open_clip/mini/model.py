"""CLIP: two towers into one space, written as its equations (exercises 6.1 and 6.2). n: pairs, d_e: width of the shared space."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from .modified_resnet import ModifiedResNet
from .transformer import QuickGELU, TextTransformer, VisionTransformer, text_global_pool


def _build_vision_tower(embed_dim, vision_cfg, quick_gelu=False, cast_dtype=None):
    """A list of layers means a ResNet, a number a vision transformer. vision_cfg: dict with upstream's keys."""
    cfg = dict(vision_cfg)
    layers, width, head_width = cfg.pop("layers"), cfg.pop("width"), cfg.pop("head_width", 64)
    act_layer = QuickGELU if quick_gelu else nn.GELU
    if isinstance(layers, (tuple, list)):
        visual = ModifiedResNet(
            layers=layers, output_dim=embed_dim, heads=width * 32 // head_width, image_size=cfg["image_size"], width=width
        )
    else:
        cfg.setdefault("mlp_ratio", 4.0)
        visual = VisionTransformer(
            width=width, layers=layers, heads=width // head_width, output_dim=embed_dim, act_layer=act_layer, **cfg
        )
    return visual


def _build_text_tower(embed_dim, text_cfg, quick_gelu=False, cast_dtype=None):
    """text_cfg: dict with upstream's keys."""
    act_layer = QuickGELU if quick_gelu else nn.GELU
    text = TextTransformer(output_dim=embed_dim, act_layer=act_layer, **text_cfg)
    return text


class CLIP(nn.Module):
    """The parts of the text tower are CLIP's own attributes."""

    def __init__(
        self,
        embed_dim,
        vision_cfg,
        text_cfg,
        quick_gelu=False,
        init_logit_scale=math.log(1 / 0.07),
        init_logit_bias=None,
        nonscalar_logit_scale=False,
        cast_dtype=None,
        output_dict=False,
    ):
        super().__init__()
        shape = [1] if nonscalar_logit_scale else []
        text = _build_text_tower(embed_dim, text_cfg, quick_gelu)
        self.visual = _build_vision_tower(embed_dim, vision_cfg, quick_gelu)
        for part in ["token_embedding", "positional_embedding", "transformer", "ln_final", "text_projection"]:
            setattr(self, part, getattr(text, part))
        self.text_pool_type = text.pool_type
        self.register_buffer("attn_mask", text.attn_mask, persistent=False)
        self.logit_scale = nn.Parameter(torch.ones(shape) * init_logit_scale)  # t
        self.logit_bias = None if init_logit_bias is None else nn.Parameter(torch.ones(shape) * init_logit_bias)
        self.output_dict = output_dict

    def encode_image(self, image, normalize=False):
        features = self.visual(image)  # [n, d_e] I_f W_i
        if not normalize:
            return features
        return F.normalize(features, dim=-1)  # [n, d_e] I_e

    def encode_text(self, text, normalize=False):
        x = self.token_embedding(text)  # [n, L, d]
        x = x + self.positional_embedding  # [n, L, d]
        x = self.transformer(x, attn_mask=self.attn_mask)  # [n, L, d]
        x = self.ln_final(x)  # [n, L, d]
        x = text_global_pool(x, text, self.text_pool_type)[0]  # [n, d]
        if isinstance(self.text_projection, nn.Linear):
            x = self.text_projection(x)  # [n, d_e]
        elif self.text_projection is not None:
            x = x @ self.text_projection  # [n, d_e]
        if not normalize:
            return x
        return F.normalize(x, dim=-1)  # [n, d_e] T_e

    def get_logits(self, image, text):
        image_features = self.encode_image(image, normalize=True)  # [n, d_e] I_e
        text_features = self.encode_text(text, normalize=True)  # [n, d_e] T_e
        image_logits = (image_features @ text_features.T) * self.logit_scale.exp()  # [n, n]
        if self.logit_bias is not None:
            image_logits = image_logits + self.logit_bias
        text_logits = image_logits.T  # [n, n]
        return image_logits, text_logits

    def forward(self, image=None, text=None):
        image_features = None if image is None else self.encode_image(image, normalize=True)  # [n, d_e] I_e
        text_features = None if text is None else self.encode_text(text, normalize=True)  # [n, d_e] T_e
        return image_features, text_features, self.logit_scale.exp()


class CustomTextCLIP(nn.Module):
    """The text tower is a module of its own."""

    def __init__(
        self,
        embed_dim,
        vision_cfg,
        text_cfg,
        quick_gelu=False,
        init_logit_scale=math.log(1 / 0.07),
        init_logit_bias=None,
        nonscalar_logit_scale=False,
        cast_dtype=None,
        output_dict=False,
    ):
        super().__init__()
        shape = [1] if nonscalar_logit_scale else []
        self.visual = _build_vision_tower(embed_dim, vision_cfg, quick_gelu)
        self.text = _build_text_tower(embed_dim, text_cfg, quick_gelu)
        self.logit_scale = nn.Parameter(torch.ones(shape) * init_logit_scale)  # t
        self.logit_bias = None if init_logit_bias is None else nn.Parameter(torch.ones(shape) * init_logit_bias)
        self.output_dict = output_dict

    def encode_image(self, image, normalize=False):
        features = self.visual(image)  # [n, d_e] I_f W_i
        if not normalize:
            return features
        return F.normalize(features, dim=-1)  # [n, d_e] I_e

    def encode_text(self, text, normalize=False):
        features = self.text(text)  # [n, d_e] T_f W_t
        if not normalize:
            return features
        return F.normalize(features, dim=-1)  # [n, d_e] T_e

    def get_logits(self, image, text):
        image_features = self.encode_image(image, normalize=True)  # [n, d_e] I_e
        text_features = self.encode_text(text, normalize=True)  # [n, d_e] T_e
        image_logits = (image_features @ text_features.T) * self.logit_scale.exp()  # [n, n]
        if self.logit_bias is not None:
            image_logits = image_logits + self.logit_bias
        text_logits = image_logits.T  # [n, n]
        return image_logits, text_logits

    def forward(self, image=None, text=None):
        image_features = None if image is None else self.encode_image(image, normalize=True)  # [n, d_e] I_e
        text_features = None if text is None else self.encode_text(text, normalize=True)  # [n, d_e] T_e
        return image_features, text_features, self.logit_scale.exp()
