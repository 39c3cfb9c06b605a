"""open_clip: towers with every pooling and flag, losses, custom blocks, wrapped text and picture models."""

import open_clip.model as M
import open_clip.transformer as T
import open_clip.loss as L
import open_clip.hf_model as H
import open_clip.timm_model as TM
import open_clip.modified_resnet as RN
import numpy as np
v = dict(layers=1, width=16, head_width=8, mlp_ratio=4.0, patch_size=4, image_size=8)
t = dict(context_length=5, vocab_size=20, width=16, heads=2, layers=1)
img, txt = (R(2, 3, 8, 8), torch.tensor([[1, 5, 19, 0, 0], [1, 3, 4, 19, 0]]))
for cls in (M.CLIP, M.CustomTextCLIP):
    c = fill(cls(8, v, t, init_logit_bias=-10.0, output_dict=True))
    show(cls.__name__, c(img, txt))
    show('logits', c.get_logits(img, txt))

for extra in (dict(pool_type='avg'), dict(attentional_pool=True, attn_pooler_queries=3, attn_pooler_heads=2), dict(attentional_pool='parallel', attn_pooler_queries=3, attn_pooler_heads=2, output_tokens=True), dict(attentional_pool='cascade', attn_pooler_queries=3, attn_pooler_heads=2), dict(ls_init_value=0.1), dict(pos_embed_type='sin_cos_2d'), dict(patch_dropout=0.5), dict(pool_type='none')):
    m = fill(M._build_vision_tower(16, dict(v, **extra)))
    show('vision ' + str(list(extra)), m(img))

for extra in (dict(embed_cls=True, output_tokens=True), dict(pool_type='first'), dict(no_causal_mask=True, pool_type='last'), dict(proj_type='none'), dict(proj_bias=True), dict(ls_init_value=0.1, pool_type='none')):
    m = fill(M._build_text_tower(8, dict(t, **extra), quick_gelu=True))
    show('text ' + str(list(extra)), m(txt))

rn = fill(M._build_vision_tower(8, dict(layers=(1, 1, 1, 1), width=4, head_width=64, image_size=64)), scale=0.2)
show('resnet', rn(R(1, 3, 64, 64)))
im, te = (F.normalize(R(4, 8), dim=-1), F.normalize(R(4, 8), dim=-1))
for loss in (L.ClipLoss(), L.ClipLoss(cache_labels=True)):
    show('loss', loss(im, te, torch.tensor(10.0)))
    show('lossd', loss(im, te, torch.tensor(10.0), output_dict=True))

show('siglip', L.SigLipLoss()(im, te, torch.tensor(10.0), torch.tensor(-5.0)))
show('distill', L.DistillClipLoss()(im, te, torch.tensor(10.0), te, im, torch.tensor(5.0)))
show('coca', L.CoCaLoss(2.0, 1.0)(im, te, R(4, 5, 20), torch.tensor([[1, 2, 3, 0, 0]] * 4), torch.tensor(10.0)))
show('gather', L.gather_features(im, te))
b = fill(T.CustomResidualAttentionBlock(16, 2, scale_cosine_attn=True, scale_attn=True, scale_fc=True, ls_init_value=0.5))
show('custom', b(R(2, 5, 16)))
b = fill(T.CustomTransformer(16, 2, 2))
show('customT', b(R(2, 5, 16), torch.full((5, 5), float('-inf')).triu(1)))
b = fill(T.Transformer(16, 2, 2, batch_first=False))
show('transformer', b(R(2, 5, 16)))
b = fill(T.MultimodalTransformer(16, 1, 2, context_length=6, output_dim=8))
show('multimodal', b(R(2, 3, 16), R(2, 5, 16)))
b.set_grad_checkpointing()
show('checkpointed', b(R(2, 3, 16), R(2, 5, 16)))

class Out:

    def __init__(self, x):
        self.last_hidden_state = x

class Cfg:
    pad_token_id = 0

h = H.HFTextEncoder.__new__(H.HFTextEncoder)
nn.Module.__init__(h)
h.config, h.output_tokens = (Cfg(), True)

class Body(nn.Module):

    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(20, 16)

    def forward(self, input_ids, attention_mask):
        return Out(self.e(input_ids))

h.transformer, h.proj = (Body(), nn.Linear(16, 8))
for p in ('mean_pooler', 'cls_pooler', 'cls_last_hidden_state_pooler'):
    h.pooler = H._POOLERS[p]()
    show(p, fill(h)(txt))

tm = TM.TimmModel.__new__(TM.TimmModel)
nn.Module.__init__(tm)
tm.trunk, tm.head = (nn.Sequential(nn.Flatten(), nn.Linear(192, 6)), nn.Sequential(nn.Linear(6, 4)))
show('timm', fill(tm)(img))
import open_clip.utils as U
show('frozen', fill(U.freeze_batch_norm_2d(nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4))))(img))
import open_clip.coca_model as C
