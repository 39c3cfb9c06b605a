"""Which features of the image encoder LLaVA reads: the patches of an inner layer (exercise 6.10)."""
import torch
from torch import nn


class CLIPVisionTower(nn.Module):
    def __init__(self, vision_tower, select_layer=-2, select_feature="patch"):
        super().__init__()
        self.vision_tower = vision_tower
        self.select_layer, self.select_feature = select_layer, select_feature

    def feature_select(self, image_forward_outs):
        first = 1 if self.select_feature == "patch" else 0  # [CLS] or not
        image_features = image_forward_outs.hidden_states[self.select_layer]  # [B, 1 + P, C]
        image_features = image_features[:, first:]
        return image_features

    @torch.no_grad()
    def forward(self, images):
        if type(images) is list:  # of different sizes
            return [self.forward(image[None]) for image in images]
        image_forward_outs = self.vision_tower(images, output_hidden_states=True)
        image_features = self.feature_select(image_forward_outs)  # Z_v [B, P, C]
        return image_features
