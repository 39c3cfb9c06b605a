"""CLIP's vision tower, under the names transformers gives its parts."""

import torch
from torch import nn

from transformers.activations import ACT2FN
from transformers.configuration_utils import PretrainedConfig
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.modeling_utils import PreTrainedModel


class CLIPVisionConfig(PretrainedConfig):
    model_type = "clip_vision_model"

    def __init__(
        self,
        hidden_size=768,
        intermediate_size=3072,
        projection_dim=512,
        num_hidden_layers=12,
        num_attention_heads=12,
        num_channels=3,
        image_size=224,
        patch_size=32,
        hidden_act="quick_gelu",
        layer_norm_eps=1e-5,
        attention_dropout=0.0,
        initializer_range=0.02,
        initializer_factor=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.hidden_size = hidden_size
        self.intermediate_size = intermediate_size
        self.projection_dim = projection_dim
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.num_channels = num_channels
        self.image_size = image_size
        self.patch_size = patch_size
        self.hidden_act = hidden_act
        self.layer_norm_eps = layer_norm_eps
        self.attention_dropout = attention_dropout
        self.initializer_range = initializer_range
        self.initializer_factor = initializer_factor


class CLIPVisionEmbeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.class_embedding = nn.Parameter(torch.randn(config.hidden_size))
        self.patch_embedding = nn.Conv2d(
            config.num_channels, config.hidden_size, kernel_size=config.patch_size, stride=config.patch_size, bias=False
        )
        positions = (config.image_size // config.patch_size) ** 2 + 1
        self.position_embedding = nn.Embedding(positions, config.hidden_size)
        self.register_buffer("position_ids", torch.arange(positions).expand((1, -1)), persistent=False)

    def forward(self, pixel_values):
        patches = self.patch_embedding(pixel_values.to(dtype=self.patch_embedding.weight.dtype))
        patches = patches.flatten(2).transpose(1, 2)
        classes = self.class_embedding.expand(pixel_values.shape[0], 1, -1)
        return torch.cat([classes, patches], dim=1) + self.position_embedding(self.position_ids)


class CLIPAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.num_heads = config.num_attention_heads
        width = config.hidden_size
        if width % self.num_heads != 0:
            raise ValueError(f"embed_dim must be divisible by num_heads (got `embed_dim`: {width} and `num_heads`: {self.num_heads}).")
        self.scale = (width // self.num_heads) ** -0.5
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def _split(self, x):
        batch, length, width = x.shape
        return x.reshape(batch, length, self.num_heads, width // self.num_heads).transpose(1, 2)

    def forward(self, hidden_states):
        batch, length, width = hidden_states.shape
        q = self._split(self.q_proj(hidden_states) * self.scale)
        k = self._split(self.k_proj(hidden_states))
        v = self._split(self.v_proj(hidden_states))
        attn_weights = torch.softmax(q @ k.transpose(-2, -1), dim=-1)
        attn_output = (attn_weights @ v).transpose(1, 2).reshape(batch, length, width)
        return self.out_proj(attn_output), attn_weights


class CLIPMLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.activation_fn = ACT2FN[config.hidden_act]
        self.fc1 = nn.Linear(config.hidden_size, config.intermediate_size)
        self.fc2 = nn.Linear(config.intermediate_size, config.hidden_size)

    def forward(self, hidden_states):
        return self.fc2(self.activation_fn(self.fc1(hidden_states)))


class CLIPEncoderLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn = CLIPAttention(config)
        self.layer_norm1 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.mlp = CLIPMLP(config)
        self.layer_norm2 = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, hidden_states):
        attended, attn_weights = self.self_attn(self.layer_norm1(hidden_states))
        hidden_states = hidden_states + attended
        hidden_states = hidden_states + self.mlp(self.layer_norm2(hidden_states))
        return hidden_states, attn_weights


class CLIPEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layers = nn.ModuleList([CLIPEncoderLayer(config) for _ in range(config.num_hidden_layers)])

    def forward(self, hidden_states):
        states, attentions = (hidden_states,), ()
        for layer in self.layers:
            hidden_states, attn_weights = layer(hidden_states)
            states = states + (hidden_states,)
            attentions = attentions + (attn_weights,)
        return states, attentions


class CLIPVisionTransformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embeddings = CLIPVisionEmbeddings(config)
        self.pre_layrnorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.encoder = CLIPEncoder(config)
        self.post_layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, pixel_values):
        hidden_states = self.pre_layrnorm(self.embeddings(pixel_values))
        states, attentions = self.encoder(hidden_states)
        return states, attentions, self.post_layernorm(states[-1][:, 0, :])


class CLIPVisionModel(PreTrainedModel):
    config_class = CLIPVisionConfig
    main_input_name = "pixel_values"

    def __init__(self, config):
        super().__init__(config)
        self.vision_model = CLIPVisionTransformer(config)

    def get_input_embeddings(self):
        return self.vision_model.embeddings.patch_embedding

    def forward(self, pixel_values=None, output_attentions=None, output_hidden_states=None, return_dict=None):
        if pixel_values is None:
            raise ValueError("You have to specify pixel_values")
        states, attentions, pooled = self.vision_model(pixel_values)
        keep_states = output_hidden_states if output_hidden_states is not None else self.config.output_hidden_states
        keep_attentions = output_attentions if output_attentions is not None else self.config.output_attentions
        output = BaseModelOutputWithPooling(
            last_hidden_state=states[-1],
            pooler_output=pooled,
            hidden_states=states if keep_states else None,
            attentions=attentions if keep_attentions else None,
        )
        use_dict = return_dict if return_dict is not None else self.config.use_return_dict
        return output if use_dict else output.to_tuple()


class CLIPImageProcessor:
    def __init__(self, *args, **kwargs):
        refuse("transformers.CLIPImageProcessor: pictures come in as tensors of the right size")

    @classmethod
    def from_pretrained(cls, *args, **kwargs):
        refuse("transformers.CLIPImageProcessor.from_pretrained: nothing can be read or downloaded here")
