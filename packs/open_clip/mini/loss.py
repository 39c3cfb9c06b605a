"""The contrastive losses, written as their equations (exercise 6.1).

n: pairs of the batch, d: width of the shared space. Embeddings come in with norm 1 and the scale already as e^t.
"""

import torch
from torch import nn
from torch.nn import functional as F


class ClipLoss(nn.Module):
    """CLIP's symmetric cross entropy on one device. Arguments as upstream's; gathering over processes is left out."""

    def __init__(self, local_loss=False, gather_with_grad=False, cache_labels=False, rank=0, world_size=1, use_horovod=False):
        super().__init__()
        assert world_size == 1, "the mini runs on one device"

    def get_ground_truth(self, device, num_logits):
        labels = torch.arange(num_logits, device=device)  # [n] row a belongs to column a
        return labels

    def get_logits(self, image_features, text_features, logit_scale):
        logits_per_image = (image_features @ text_features.T) * logit_scale  # [n, n] a row per image
        logits_per_text = (text_features @ image_features.T) * logit_scale  # [n, n] a row per text
        return logits_per_image, logits_per_text

    def forward(self, image_features, text_features, logit_scale, output_dict=False):
        logits_per_image, logits_per_text = self.get_logits(image_features, text_features, logit_scale)  # [n, n] twice
        labels = self.get_ground_truth(image_features.device, logits_per_image.shape[0])  # [n]
        loss_i = F.cross_entropy(logits_per_image, labels)  # [] each image among all texts
        loss_t = F.cross_entropy(logits_per_text, labels)  # [] each text among all images
        total_loss = (loss_i + loss_t) / 2  # []
        return {"contrastive_loss": total_loss} if output_dict else total_loss
