"""GLIDE's U-Net and its blocks as equations (exercise 6.5).

Letters: B batch, C channels, T = height * width places of the picture, S caption tokens, H heads, d width of the text encoder.
Constructors, parameter names and channel order are those of openai/glide-text2im, so that its weights fit.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .nn import normalization, timestep_embedding


class Upsample(nn.Module):
    """Twice the height and width by repeating, then perhaps a convolution."""

    def __init__(self, channels, use_conv, dims=2, out_channels=None):
        super().__init__()
        self.use_conv = use_conv
        if use_conv:
            self.conv = nn.Conv2d(channels, out_channels or channels, 3, padding=1)

    def forward(self, x):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        return self.conv(x) if self.use_conv else x


class Downsample(nn.Module):
    """Half the height and width by a strided convolution or by averaging."""

    def __init__(self, channels, use_conv, dims=2, out_channels=None):
        super().__init__()
        if use_conv:
            self.op = nn.Conv2d(channels, out_channels or channels, 3, stride=2, padding=1)
        else:
            self.op = nn.AvgPool2d(2)

    def forward(self, x):
        return self.op(x)


class TimestepBlock(nn.Module):
    """Whatever reads the timestep: h' = Block(h, e_t)."""

    def forward(self, x, emb):
        raise NotImplementedError


class ResBlock(TimestepBlock):
    """x [B, C, H, W], emb [B, d_e] -> [B, C', H', W']."""

    def __init__(
        self,
        channels,
        emb_channels,
        dropout,
        out_channels=None,
        use_conv=False,
        use_scale_shift_norm=False,
        dims=2,
        use_checkpoint=False,
        up=False,
        down=False,
    ):
        super().__init__()
        out_channels = out_channels or channels
        self.use_scale_shift_norm = use_scale_shift_norm
        self.updown = up or down

        self.in_layers = nn.Sequential(
            normalization(channels, swish=1.0), nn.Identity(), nn.Conv2d(channels, out_channels, 3, padding=1)
        )
        resample = Upsample if up else Downsample
        self.h_upd = resample(channels, False) if self.updown else nn.Identity()
        self.x_upd = resample(channels, False) if self.updown else nn.Identity()
        width = 2 * out_channels if use_scale_shift_norm else out_channels
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(emb_channels, width))
        self.out_layers = nn.Sequential(
            normalization(out_channels, swish=0.0 if use_scale_shift_norm else 1.0),
            nn.SiLU() if use_scale_shift_norm else nn.Identity(),
            nn.Dropout(dropout),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
        )
        if out_channels == channels:
            self.skip_connection = nn.Identity()
        else:
            size = 3 if use_conv else 1
            self.skip_connection = nn.Conv2d(channels, out_channels, size, padding=size // 2)

    def forward(self, x, emb):
        if self.updown:
            *in_rest, in_conv = self.in_layers
            h = nn.Sequential(*in_rest)(x)
            x, h = self.x_upd(x), self.h_upd(h)  # both arms change their size
            h = in_conv(h)
        else:
            h = self.in_layers(x)  # conv(SiLU(GN(x)))
        emb_out = self.emb_layers(emb)  # W SiLU(e_t) + c: [B, 2C' or C']
        emb_out = emb_out[:, :, None, None]
        if not self.use_scale_shift_norm:
            h = h + emb_out
            h = self.out_layers(h)  # conv(SiLU(GN(h)))
        else:
            scale, shift = emb_out.chunk(2, dim=1)  # s, b: [B, C', 1, 1]
            out_norm, out_rest = self.out_layers[0], self.out_layers[1:]
            h = (1 + scale) * out_norm(h) + shift
            h = out_rest(h)  # conv(SiLU(h'))
        return h + self.skip_connection(x)


class QKVAttention(nn.Module):
    """qkv [B, H·3·C, T], encoder_kv [B, H·2·C, S] -> [B, H·C, T]; heads outermost, q | k | v inside each."""

    def __init__(self, n_heads):
        super().__init__()
        self.n_heads = n_heads

    def forward(self, qkv, encoder_kv=None):
        batch, width, length = qkv.shape
        ch = width // (3 * self.n_heads)
        q, k, v = qkv.reshape(batch * self.n_heads, 3 * ch, length).split(ch, dim=1)  # [B·H, C, T] each
        if encoder_kv is not None:
            ek, ev = encoder_kv.reshape(batch * self.n_heads, 2 * ch, -1).split(ch, dim=1)  # [B·H, C, S] each
            k = torch.cat([ek, k], dim=2)  # K̃ = [K_y ; K]
            v = torch.cat([ev, v], dim=2)  # Ṽ = [V_y ; V]
        weight = q.transpose(1, 2) @ k / math.sqrt(ch)  # Qᵀ K̃ / √C: [B·H, T, S+T]
        weight = weight.softmax(dim=-1)  # A
        a = v @ weight.transpose(1, 2)  # Ṽ Aᵀ: [B·H, C, T]
        return a.reshape(batch, -1, length)


class AttentionBlock(nn.Module):
    """x [B, C, H, W], encoder_out [B, d, L] -> [B, C, H, W]."""

    def __init__(self, channels, num_heads=1, num_head_channels=-1, use_checkpoint=False, encoder_channels=None):
        super().__init__()
        self.num_heads = num_heads if num_head_channels == -1 else channels // num_head_channels
        self.norm = normalization(channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.attention = QKVAttention(self.num_heads)
        if encoder_channels is not None:
            self.encoder_kv = nn.Conv1d(encoder_channels, 2 * channels, 1)
        self.proj_out = nn.Conv1d(channels, channels, 1)

    def forward(self, x, encoder_out=None):
        b, c, *spatial = x.shape
        qkv = self.qkv(self.norm(x).reshape(b, c, -1))  # [B, 3C, T]
        if encoder_out is None:
            h = self.attention(qkv)
        else:
            encoder_out = self.encoder_kv(encoder_out)  # [K_y ; V_y]: [B, 2C, L]
            h = self.attention(qkv, encoder_out)
        h = self.proj_out(h)
        return h.reshape(b, c, *spatial) + x


class TimestepEmbedSequential(nn.Sequential, TimestepBlock):
    """Layers in a row; each is given the condition that its type reads."""

    def forward(self, x, emb, encoder_out=None):
        for layer in self:
            if isinstance(layer, AttentionBlock):
                x = layer(x, encoder_out)
            elif isinstance(layer, TimestepBlock):
                x = layer(x, emb)
            else:
                x = layer(x)
        return x


class UNetModel(nn.Module):
    """x [B, in_channels, H, W], timesteps [B] -> [B, out_channels, H, W]."""

    def __init__(
        self,
        in_channels,
        model_channels,
        out_channels,
        num_res_blocks,
        attention_resolutions,
        dropout=0,
        channel_mult=(1, 2, 4, 8),
        conv_resample=True,
        dims=2,
        num_classes=None,
        use_checkpoint=False,
        use_fp16=False,
        num_heads=1,
        num_head_channels=-1,
        num_heads_upsample=-1,
        use_scale_shift_norm=False,
        resblock_updown=False,
        encoder_channels=None,
    ):
        super().__init__()
        self.model_channels = model_channels
        self.num_classes = num_classes
        emb_width = 4 * model_channels
        self.time_embed = nn.Sequential(
            nn.Linear(model_channels, emb_width), nn.SiLU(), nn.Linear(emb_width, emb_width)
        )
        if num_classes is not None:
            self.label_emb = nn.Embedding(num_classes, emb_width)

        def res(ch_in, ch_out, up=False, down=False):
            film = use_scale_shift_norm
            return ResBlock(ch_in, emb_width, dropout, ch_out, use_scale_shift_norm=film, up=up, down=down)

        def attention(ch, heads):
            return AttentionBlock(ch, heads, num_head_channels, encoder_channels=encoder_channels)

        heads_up = num_heads if num_heads_upsample == -1 else num_heads_upsample
        widths = [int(mult * model_channels) for mult in channel_mult]
        first = ch = widths[0]
        rate = 1  # how many times smaller than the picture
        self.input_blocks = nn.ModuleList([TimestepEmbedSequential(nn.Conv2d(in_channels, ch, 3, padding=1))])
        skips = [ch]  # channels of every h_i
        for level, width in enumerate(widths):
            for _ in range(num_res_blocks):
                layers = [res(ch, width)]
                ch = width
                if rate in attention_resolutions:
                    layers.append(attention(ch, num_heads))
                self.input_blocks.append(TimestepEmbedSequential(*layers))
                skips.append(ch)
            if level + 1 < len(widths):
                smaller = res(ch, ch, down=True) if resblock_updown else Downsample(ch, conv_resample)
                self.input_blocks.append(TimestepEmbedSequential(smaller))
                skips.append(ch)
                rate *= 2

        self.middle_block = TimestepEmbedSequential(res(ch, ch), attention(ch, num_heads), res(ch, ch))

        self.output_blocks = nn.ModuleList([])
        for level in reversed(range(len(widths))):
            for i in range(num_res_blocks + 1):
                layers = [res(ch + skips.pop(), widths[level])]
                ch = widths[level]
                if rate in attention_resolutions:
                    layers.append(attention(ch, heads_up))
                if level > 0 and i == num_res_blocks:
                    layers.append(res(ch, ch, up=True) if resblock_updown else Upsample(ch, conv_resample))
                    rate //= 2
                self.output_blocks.append(TimestepEmbedSequential(*layers))

        self.out = nn.Sequential(
            normalization(ch, swish=1.0), nn.Identity(), nn.Conv2d(first, out_channels, 3, padding=1)
        )

    def forward(self, x, timesteps, y=None):
        emb = self.time_embed(timestep_embedding(timesteps, self.model_channels))  # MLP(TE(t))
        if self.num_classes is not None:
            emb = emb + self.label_emb(y)
        h, hs = x, []
        for block in self.input_blocks:
            h = block(h, emb)
            hs.append(h)
        h = self.middle_block(h, emb)
        for block, skip in zip(self.output_blocks, reversed(hs)):
            h = torch.cat([h, skip], dim=1)
            h = block(h, emb)
        return self.out(h)
