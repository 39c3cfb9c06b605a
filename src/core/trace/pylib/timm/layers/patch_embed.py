"""Pictures to patch tokens."""

from torch import nn

from .helpers import to_2tuple


class PatchEmbed(nn.Module):
    """[B, C, H, W] -> [B, patches, embed_dim] by one strided convolution."""

    def __init__(
        self,
        img_size=224,
        patch_size=16,
        in_chans=3,
        embed_dim=768,
        norm_layer=None,
        flatten=True,
        output_fmt=None,
        bias=True,
        strict_img_size=True,
        dynamic_img_pad=False,
    ):
        super().__init__()
        if output_fmt is not None:
            refuse("timm PatchEmbed(output_fmt=...) is not supported")
        if dynamic_img_pad:
            refuse("timm PatchEmbed(dynamic_img_pad=True) is not supported")
        self.img_size = to_2tuple(img_size)
        self.patch_size = to_2tuple(patch_size)
        self.grid_size = (self.img_size[0] // self.patch_size[0], self.img_size[1] // self.patch_size[1])
        self.num_patches = self.grid_size[0] * self.grid_size[1]
        self.flatten = flatten
        self.strict_img_size = strict_img_size
        self.proj = nn.Conv2d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size, bias=bias)
        self.norm = norm_layer(embed_dim) if norm_layer else nn.Identity()

    def forward(self, x):
        height, width = x.shape[2], x.shape[3]
        if self.strict_img_size and (height, width) != self.img_size:
            raise AssertionError(f"Input image size ({height}*{width}) doesn't match model ({self.img_size[0]}*{self.img_size[1]}).")
        x = self.proj(x)
        if self.flatten:
            x = x.flatten(2).transpose(1, 2)
        return self.norm(x)
