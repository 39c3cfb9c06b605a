"""BLIP's question answering as equations (exercise 6.9): image encoder, question encoder, answer decoder.

Letters: B batch, N image tokens, L question tokens, A answers, M answer tokens, D width, K candidates. Constructors and parameter
names are those of salesforce/BLIP (models/blip_vqa.py), so that its weights fit.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .med import BertConfig, BertLMHeadModel, BertModel
from .vit import VisionTransformer

WIDTH_DEPTH_HEADS = {"base": (768, 12, 12), "large": (1024, 24, 16)}


class BLIP_VQA(nn.Module):
    def __init__(self, med_config, image_size=480, vit="base", vit_grad_ckpt=False, vit_ckpt_layer=0):
        """med_config: sizes of the BERTs by name."""
        super().__init__()
        width, depth, heads = WIDTH_DEPTH_HEADS[vit]
        self.visual_encoder = VisionTransformer(image_size, embed_dim=width, depth=depth, num_heads=heads)
        self.text_encoder = BertModel(BertConfig(**med_config, encoder_width=width))
        self.text_decoder = BertLMHeadModel(BertConfig(**med_config, encoder_width=med_config["hidden_size"]))
        self.tokenizer = None

    def forward(
        self, image, question, answer=None, n=None, weights=None, train=True, inference="rank", k_test=128
    ):
        image_embeds = self.visual_encoder(image)  # V [B, N + 1, C]
        image_atts = torch.ones(image_embeds.shape[:-1])
        question = self.tokenizer(question)
        question.input_ids[:, 0] = self.tokenizer.enc_token_id  # [ENC] q_1 … q_L

        if train:
            answer = self.tokenizer(answer)
            answer.input_ids[:, 0] = self.tokenizer.bos_token_id
            is_padding = answer.input_ids == self.tokenizer.pad_token_id
            answer_targets = answer.input_ids.masked_fill(is_padding, -100)  # [A, M]
            question_output = self.text_encoder(
                question.input_ids, question.attention_mask, encoder_hidden_states=image_embeds, encoder_attention_mask=image_atts
            )
            rows = [b for b, count in enumerate(n) for _ in range(count)]  # whose answer each one is
            question_states = torch.stack([question_output.last_hidden_state[b] for b in rows])  # H [A, L, D]
            question_atts = torch.stack([question.attention_mask[b] for b in rows])
            answer_output = self.text_decoder(
                answer.input_ids,
                answer.attention_mask,
                encoder_hidden_states=question_states,
                encoder_attention_mask=question_atts,
                labels=answer_targets,
                reduction="none",
            )
            loss = weights * answer_output.loss  # w_a ℓ_a [A]
            batch = image.size(0)
            loss = loss.sum() / batch  # L
            return loss

        question_output = self.text_encoder(
            question.input_ids, question.attention_mask, encoder_hidden_states=image_embeds, encoder_attention_mask=image_atts
        )
        num_beams = 3
        if inference == "generate":
            question_states = question_output.last_hidden_state.repeat_interleave(num_beams, dim=0)  # [3B, L, D]
            bos_ids = torch.full((image.size(0), 1), self.tokenizer.bos_token_id)
            question_atts = torch.ones(question_states.shape[:-1])  # padding is looked at as well
            outputs = self.text_decoder.generate(
                input_ids=bos_ids,
                max_length=10,
                min_length=1,
                num_beams=num_beams,
                eos_token_id=self.tokenizer.sep_token_id,
                pad_token_id=self.tokenizer.pad_token_id,
                encoder_hidden_states=question_states,
                encoder_attention_mask=question_atts,
            )
            return [self.tokenizer.decode(output, skip_special_tokens=True) for output in outputs]

        max_ids = self.rank_answer(
            question_output.last_hidden_state, question.attention_mask, answer.input_ids, answer.attention_mask, k_test
        )
        return max_ids

    def rank_answer(self, question_states, question_atts, answer_ids, answer_atts, k):
        """Which of the candidates [K, M] answers each question best: [B]."""
        num_ques = question_states.size(0)
        start_ids = answer_ids[0, 0].repeat(num_ques, 1)  # [BOS]: [B, 1]
        start_output = self.text_decoder(
            start_ids, encoder_hidden_states=question_states, encoder_attention_mask=question_atts
        )
        logits = start_output.logits[:, 0]  # [B, |V|]
        answer_first_token = answer_ids[:, 1]
        prob_first_token = F.softmax(logits, dim=1).index_select(1, answer_first_token)  # p(a_1) [B, K]
        topk_probs, topk_ids = prob_first_token.topk(k, dim=1)  # C_k [B, k]

        chosen = topk_ids.reshape(-1)
        input_ids = answer_ids.index_select(0, chosen)  # [B·k, M]
        input_atts = answer_atts.index_select(0, chosen)
        targets_ids = input_ids.masked_fill(input_ids == self.tokenizer.pad_token_id, -100)
        question_states = question_states.repeat_interleave(k, dim=0)  # [B·k, L, D]
        question_atts = question_atts.repeat_interleave(k, dim=0)
        output = self.text_decoder(
            input_ids,
            input_atts,
            encoder_hidden_states=question_states,
            encoder_attention_mask=question_atts,
            labels=targets_ids,
            reduction="none",
        )
        log_probs_sum = -output.loss
        log_probs_sum = log_probs_sum.unflatten(0, (num_ques, k))  # [B, k]
        max_topk_ids = log_probs_sum.argmax(dim=1)
        max_ids = topk_ids[torch.arange(num_ques), max_topk_ids]  # â [B]
        return max_ids
