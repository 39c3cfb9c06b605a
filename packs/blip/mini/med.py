"""BLIP's mixture of encoder and decoder as equations: a BERT whose layers may look at an image or at a question.

Letters: B batch, M text tokens, N tokens that are looked at, h heads, d channels per head, D = h · d width, |V| vocabulary.
Constructors and parameter names are those of salesforce/BLIP (models/med.py), so that its weights fit.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn


class BertConfig:
    """Sizes of a BERT, as attributes."""

    def __init__(self, **sizes):
        self.layer_norm_eps = 1e-12
        self.add_cross_attention = True
        self.pad_token_id = 0
        for name, value in sizes.items():
            setattr(self, name, value)


class ModelOutput:
    """What a model returns, by name; what was not computed is None."""

    def __init__(self, last_hidden_state=None, loss=None, logits=None):
        self.last_hidden_state = last_hidden_state
        self.loss = loss
        self.logits = logits


class BertEmbeddings(nn.Module):
    """input_ids [B, M] -> [B, M, D]."""

    def __init__(self, config):
        super().__init__()
        assert getattr(config, "position_embedding_type", "absolute") == "absolute", "the mini counts positions from the start"
        width, places = config.hidden_size, config.max_position_embeddings
        self.word_embeddings = nn.Embedding(config.vocab_size, width, padding_idx=config.pad_token_id)
        self.position_embeddings = nn.Embedding(places, width)
        self.LayerNorm = nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.register_buffer("position_ids", torch.arange(places).unsqueeze(0))

    def forward(self, input_ids=None, position_ids=None, inputs_embeds=None, past_key_values_length=0):
        if inputs_embeds is None:
            inputs_embeds = self.word_embeddings(input_ids)  # E_w [B, M, D]
        if position_ids is None:
            first = past_key_values_length
            position_ids = self.position_ids[:, first : first + inputs_embeds.shape[1]]
        position_embeddings = self.position_embeddings(position_ids)  # P [1, M, D]
        embeddings = inputs_embeds + position_embeddings
        embeddings = self.LayerNorm(embeddings)
        return embeddings


class BertSelfAttention(nn.Module):
    """Queries from the text; keys and values from the text too, or from the encoder where its states are given."""

    def __init__(self, config, is_cross_attention):
        super().__init__()
        self.num_attention_heads = config.num_attention_heads
        self.attention_head_size = config.hidden_size // config.num_attention_heads
        source = config.encoder_width if is_cross_attention else config.hidden_size
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key = nn.Linear(source, config.hidden_size)
        self.value = nn.Linear(source, config.hidden_size)

    def transpose_for_scores(self, x):
        """[B, M, h · d] -> [B, h, M, d]."""
        return x.reshape(*x.shape[:-1], self.num_attention_heads, self.attention_head_size).permute(0, 2, 1, 3)

    def forward(
        self,
        hidden_states,
        attention_mask=None,
        head_mask=None,
        encoder_hidden_states=None,
        encoder_attention_mask=None,
        past_key_value=None,
        output_attentions=False,
    ):
        mixed_query_layer = self.query(hidden_states)  # X W_Q [B, M, D]
        query_layer = self.transpose_for_scores(mixed_query_layer)  # Q [B, h, M, d]
        if encoder_hidden_states is not None:
            attention_mask = encoder_attention_mask
            key_layer = self.transpose_for_scores(self.key(encoder_hidden_states))  # H W_K [B, h, N, d]
            value_layer = self.transpose_for_scores(self.value(encoder_hidden_states))  # H W_V [B, h, N, d]
        elif past_key_value is not None:
            key_layer = torch.cat([past_key_value[0], self.transpose_for_scores(self.key(hidden_states))], dim=2)
            value_layer = torch.cat([past_key_value[1], self.transpose_for_scores(self.value(hidden_states))], dim=2)
        else:
            key_layer = self.transpose_for_scores(self.key(hidden_states))  # X W_K [B, h, M, d]
            value_layer = self.transpose_for_scores(self.value(hidden_states))  # X W_V [B, h, M, d]
        attention_scores = query_layer @ key_layer.transpose(-1, -2)  # Q Kᵀ [B, h, M, N]
        attention_scores = attention_scores / math.sqrt(self.attention_head_size)
        attention_scores = attention_scores + (0.0 if attention_mask is None else attention_mask)  # … + M
        attention_probs = attention_scores.softmax(dim=-1)  # A
        context_layer = attention_probs @ value_layer  # A V [B, h, M, d]
        context_layer = context_layer.permute(0, 2, 1, 3)
        context_layer = context_layer.reshape(*context_layer.shape[:2], -1)  # heads side by side: [B, M, D]
        outputs = (context_layer, attention_probs) if output_attentions else (context_layer,)
        return (*outputs, (key_layer, value_layer))


class BertOutput(nn.Module):
    """LN(x + W h): h from the attention, or the wider features of the feed-forward network."""

    def __init__(self, config, features):
        super().__init__()
        self.dense = nn.Linear(features, config.hidden_size)
        self.LayerNorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)

    def forward(self, hidden_states, input_tensor):
        return self.LayerNorm(self.dense(hidden_states) + input_tensor)


class BertAttention(nn.Module):
    """Attention, projection, sum and norm."""

    def __init__(self, config, is_cross_attention=False):
        super().__init__()
        self.self = BertSelfAttention(config, is_cross_attention)
        self.output = BertOutput(config, config.hidden_size)

    def forward(
        self,
        hidden_states,
        attention_mask=None,
        head_mask=None,
        encoder_hidden_states=None,
        encoder_attention_mask=None,
        past_key_value=None,
        output_attentions=False,
    ):
        context_layer, *others = self.self(
            hidden_states,
            attention_mask,
            head_mask,
            encoder_hidden_states,
            encoder_attention_mask,
            past_key_value,
            output_attentions,
        )
        return (self.output(context_layer, hidden_states), *others)


class BertIntermediate(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense = nn.Linear(config.hidden_size, config.intermediate_size)
        self.intermediate_act_fn = getattr(F, config.hidden_act)  # gelu

    def forward(self, hidden_states):
        return self.intermediate_act_fn(self.dense(hidden_states))


class BertLayer(nn.Module):
    """X [B, M, D] -> [B, M, D]; looks at the encoder's states in mode "multimodal" only."""

    def __init__(self, config, layer_num):
        super().__init__()
        self.attention = BertAttention(config)
        if config.add_cross_attention:
            self.crossattention = BertAttention(config, is_cross_attention=True)
        self.intermediate = BertIntermediate(config)
        self.output = BertOutput(config, config.intermediate_size)

    def forward(
        self,
        hidden_states,
        attention_mask=None,
        head_mask=None,
        encoder_hidden_states=None,
        encoder_attention_mask=None,
        past_key_value=None,
        output_attentions=False,
        mode=None,
    ):
        attention_output, present_key_value = self.attention(
            hidden_states, attention_mask, head_mask, past_key_value=past_key_value
        )  # X' [B, M, D]
        if mode == "multimodal":
            attention_output, _ = self.crossattention(
                attention_output, attention_mask, head_mask, encoder_hidden_states, encoder_attention_mask
            )  # X'' [B, M, D]
        layer_output = self.feed_forward_chunk(attention_output)  # Y [B, M, D]
        return layer_output, present_key_value

    def feed_forward_chunk(self, attention_output):
        return self.output(self.intermediate(attention_output), attention_output)


class BertEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.layer = nn.ModuleList([BertLayer(config, i) for i in range(config.num_hidden_layers)])

    def forward(self, hidden_states, attention_mask, encoder_hidden_states, encoder_attention_mask, mode):
        for layer in self.layer:
            hidden_states, _ = layer(
                hidden_states, attention_mask, None, encoder_hidden_states, encoder_attention_mask, mode=mode
            )
        return hidden_states


class BertModel(nn.Module):
    """Text encoder, image-grounded encoder or decoder: is_decoder chooses the mask, mode the cross-attention."""

    def __init__(self, config, add_pooling_layer=False):
        super().__init__()
        self.embeddings = BertEmbeddings(config)
        self.encoder = BertEncoder(config)

    def get_extended_attention_mask(self, attention_mask, input_shape, device=None, is_decoder=False):
        """M [B, 1, 1 or M, M] of m [B, M]: 0 where one may look, -10000 where not."""
        extended_attention_mask = attention_mask[:, None, None, :].float()
        if is_decoder:
            batch_size, seq_length = input_shape
            seq_ids = torch.arange(seq_length)
            causal_mask = seq_ids.repeat(batch_size, seq_length, 1) <= seq_ids[:, None]  # c [B, M, M]
            extended_attention_mask = causal_mask[:, None].float() * attention_mask[:, None, None, :]  # m_j c_ij
        extended_attention_mask = (1.0 - extended_attention_mask) * -10000.0
        return extended_attention_mask

    def invert_attention_mask(self, encoder_attention_mask):
        """The cross-attention's mask [B, 1, 1, N], with a constant of its own."""
        return (1.0 - encoder_attention_mask[:, None, None, :].float()) * -1e9

    def forward(
        self,
        input_ids=None,
        attention_mask=None,
        position_ids=None,
        head_mask=None,
        inputs_embeds=None,
        encoder_embeds=None,
        encoder_hidden_states=None,
        encoder_attention_mask=None,
        past_key_values=None,
        use_cache=None,
        output_attentions=None,
        output_hidden_states=None,
        return_dict=None,
        is_decoder=False,
        mode="multimodal",
    ):
        input_shape = input_ids.shape
        if attention_mask is None:
            attention_mask = torch.ones(input_shape)
        extended_attention_mask = self.get_extended_attention_mask(attention_mask, input_shape, None, is_decoder)
        encoder_extended_attention_mask = None
        if encoder_hidden_states is not None:
            if encoder_attention_mask is None:
                encoder_attention_mask = torch.ones(encoder_hidden_states.shape[:2])
            encoder_extended_attention_mask = self.invert_attention_mask(encoder_attention_mask)
        embedding_output = self.embeddings(input_ids=input_ids, position_ids=position_ids)  # X⁽⁰⁾
        sequence_output = self.encoder(
            embedding_output,
            attention_mask=extended_attention_mask,
            encoder_hidden_states=encoder_hidden_states,
            encoder_attention_mask=encoder_extended_attention_mask,
            mode=mode,
        )  # [B, M, D]
        return ModelOutput(last_hidden_state=sequence_output)


class BertPredictionHeadTransform(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config.hidden_size
        self.dense, self.LayerNorm = nn.Linear(width, width), nn.LayerNorm(width, eps=config.layer_norm_eps)
        self.transform_act_fn = getattr(F, config.hidden_act)  # gelu

    def forward(self, hidden_states):
        return self.LayerNorm(self.transform_act_fn(self.dense(hidden_states)))


class BertLMPredictionHead(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.transform = BertPredictionHeadTransform(config)
        self.decoder = nn.Linear(config.hidden_size, config.vocab_size)
        self.bias = self.decoder.bias  # one bias under two names

    def forward(self, hidden_states):
        return self.decoder(self.transform(hidden_states))


class BertOnlyMLMHead(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.predictions = BertLMPredictionHead(config)

    def forward(self, sequence_output):
        return self.predictions(sequence_output)


class BertLMHeadModel(nn.Module):
    """Text decoder: input_ids [B, M] -> logits [B, M, |V|], and the loss of the shifted labels."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.bert = BertModel(config)
        self.cls = BertOnlyMLMHead(config)
        self.cls.predictions.decoder.weight = self.bert.embeddings.word_embeddings.weight  # tied

    def forward(
        self,
        input_ids=None,
        attention_mask=None,
        position_ids=None,
        head_mask=None,
        inputs_embeds=None,
        encoder_hidden_states=None,
        encoder_attention_mask=None,
        labels=None,
        past_key_values=None,
        use_cache=None,
        output_attentions=None,
        output_hidden_states=None,
        return_dict=None,
        return_logits=False,
        is_decoder=True,
        reduction="mean",
        mode="multimodal",
    ):
        outputs = self.bert(
            input_ids,
            attention_mask=attention_mask,
            encoder_hidden_states=encoder_hidden_states,
            encoder_attention_mask=encoder_attention_mask,
            is_decoder=is_decoder,
            mode=mode,
        )
        sequence_output = outputs.last_hidden_state  # [B, M, D]
        prediction_scores = self.cls(sequence_output)  # Z [B, M, |V|]
        lm_loss = None
        if labels is not None:
            shifted_prediction_scores = prediction_scores[:, :-1].contiguous()  # Z_1 … Z_{M-1}
            labels = labels[:, 1:].contiguous()  # w_2 … w_M
            lm_loss = F.cross_entropy(
                shifted_prediction_scores.reshape(-1, self.config.vocab_size),
                labels.reshape(-1),
                reduction=reduction,
                label_smoothing=0.1,
            )
            if reduction == "none":
                lm_loss = lm_loss.reshape(prediction_scores.shape[0], -1).sum(1)  # one sum per text: [B]
        return ModelOutput(last_hidden_state=sequence_output, loss=lm_loss, logits=prediction_scores)

    def generate(
        self,
        input_ids,
        encoder_hidden_states,
        encoder_attention_mask,
        max_length,
        eos_token_id,
        pad_token_id,
        num_beams=1,
        **others,
    ):
        """The likeliest next token, again and again (upstream's beam search belongs to another library); [B, ≤ max_length]."""
        states, atts = encoder_hidden_states[::num_beams], encoder_attention_mask[::num_beams]
        ids = input_ids
        ended = torch.zeros(ids.shape[0], dtype=torch.bool)
        for _ in range(max_length - ids.shape[1]):
            logits = self(ids, encoder_hidden_states=states, encoder_attention_mask=atts).logits[:, -1]
            token = torch.where(ended, torch.full_like(ids[:, 0], pad_token_id), logits.argmax(dim=-1))
            ended = ended | (token == eos_token_id)
            ids = torch.cat([ids, token[:, None]], dim=1)
        return ids
