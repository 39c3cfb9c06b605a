"""LLaVA in one page: the image spliced into the instruction, and the likelihood of the answer (exercise 6.10).

Shapes: B batch, n tokens, n' tokens with the image, P patches, D width of the language model, V vocabulary.
"""
import torch
import torch.nn.functional as F
from torch import nn

IGNORE_INDEX = -100
IMAGE_TOKEN_INDEX = -200


class LlavaMetaForCausalLM:
    """To be mixed into a language model that offers get_model()."""

    def get_vision_tower(self):
        return self.get_model().get_vision_tower()

    def encode_images(self, images):
        model = self.get_model()
        image_features = model.get_vision_tower()(images)  # Z_v [images, P, C]
        image_features = model.mm_projector(image_features)  # H_v [images, P, D]
        return image_features

    def prepare_inputs_labels_for_multimodal(
        self, input_ids, position_ids, attention_mask, past_key_values, labels, images, image_sizes=None
    ):
        """X_instruct = [X_v; X_q]: the image features stand where the placeholder stood."""
        if self.get_vision_tower() is None or images is None or input_ids.shape[1] == 1:
            return input_ids, position_ids, attention_mask, past_key_values, None, labels
        image_features = self.encode_images(images)

        given_mask, given_labels, given_positions = attention_mask, labels, position_ids
        if attention_mask is None:
            attention_mask = torch.ones_like(input_ids)
        if labels is None:
            labels = torch.full_like(input_ids, IGNORE_INDEX)
        keep = attention_mask.bool()
        input_ids = [ids[m] for ids, m in zip(input_ids, keep)]  # without padding
        labels = [row[m] for row, m in zip(labels, keep)]

        new_input_embeds, new_labels = [], []
        cur_image_idx = 0
        for cur_input_ids, cur_labels in zip(input_ids, labels):
            num_images = int((cur_input_ids == IMAGE_TOKEN_INDEX).sum())
            if num_images == 0:
                new_input_embeds.append(self.get_model().embed_tokens(cur_input_ids))
                new_labels.append(cur_labels)
                cur_image_idx += 1  # a text without an image still takes its turn
                continue
            image_token_indices = torch.where(cur_input_ids == IMAGE_TOKEN_INDEX)[0].tolist()
            cuts = [-1] + image_token_indices + [len(cur_input_ids)]
            cur_input_ids_noim = [cur_input_ids[a + 1 : b] for a, b in zip(cuts[:-1], cuts[1:])]
            cur_labels_noim = [cur_labels[a + 1 : b] for a, b in zip(cuts[:-1], cuts[1:])]

            split_sizes = [len(part) for part in cur_labels_noim]
            cur_input_embeds = self.get_model().embed_tokens(torch.cat(cur_input_ids_noim))
            cur_input_embeds_no_im = torch.split(cur_input_embeds, split_sizes, dim=0)

            # The words before the first image, then each image with the words behind it.
            cur_new_input_embeds, cur_new_labels = [cur_input_embeds_no_im[0]], [cur_labels_noim[0]]
            for words, word_labels in zip(cur_input_embeds_no_im[1:], cur_labels_noim[1:]):
                cur_image_features = image_features[cur_image_idx]  # [P, D]
                cur_image_idx += 1
                cur_new_input_embeds += [cur_image_features, words]
                cur_new_labels += [torch.full((len(cur_image_features),), IGNORE_INDEX), word_labels]

            cur_new_input_embeds = torch.cat(cur_new_input_embeds)  # H [n', D]
            new_input_embeds.append(cur_new_input_embeds)
            cur_new_labels = torch.cat(cur_new_labels)
            new_labels.append(cur_new_labels)

        limit = getattr(self.config, "tokenizer_model_max_length", None)
        new_input_embeds = [x[:limit] for x in new_input_embeds]
        new_labels = [x[:limit] for x in new_labels]

        # Pad to the longest and stack.
        max_len = max(len(x) for x in new_input_embeds)
        left = getattr(self.config, "tokenizer_padding_side", "right") == "left"
        new_labels_padded = torch.full((len(new_labels), max_len), IGNORE_INDEX, dtype=torch.long)
        attention_mask = torch.zeros_like(new_labels_padded)
        position_ids = torch.zeros_like(new_labels_padded)
        new_input_embeds_padded = []
        for i, (cur_new_embed, cur_new_labels) in enumerate(zip(new_input_embeds, new_labels)):
            cur_len = len(cur_new_embed)
            start = max_len - cur_len if left else 0
            rows = slice(start, start + cur_len)
            after = max_len - start - cur_len
            new_input_embeds_padded.append(F.pad(cur_new_embed, (0, 0, start, after)))
            new_labels_padded[i, rows] = cur_new_labels
            attention_mask[i, rows] = 1
            position_ids[i, rows] = torch.arange(cur_len)
        new_input_embeds = torch.stack(new_input_embeds_padded, dim=0)  # X_instruct [B, n', D]

        new_labels = None if given_labels is None else new_labels_padded
        attention_mask = None if given_mask is None else attention_mask.to(given_mask.dtype)
        position_ids = None if given_positions is None else position_ids
        return None, position_ids, attention_mask, past_key_values, new_input_embeds, new_labels


def answer_logprob(logits, labels):
    """log p(X_a | X_instruct) = sum_i log p(x_i | X_instruct, X_a,<i).

    logits [B, n, V] score the token that comes next; labels [B, n] are -100 outside the answer.
    Returns the log-probability of each answer token [B, n - 1] (0 elsewhere), their sum [B] and the mean loss.
    """
    targets = labels[:, 1:]  # logits at i are about token i + 1
    is_answer = targets != IGNORE_INDEX
    logp = F.log_softmax(logits[:, :-1], dim=-1)
    picked = logp.gather(-1, targets.clamp(min=0)[..., None])[..., 0]
    token_logprob = torch.where(is_answer, picked, torch.zeros_like(picked))
    sequence_logprob = token_logprob.sum(dim=-1)
    mean_nll = -token_logprob.sum() / is_answer.sum()
    return token_logprob, sequence_logprob, mean_nll


# ------------------------------------------------------------------ the language model: a small Llama


class LlavaConfig:
    def __init__(self, **kwargs):
        self.rms_norm_eps, self.rope_theta = 1e-6, 10000.0
        for name, value in kwargs.items():
            setattr(self, name, value)


class RMSNorm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)


class SelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, self.heads, self.theta = config.hidden_size, config.num_attention_heads, config.rope_theta
        self.q_proj, self.k_proj = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.v_proj, self.o_proj = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)

    def forward(self, x, mask, position_ids):
        b, n, width = x.shape

        def heads(t):
            return t.view(b, n, self.heads, -1).transpose(1, 2)  # [B, heads, n, C]

        q, k, v = heads(self.q_proj(x)), heads(self.k_proj(x)), heads(self.v_proj(x))
        c = q.shape[-1]
        freqs = self.theta ** -(torch.arange(0, c, 2).float() / c)
        angles = position_ids[:, None, :, None].float() * freqs.repeat(2)  # [B, 1, n, C]

        def turn(t):
            first, second = t.chunk(2, dim=-1)
            return t * angles.cos() + torch.cat((-second, first), dim=-1) * angles.sin()

        weights = (turn(q) @ turn(k).transpose(-2, -1) / c**0.5 + mask).softmax(dim=-1)
        return self.o_proj((weights @ v).transpose(1, 2).reshape(b, n, width))


class SwiGLU(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, inner = config.hidden_size, config.intermediate_size
        self.gate_proj, self.up_proj = nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
        self.down_proj = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn, self.mlp = SelfAttention(config), SwiGLU(config)
        self.input_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x, mask, position_ids):
        x = x + self.self_attn(self.input_layernorm(x), mask, position_ids)
        return x + self.mlp(self.post_attention_layernorm(x))


class LlavaLlamaModel(nn.Module):
    """The decoder; `vision_tower` and `mm_projector` are hung on it from outside."""

    def __init__(self, config):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList([DecoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)

    def get_vision_tower(self):
        return self.vision_tower

    def forward(self, inputs_embeds, attention_mask=None, position_ids=None):
        n = inputs_embeds.shape[1]
        allowed = torch.ones(n, n, dtype=torch.bool).tril()[None, None]  # nobody looks ahead
        if attention_mask is not None:
            allowed = allowed & attention_mask.bool()[:, None, None, :]
        if position_ids is None:
            position_ids = torch.arange(n)[None]
        mask = torch.where(allowed, torch.tensor(0.0), torch.tensor(torch.finfo(torch.float32).min))
        x = inputs_embeds
        for layer in self.layers:
            x = layer(x, mask, position_ids)
        return self.norm(x)


class Output:
    def __init__(self, logits, loss):
        self.logits, self.loss = logits, loss


class LlamaForCausalLM(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, self.model = config, LlavaLlamaModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    def forward(self, inputs_embeds=None, attention_mask=None, position_ids=None, labels=None, **_):
        logits = self.lm_head(self.model(inputs_embeds, attention_mask, position_ids))  # [B, n', V]
        loss = None if labels is None else answer_logprob(logits, labels)[2]
        return Output(logits, loss)


class LlavaLlamaForCausalLM(LlamaForCausalLM, LlavaMetaForCausalLM):
    def get_model(self):
        return self.model

    def forward(
        self, input_ids=None, attention_mask=None, position_ids=None, past_key_values=None, inputs_embeds=None,
        labels=None, use_cache=None, output_attentions=None, output_hidden_states=None, images=None,
        image_sizes=None, return_dict=None,
    ):
        if inputs_embeds is None:
            (
                input_ids, position_ids, attention_mask, past_key_values, inputs_embeds, labels
            ) = self.prepare_inputs_labels_for_multimodal(
                input_ids, position_ids, attention_mask, past_key_values, labels, images, image_sizes
            )
        return super().forward(
            inputs_embeds=inputs_embeds, attention_mask=attention_mask, position_ids=position_ids, labels=labels
        )
