"""LLaVA: vision tower, projectors and the spliced prompt through the language model."""

import llava.model.language_model.llava_llama as LL
from llava.model.multimodal_encoder.clip_encoder import CLIPVisionTower
from llava.model.multimodal_projector.builder import build_vision_projector
from transformers import CLIPVisionConfig, CLIPVisionModel
cfg = LL.LlavaConfig(vocab_size=30, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, pad_token_id=0, max_position_embeddings=32)
cfg.mm_hidden_size, cfg.mm_projector_type = (12, 'mlp2x_gelu')
tower = CLIPVisionTower.__new__(CLIPVisionTower)
nn.Module.__init__(tower)
tower.is_loaded, tower.select_layer, tower.select_feature = (True, -2, 'patch')
tower.vision_tower = fill(CLIPVisionModel(CLIPVisionConfig(hidden_size=12, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, image_size=8, patch_size=4)))
show('tower', tower(R(2, 3, 8, 8)))
show('tower list', tower([R(3, 8, 8), R(3, 8, 8)]))
model = LL.LlavaLlamaForCausalLM(cfg)
model.model.vision_tower, model.model.mm_projector = (tower, build_vision_projector(cfg))
fill(model)
ids = torch.tensor([[1, 5, -200, 7, 8], [1, -200, 3, 0, 0]])
mask = (ids != 0).long()
labels = torch.tensor([[-100, -100, -100, 7, 8], [-100, -100, 3, -100, -100]])
out = model(input_ids=ids, attention_mask=mask, labels=labels, images=R(2, 3, 8, 8))
show('loss', out.loss)
show('logits', out.logits)
show('images', model.encode_images(R(2, 3, 8, 8)))
for kind in ('linear', 'mlp3x_gelu', 'identity'):
    cfg.mm_projector_type = kind
    show(kind, fill(build_vision_projector(cfg))(R(2, 4, 12)) if kind != 'identity' else build_vision_projector(cfg)(R(2, 4, 12)))
