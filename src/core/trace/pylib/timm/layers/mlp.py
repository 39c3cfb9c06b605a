"""The two-layer perceptron of transformer blocks."""

from functools import partial

from torch import nn

from .helpers import to_2tuple


class Mlp(nn.Module):
    def __init__(
        self,
        in_features,
        hidden_features=None,
        out_features=None,
        act_layer=nn.GELU,
        norm_layer=None,
        bias=True,
        drop=0.0,
        use_conv=False,
    ):
        super().__init__()
        inside = hidden_features or in_features
        first_bias, second_bias = to_2tuple(bias)
        layer = partial(nn.Conv2d, kernel_size=1) if use_conv else nn.Linear
        self.fc1 = layer(in_features, inside, bias=first_bias)
        self.fc2 = layer(inside, out_features or in_features, bias=second_bias)
        self.drop1, self.drop2 = (nn.Dropout(share) for share in to_2tuple(drop))
        self.act = act_layer()
        self.norm = nn.Identity() if norm_layer is None else norm_layer(inside)

    def forward(self, x):
        x = self.drop1(self.act(self.fc1(x)))
        return self.drop2(self.fc2(self.norm(x)))
