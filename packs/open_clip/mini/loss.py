"""The contrastive losses, written as their equations (exercise 6.1).

n: pairs of the batch, d: width of the shared space. Embeddings come in with norm 1 and the scale already as e^t.
"""

import torch
from torch import nn
from torch.nn import functional as F


class ClipLoss(nn.Module):
    """CLIP's symmetric cross entropy. Arguments as upstream's; gathering the features of several processes is left out."""

    def __init__(self, local_loss=False, gather_with_grad=False, cache_labels=False, rank=0, world_size=1, use_horovod=False):
        super().__init__()
        self.local_loss = local_loss
        self.rank = rank
        self.world_size = world_size

    def get_ground_truth(self, device, num_logits):
        labels = torch.arange(num_logits, device=device)  # [n] row a belongs to column a
        if self.local_loss and self.world_size > 1:
            labels = labels + self.rank * num_logits  # [n] the rows of lower ranks come first
        return labels

    def get_logits(self, image_features, text_features, logit_scale):
        assert self.world_size == 1, "the mini runs on one device"
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


class SigLipLoss(nn.Module):
    """SigLIP's loss: every pair is a yes/no question of its own. On one device."""

    def __init__(self, cache_labels=False, rank=0, world_size=1, dist_impl=None):
        super().__init__()
        assert world_size == 1, "the mini runs on one device"

    def get_ground_truth(self, device, dtype, num_logits, negative_only=False):
        labels = -torch.ones(num_logits, num_logits, device=device, dtype=dtype)  # [n, n] all pairs are negatives …
        if not negative_only:
            labels = labels + 2 * torch.eye(num_logits, device=device, dtype=dtype)  # [n, n] … but the diagonal
        return labels

    def get_logits(self, image_features, text_features, logit_scale, logit_bias=None):
        logits = (image_features @ text_features.T) * logit_scale  # [n, n]
        if logit_bias is not None:
            logits = logits + logit_bias  # [n, n]
        return logits

    def _loss(self, image_features, text_features, logit_scale, logit_bias=None, negative_only=False):
        n = image_features.shape[0]
        logits = self.get_logits(image_features, text_features, logit_scale, logit_bias)  # [n, n]
        labels = self.get_ground_truth(logits.device, logits.dtype, n, negative_only=negative_only)  # [n, n]
        loss = -F.logsigmoid(labels * logits).sum() / n  # []
        return loss

    def forward(self, image_features, text_features, logit_scale, logit_bias, output_dict=False):
        loss = self._loss(image_features, text_features, logit_scale, logit_bias)  # []
        return {"contrastive_loss": loss} if output_dict else loss
