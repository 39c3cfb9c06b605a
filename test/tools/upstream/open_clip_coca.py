"""open_clip: CoCa."""

import open_clip.coca_model as C
v = dict(layers=1, width=16, head_width=8, mlp_ratio=4.0, patch_size=4, image_size=8, attentional_pool=True, attn_pooler_queries=3, attn_pooler_heads=2, output_tokens=True)
t = dict(context_length=5, vocab_size=20, width=16, heads=2, layers=1, embed_cls=True, output_tokens=True)
m = dict(context_length=5, vocab_size=20, width=16, heads=2, layers=1, attn_pooler_heads=2)
c = fill(C.CoCa(16, m, t, v))
show('coca', c(R(2, 3, 8, 8), torch.tensor([[1, 5, 19, 0, 0], [1, 3, 4, 19, 0]])))
