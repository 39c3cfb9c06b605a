"""BLIP: captioning, ranking of answers, pretraining and retrieval with momentum, queues and hard negatives."""

from models import blip, blip_vqa, blip_retrieval, blip_pretrain, vit, med
from transformers import BertConfig

class Enc(dict):

    def __init__(self, ids, mask):
        self.input_ids, self.attention_mask = (ids, mask)

    def to(self, device):
        return self

class Tok:
    pad_token_id, bos_token_id, sep_token_id, enc_token_id, cls_token_id = (0, 28, 27, 29, 26)

    def __call__(self, text, **kw):
        n = len(text)
        ids = torch.tensor([[(3 + 5 * i + j) % 25 + 1 for j in range(5)] for i in range(n)])
        ids[0, 4] = 0
        return Enc(ids, (ids != 0).long())

    def decode(self, ids, **kw):
        return 'x'

def cfg(**kw):
    d = dict(vocab_size=30, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=10, encoder_width=12, add_cross_attention=True)
    d.update(kw)
    return BertConfig(**d)

def vision():
    return vit.VisionTransformer(img_size=8, patch_size=4, embed_dim=12, depth=1, num_heads=2)

def bare(cls):
    model = cls.__new__(cls)
    nn.Module.__init__(model)
    model.tokenizer = Tok()
    model.visual_encoder = vision()
    return model

image = R(2, 3, 8, 8)
d = bare(blip.BLIP_Decoder)
d.text_decoder = med.BertLMHeadModel(config=cfg())
d.prompt, d.prompt_length = ('a picture of ', 2)
fill(d)
show('BLIP_Decoder', d(image, ['a', 'b']))
v = bare(blip_vqa.BLIP_VQA)
v.text_encoder = med.BertModel(config=cfg(), add_pooling_layer=False)
v.text_decoder = med.BertLMHeadModel(config=cfg(encoder_width=16))
fill(v)
answers = Enc(torch.tensor([[28, 4, 27, 0], [28, 5, 6, 27], [28, 7, 27, 0], [28, 9, 3, 27]]), torch.tensor([[1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 1, 1]]))
show('rank', v(image, ['q', 'r'], answers, train=False, inference='rank', k_test=2))

def pre(cls):
    p = bare(cls)
    p.text_encoder = med.BertModel(config=cfg(), add_pooling_layer=False)
    p.vision_proj, p.text_proj = (nn.Linear(12, 8), nn.Linear(16, 8))
    p.itm_head = nn.Linear(16, 2)
    p.visual_encoder_m, p.text_encoder_m = (vision(), med.BertModel(config=cfg(), add_pooling_layer=False))
    p.vision_proj_m, p.text_proj_m = (nn.Linear(12, 8), nn.Linear(16, 8))
    p.model_pairs = [[p.visual_encoder, p.visual_encoder_m], [p.vision_proj, p.vision_proj_m], [p.text_encoder, p.text_encoder_m], [p.text_proj, p.text_proj_m]]
    p.copy_params()
    p.register_buffer('image_queue', torch.randn(8, 6))
    p.register_buffer('text_queue', torch.randn(8, 6))
    p.register_buffer('queue_ptr', torch.zeros(1, dtype=torch.long))
    p.queue_size, p.momentum = (6, 0.995)
    p.temp = nn.Parameter(0.07 * torch.ones([]))
    return p

hard = lambda w, n: w.argmax(-1, keepdim=True)
keep = torch.multinomial
torch.multinomial = hard
p = pre(blip_pretrain.BLIP_Pretrain)
p.text_decoder = med.BertLMHeadModel(config=cfg())
fill(p)
blip_pretrain.tie_encoder_decoder_weights(p.text_encoder, p.text_decoder.bert, '', '/attention')
p.temp.data.fill_(0.07)
show('pretrain', p(image, ['a', 'b'], 0.4))
show('queue', p.image_queue)
show('ptr', p.queue_ptr)
r = pre(blip_retrieval.BLIP_Retrieval)
r.register_buffer('idx_queue', torch.full((1, 6), -100))
r.register_buffer('ptr_queue', torch.zeros(1, dtype=torch.long))
r.negative_all_rank = False
fill(r)
r.temp.data.fill_(0.07)
show('retrieval', r(image, ['a', 'b'], 0.4, torch.tensor([1, 2])))
show('queue', r.text_queue)
torch.multinomial = keep
