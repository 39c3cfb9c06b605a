"""GLIDE's text-conditional U-Net as equations (exercise 6.5).

Letters: B batch, L caption tokens, d width of the text encoder, M = model_channels. Constructors and parameter names are those of
openai/glide-text2im, so that its weights fit.
"""

import torch
from torch import nn

from .nn import timestep_embedding
from .unet import UNetModel
from .xf import Transformer


class Text2ImUNet(UNetModel):
    """The U-Net with a caption: tokens [B, L], mask [B, L] (true where a token is real)."""

    def __init__(
        self,
        text_ctx,
        xf_width,
        xf_layers,
        xf_heads,
        xf_final_ln,
        tokenizer,
        *args,
        cache_text_emb=False,
        xf_ar=0.0,
        xf_padding=False,
        share_unemb=False,
        **kwargs,
    ):
        super().__init__(*args, **kwargs, encoder_channels=xf_width or None)
        self.xf_width = xf_width
        self.xf_padding = xf_padding
        if not xf_width:
            return
        self.transformer = Transformer(text_ctx, xf_width, xf_layers, xf_heads)
        self.final_ln = nn.LayerNorm(xf_width) if xf_final_ln else None
        self.token_embedding = nn.Embedding(tokenizer.n_vocab, xf_width)
        self.positional_embedding = nn.Parameter(torch.zeros(text_ctx, xf_width))
        self.transformer_proj = nn.Linear(xf_width, 4 * self.model_channels)
        if xf_padding:
            self.padding_embedding = nn.Parameter(torch.zeros(text_ctx, xf_width))

    def get_text_emb(self, tokens, mask):
        xf_in = self.token_embedding(tokens.long())  # E_y [B, L, d]
        xf_in = xf_in + self.positional_embedding  # E_y + P
        if self.xf_padding:
            xf_in = torch.where(mask.unsqueeze(-1), xf_in, self.padding_embedding)  # X
        xf_out = self.transformer(xf_in)
        if self.final_ln is not None:
            xf_out = self.final_ln(xf_out)  # H [B, L, d]
        last = xf_out[:, -1]  # [B, d]
        xf_proj = self.transformer_proj(last)  # y_proj [B, 4·M]
        xf_out = xf_out.transpose(1, 2)  # y_out = Hᵀ [B, d, L]
        return {"xf_proj": xf_proj, "xf_out": xf_out}

    def forward(self, x, timesteps, tokens=None, mask=None):
        emb = self.time_embed(timestep_embedding(timesteps, self.model_channels))  # MLP(TE(t))
        xf_out = None
        if self.xf_width:
            caption = self.get_text_emb(tokens, mask)
            xf_proj = caption["xf_proj"]  # [B, 4·M]
            xf_out = caption["xf_out"]  # [B, d, L]
            emb = emb + xf_proj  # e_t
        h, hs = x, []
        for block in self.input_blocks:
            h = block(h, emb, xf_out)
            hs.append(h)  # h_i waits for the way up
        h = self.middle_block(h, emb, xf_out)
        for block, skip in zip(self.output_blocks, reversed(hs)):
            h = torch.cat([h, skip], dim=1)  # [u_i ; h_i]
            h = block(h, emb, xf_out)
        h = self.out(h)  # ε_θ
        return h
