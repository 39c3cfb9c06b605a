"""How BLIP's momentum encoders and queues move (exercise 6.8).

Letters: B batch, M places of the queue, D width of a feature. Names are those of salesforce/BLIP (models/blip_pretrain.py); of its
pre-training model only these two methods stand here, because they need no encoder.
"""

import torch
from torch import nn


def concat_all_gather(tensor):
    """The features of all workers; here there is one."""
    return tensor


class BLIP_Pretrain(nn.Module):
    def __init__(self, model_pairs, embed_dim, queue_size, momentum=0.995):
        """model_pairs: [trained module, its momentum copy] each."""
        super().__init__()
        self.model_pairs = model_pairs
        self.momentum = momentum
        self.queue_size = queue_size
        self.register_buffer("image_queue", torch.zeros(embed_dim, queue_size))
        self.register_buffer("text_queue", torch.zeros(embed_dim, queue_size))
        self.register_buffer("queue_ptr", torch.zeros(1, dtype=torch.long))

    @torch.no_grad()
    def _momentum_update(self):
        """θ' ← m θ' + (1 - m) θ for every pair of weights."""
        for model, model_m in self.model_pairs:
            for param, param_m in zip(model.parameters(), model_m.parameters()):
                param_m.data = self.momentum * param_m.data + (1 - self.momentum) * param.data

    @torch.no_grad()
    def _dequeue_and_enqueue(self, image_feat, text_feat):
        """The features [B, D] of this batch take the place of the oldest ones in both queues [D, M]."""
        image_feats, text_feats = concat_all_gather(image_feat), concat_all_gather(text_feat)
        batch_size = len(image_feats)
        ptr = int(self.queue_ptr)
        self.text_queue[:, ptr : ptr + batch_size] = text_feats.T
        self.image_queue[:, ptr : ptr + batch_size] = image_feats.T
        ptr = (ptr + batch_size) % self.queue_size
        self.queue_ptr[0] = ptr
