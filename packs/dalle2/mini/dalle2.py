"""unCLIP in two draws: p(x | y) = p(x | z_x, y) p(z_x | y) (exercise 6.3)."""
import torch
from torch import nn


class DALLE2(nn.Module):
    def __init__(self, *, prior, decoder, prior_num_samples=2):
        super().__init__()
        self.prior, self.decoder = prior, decoder
        self.prior_num_samples = prior_num_samples
        self.decoder_need_text_cond = decoder.condition_on_text_encodings

    @torch.no_grad()
    def forward(self, text, cond_scale=1.0, prior_cond_scale=1.0, return_pil_images=False):
        image_embed = self.prior.sample(  # z_x ~ p(z_x | y)
            text, num_samples_per_batch=self.prior_num_samples, cond_scale=prior_cond_scale
        )
        known = {"text": text} if self.decoder_need_text_cond else {}
        images = self.decoder.sample(image_embed=image_embed, cond_scale=cond_scale, **known)  # x ~ p(x | z_x, y)
        return images[0] if len(text) == 1 else images
