"""What y and z_y are: the two outputs of CLIP's text side that the prior reads (exercise 6.4)."""
from collections import namedtuple

import torch
import torch.nn.functional as F
from torch import nn

EmbeddedText = namedtuple("EmbeddedText", ["text_embed", "text_encodings"])


def l2norm(t):
    return F.normalize(t, dim=-1)


class OpenAIClipAdapter(nn.Module):
    """Listens to CLIP's final LayerNorm, so that one run gives the token features too."""

    def __init__(self, clip, eos_id=49407):
        super().__init__()
        self.clip, self.eos_id, self.cleared = clip, eos_id, False
        self.handle = clip.ln_final.register_forward_hook(self._hook)

    def _hook(self, _, inputs, outputs):
        self.text_encodings = outputs

    @property
    def max_text_len(self):
        return self.clip.context_length

    @torch.no_grad()
    def embed_text(self, text):
        text = text[..., : self.max_text_len]  # w [B, N]

        # m: true up to and including the end-of-text token, and never where the id is 0.
        is_eos_id = text == self.eos_id
        text_mask_excluding_eos = torch.cumsum(is_eos_id, dim=-1) == 0
        text_mask = F.pad(text_mask_excluding_eos, (1, -1), value=True)  # shift right by one
        text_mask = text_mask & (text != 0)

        text_embed = self.clip.encode_text(text)  # [B, D]
        text_encodings = self.text_encodings  # what the hook heard, [B, N, width]
        padding = ~text_mask[..., None]  # [B, N, 1]
        text_encodings = text_encodings.masked_fill(padding, 0.0)
        return EmbeddedText(l2norm(text_embed.float()), text_encodings.float())
