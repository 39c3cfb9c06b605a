"""ALBEF's image-text contrast with momentum encoders and queues (exercise 6.8).

Shapes: B batch, D embedding width, M queue length, n image tokens, L text tokens. Matching and masked-language
losses are left out: they do not enter L_itc.
"""
import torch
import torch.nn.functional as F
from torch import nn

# ------------------------------------------------------------------ the encoders: a plain ViT and a plain BERT


class PatchEmbed(nn.Module):
    def __init__(self, img_size, patch_size, in_chans, embed_dim):
        super().__init__()
        self.num_patches = (img_size // patch_size) ** 2
        self.proj = nn.Conv2d(in_chans, embed_dim, kernel_size=patch_size, stride=patch_size)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)  # [B, n, width]


class Mlp(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Attention(nn.Module):
    def __init__(self, dim, num_heads, qkv_bias):
        super().__init__()
        self.num_heads = num_heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.num_heads, -1).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5).softmax(dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(b, n, d))


class Block(nn.Module):
    def __init__(self, dim, num_heads, mlp_ratio, qkv_bias, norm_layer):
        super().__init__()
        self.norm1, self.attn = norm_layer(dim), Attention(dim, num_heads, qkv_bias)
        self.norm2, self.mlp = norm_layer(dim), Mlp(dim, int(dim * mlp_ratio))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(
        self, img_size=224, patch_size=16, in_chans=3, embed_dim=768, depth=12, num_heads=12, mlp_ratio=4.0,
        qkv_bias=True, norm_layer=nn.LayerNorm,
    ):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, embed_dim))
        self.patch_embed = PatchEmbed(img_size, patch_size, in_chans, embed_dim)
        self.pos_embed = nn.Parameter(torch.zeros(1, self.patch_embed.num_patches + 1, embed_dim))
        self.blocks = nn.ModuleList(
            [Block(embed_dim, num_heads, mlp_ratio, qkv_bias, norm_layer) for _ in range(depth)]
        )
        self.norm = norm_layer(embed_dim)

    def forward(self, x):
        patches = self.patch_embed(x)
        x = torch.cat((self.cls_token.expand(len(x), -1, -1), patches), dim=1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.norm(x)  # [B, 1 + n, width], [CLS] first


class BertConfig:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)


class BertEmbeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config.hidden_size
        self.word_embeddings = nn.Embedding(config.vocab_size, width, padding_idx=config.pad_token_id)
        self.position_embeddings = nn.Embedding(config.max_position_embeddings, width)
        self.token_type_embeddings = nn.Embedding(config.type_vocab_size, width)
        self.LayerNorm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.register_buffer("position_ids", torch.arange(config.max_position_embeddings)[None])

    def forward(self, input_ids):
        positions = self.position_embeddings(self.position_ids[:, : input_ids.shape[1]])
        segments = self.token_type_embeddings(torch.zeros_like(input_ids))
        return self.LayerNorm(self.word_embeddings(input_ids) + segments + positions)


class BertSelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_attention_heads
        width = config.hidden_size
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, x, mask):
        b, length, width = x.shape

        def heads(t):
            return t.view(b, length, self.heads, -1).transpose(1, 2)

        q, k, v = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        weights = (q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5 + mask).softmax(dim=-1)
        return (weights @ v).transpose(1, 2).reshape(b, length, width)


class BertOutput(nn.Module):
    """LayerNorm(x + W h), after attention and after the feed-forward network alike."""

    def __init__(self, width_in, config):
        super().__init__()
        self.dense = nn.Linear(width_in, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, h, x):
        return self.LayerNorm(x + self.dense(h))


class BertAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self = BertSelfAttention(config)
        self.output = BertOutput(config.hidden_size, config)

    def forward(self, x, mask):
        return self.output(self.self(x, mask), x)


class BertIntermediate(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.intermediate_size)
        self.activation = getattr(F, config.hidden_act)  # gelu

    def forward(self, x):
        return self.activation(self.dense(x))


class BertLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = BertAttention(config)
        self.intermediate = BertIntermediate(config)
        self.output = BertOutput(config.intermediate_size, config)

    def forward(self, x, mask):
        x = self.attention(x, mask)
        return self.output(self.intermediate(x), x)


class BertEncoder(nn.Module):
    """The lower layers only, which read text alone; those above the fusion layer see the image."""

    def __init__(self, config):
        super().__init__()
        self.layer = nn.ModuleList([BertLayer(config) for _ in range(config.fusion_layer)])

    def forward(self, x, mask):
        for layer in self.layer:
            x = layer(x, mask)
        return x


class TextOutput:
    def __init__(self, last_hidden_state):
        self.last_hidden_state = last_hidden_state  # [B, L, width], [CLS] first


class BertModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embeddings = BertEmbeddings(config)
        self.encoder = BertEncoder(config)

    def forward(self, input_ids, attention_mask=None, return_dict=True, mode="text"):
        mask = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        return TextOutput(self.encoder(self.embeddings(input_ids), mask))


class BertForMaskedLM(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.bert = BertModel(config)


# ------------------------------------------------------------------ the contrast


def concat_all_gather(tensor):
    """Features of all processes; here there is one."""
    return tensor


class ALBEF(nn.Module):
    def __init__(self, text_encoder=None, tokenizer=None, config=None, temp=0.07, init_deit=True):
        super().__init__()
        bert, embed_dim = BertConfig(**config["bert_config"]), config["embed_dim"]

        def encoders():
            vision = VisionTransformer(**config["vit"])
            return vision, nn.Linear(config["vision_width"], embed_dim), BertForMaskedLM(bert), nn.Linear(
                bert.hidden_size, embed_dim
            )

        self.visual_encoder, self.vision_proj, self.text_encoder, self.text_proj = encoders()
        self.visual_encoder_m, self.vision_proj_m, self.text_encoder_m, self.text_proj_m = encoders()
        self.model_pairs = [
            [self.visual_encoder, self.visual_encoder_m],
            [self.vision_proj, self.vision_proj_m],
            [self.text_encoder, self.text_encoder_m],
            [self.text_proj, self.text_proj_m],
        ]
        self.temp = nn.Parameter(torch.tensor(config.get("temp", temp)))
        self.momentum, self.queue_size = config["momentum"], config["queue_size"]
        self.register_buffer("image_queue", F.normalize(torch.randn(embed_dim, self.queue_size), dim=0))
        self.register_buffer("text_queue", F.normalize(torch.randn(embed_dim, self.queue_size), dim=0))
        self.register_buffer("queue_ptr", torch.zeros(1, dtype=torch.long))

    def forward(self, image, text, alpha=0):
        with torch.no_grad():
            self._momentum_update()
            self.temp.clamp_(0.001, 0.5)

        # g_v(v_cls), g_w(w_cls): features of the trained encoders [B, D]
        image_embeds = self.visual_encoder(image)
        image_feat = F.normalize(self.vision_proj(image_embeds[:, 0]), dim=-1)
        text_output = self.text_encoder.bert(
            text.input_ids, attention_mask=text.attention_mask, return_dict=True, mode="text"
        )
        text_embeds = text_output.last_hidden_state
        text_feat = F.normalize(self.text_proj(text_embeds[:, 0]), dim=-1)

        with torch.no_grad():
            # g'_v(v'_cls), g'_w(w'_cls): features of the slow encoders, then the queue [D, B + M]
            image_embeds_m = self.visual_encoder_m(image)
            image_feat_m = F.normalize(self.vision_proj_m(image_embeds_m[:, 0]), dim=-1)
            image_feat_all = torch.cat([image_feat_m.T, self.image_queue.clone()], dim=1)
            text_output_m = self.text_encoder_m.bert(
                text.input_ids, attention_mask=text.attention_mask, return_dict=True, mode="text"
            )
            text_feat_m = F.normalize(self.text_proj_m(text_output_m.last_hidden_state[:, 0]), dim=-1)
            text_feat_all = torch.cat([text_feat_m.T, self.text_queue.clone()], dim=1)

            # targets: the own partner, softened by what the slow encoders believe (momentum distillation)
            sim_i2t_m = image_feat_m @ text_feat_all / self.temp
            sim_t2i_m = text_feat_m @ image_feat_all / self.temp
            sim_targets = torch.zeros(sim_i2t_m.size()).fill_diagonal_(1)
            sim_i2t_targets = (1 - alpha) * sim_targets + alpha * F.softmax(sim_i2t_m, dim=1)
            sim_t2i_targets = (1 - alpha) * sim_targets + alpha * F.softmax(sim_t2i_m, dim=1)

        # s(I, T) / tau and s(T, I) / tau [B, B + M]
        sim_i2t = image_feat @ text_feat_all / self.temp
        sim_t2i = text_feat @ image_feat_all / self.temp

        loss_i2t = -(sim_i2t_targets * F.log_softmax(sim_i2t, dim=1)).sum(dim=1).mean()
        loss_t2i = -(sim_t2i_targets * F.log_softmax(sim_t2i, dim=1)).sum(dim=1).mean()
        loss_ita = (loss_i2t + loss_t2i) / 2  # L_itc

        self._dequeue_and_enqueue(image_feat_m, text_feat_m)
        return loss_ita, sim_i2t, sim_t2i

    @torch.no_grad()
    def _momentum_update(self):
        """theta' <- m theta' + (1 - m) theta"""
        for model, model_m in self.model_pairs:
            for param, param_m in zip(model.parameters(), model_m.parameters()):
                param_m.data = self.momentum * param_m.data + (1 - self.momentum) * param.data

    @torch.no_grad()
    def _dequeue_and_enqueue(self, image_feat, text_feat):
        """A ring of M columns: the newest batch replaces the oldest."""
        image_feats, text_feats = concat_all_gather(image_feat), concat_all_gather(text_feat)
        batch_size = len(image_feats)
        assert self.queue_size % batch_size == 0
        ptr = int(self.queue_ptr)
        self.image_queue[:, ptr : ptr + batch_size] = image_feats.T
        self.text_queue[:, ptr : ptr + batch_size] = text_feats.T
        self.queue_ptr[0] = (ptr + batch_size) % self.queue_size
