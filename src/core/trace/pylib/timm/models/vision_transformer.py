"""What files that define their own vision transformer import from timm, with the defaults of timm up to 0.9 (later norms have eps 1e-6)."""

from torch import nn, ones

from timm.layers import DropPath, Mlp, PatchEmbed, trunc_normal_

default_cfgs = {}


def _cfg(url="", **kwargs):
    config = {"url": url, "num_classes": 1000, "input_size": (3, 224, 224), "pool_size": None}
    config.update(kwargs)
    return config


def _load_weights(*args, **kwargs):
    refuse("timm.models.vision_transformer._load_weights: files cannot be read here")


class LayerScale(nn.Module):
    """A learned factor per channel."""

    def __init__(self, dim, init_values=1e-5, inplace=False):
        super().__init__()
        self.inplace = inplace
        self.gamma = nn.Parameter(init_values * ones(dim))

    def forward(self, x):
        return x.mul_(self.gamma) if self.inplace else x * self.gamma


class Attention(nn.Module):
    """Self-attention over [B, N, C]; norms of queries and keys where `qk_norm` asks for them, a scale of one's own by `qk_scale`."""

    def __init__(
        self,
        dim,
        num_heads=8,
        qkv_bias=False,
        qk_norm=False,
        proj_bias=True,
        attn_drop=0.0,
        proj_drop=0.0,
        norm_layer=nn.LayerNorm,
        *,
        qk_scale=None,
    ):
        super().__init__()
        assert dim % num_heads == 0, "dim should be divisible by num_heads"
        self.num_heads, self.head_dim = num_heads, dim // num_heads
        self.scale = qk_scale or self.head_dim**-0.5
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.q_norm = norm_layer(self.head_dim) if qk_norm else nn.Identity()
        self.k_norm = norm_layer(self.head_dim) if qk_norm else nn.Identity()
        self.attn_drop = nn.Dropout(attn_drop)
        self.proj = nn.Linear(dim, dim, bias=proj_bias)
        self.proj_drop = nn.Dropout(proj_drop)

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).reshape(batch, tokens, 3, self.num_heads, self.head_dim).permute(2, 0, 3, 1, 4).unbind(0)
        q, k = self.q_norm(q), self.k_norm(k)
        weights = self.attn_drop((q * self.scale @ k.transpose(-2, -1)).softmax(dim=-1))
        return self.proj_drop(self.proj((weights @ v).transpose(1, 2).reshape(batch, tokens, width)))


class Block(nn.Module):
    """Norm, attention, norm, perceptron, each half added to the stream. `drop` is the older name of `proj_drop`."""

    def __init__(
        self,
        dim,
        num_heads,
        mlp_ratio=4.0,
        qkv_bias=False,
        *,
        qk_norm=False,
        qk_scale=None,
        proj_drop=0.0,
        drop=0.0,
        attn_drop=0.0,
        init_values=None,
        drop_path=0.0,
        act_layer=nn.GELU,
        norm_layer=nn.LayerNorm,
    ):
        super().__init__()
        drop = drop or proj_drop

        def scale():
            return LayerScale(dim, init_values=init_values) if init_values else nn.Identity()

        def path():
            return DropPath(drop_path) if drop_path > 0.0 else nn.Identity()

        self.norm1 = norm_layer(dim)
        self.attn = Attention(
            dim, num_heads, qkv_bias, qk_norm, attn_drop=attn_drop, proj_drop=drop, norm_layer=norm_layer, qk_scale=qk_scale
        )
        self.ls1, self.drop_path1 = scale(), path()
        self.norm2 = norm_layer(dim)
        self.mlp = Mlp(in_features=dim, hidden_features=int(dim * mlp_ratio), act_layer=act_layer, drop=drop)
        self.ls2, self.drop_path2 = scale(), path()

    def forward(self, x):
        x = x + self.drop_path1(self.ls1(self.attn(self.norm1(x))))
        return x + self.drop_path2(self.ls2(self.mlp(self.norm2(x))))


class VisionTransformer:
    def __init__(self, *args, **kwargs):
        refuse("timm.models.vision_transformer.VisionTransformer: timm's model zoo is not supported")


def __getattr__(name):
    """What this library has and we have not is refused by name when it is used."""
    if name.startswith("__"):
        raise AttributeError(f"module 'timm.models.vision_transformer' has no attribute '{name}'")
    refuse(f"timm.models.vision_transformer.{name} is not supported")
