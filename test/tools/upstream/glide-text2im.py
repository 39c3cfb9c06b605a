"""GLIDE: U-Nets of all kinds, blocks in one to three dimensions, the diffusion process and its samplers."""

from glide_text2im.unet import *
from glide_text2im.text2im_model import *
from glide_text2im.gaussian_diffusion import GaussianDiffusion, get_named_beta_schedule
from glide_text2im.respace import SpacedDiffusion, space_timesteps
from glide_text2im import nn as gnn
show('te', gnn.timestep_embedding(torch.tensor([0.0, 3.5, 999.0]), 7))
u = fill(UNetModel(3, 32, 6, 1, (2,), channel_mult=(1, 2), num_classes=3, num_heads=2, num_head_channels=16), scale=0.2)
show('unet', u(R(2, 3, 4, 4), torch.tensor([1.0, 500.0]), torch.tensor([0, 2])))
s = fill(SuperResUNetModel(in_channels=3, model_channels=32, out_channels=6, num_res_blocks=1, attention_resolutions=(2,), channel_mult=(1, 2), conv_resample=False), scale=0.2)
show('superres', s(R(2, 3, 8, 8), torch.tensor([1.0, 500.0]), low_res=R(2, 3, 4, 4)))
i = fill(InpaintUNetModel(in_channels=3, model_channels=32, out_channels=6, num_res_blocks=1, attention_resolutions=(2,), channel_mult=(1, 2)), scale=0.2)
show('inpaint', i(R(1, 3, 8, 8), torch.tensor([1.0]), inpaint_image=R(1, 3, 8, 8), inpaint_mask=torch.ones(1, 1, 8, 8)))

class Tok:
    n_vocab = 30

t = fill(Text2ImUNet(5, 16, 1, 2, True, Tok(), in_channels=3, model_channels=32, out_channels=6, num_res_blocks=1, attention_resolutions=(2,), channel_mult=(1, 2), num_heads=2, xf_padding=True, cache_text_emb=True, use_scale_shift_norm=True, resblock_updown=True), scale=0.2)
tokens, mask = (torch.tensor([[1, 2, 3, 0, 0], [4, 5, 6, 7, 0]]), torch.tensor([[True, True, True, False, False], [True, True, True, True, False]]))
show('t2i', t(R(2, 3, 4, 4), torch.tensor([1.0, 500.0]), tokens, mask))
show('t2i cached', t(R(2, 3, 4, 4), torch.tensor([1.0, 500.0]), tokens, mask))
t.del_cache()
x = fill(SuperResText2ImUNet(5, 16, 1, 2, True, Tok(), in_channels=3, model_channels=32, out_channels=6, num_res_blocks=1, attention_resolutions=(2,), channel_mult=(1, 2), xf_padding=True), scale=0.2)
show('sr t2i', x(R(2, 3, 8, 8), torch.tensor([1.0, 500.0]), low_res=R(2, 3, 4, 4), tokens=tokens, mask=mask))
for b in (ResBlock(32, 24, 0, dims=1, up=True), ResBlock(32, 24, 0, out_channels=64, use_conv=True, down=True), ResBlock(32, 24, 0, dims=3, down=True), ResBlock(32, 24, 0, use_checkpoint=True)):
    shape = {1: (2, 32, 4), 2: (2, 32, 4, 4), 3: (2, 32, 2, 4, 4)}
    d = 1 if isinstance(b.in_layers[2], nn.Conv1d) else 3 if isinstance(b.in_layers[2], nn.Conv3d) else 2
    show('res', fill(b, scale=0.2)(R(*shape[d]), R(2, 24)))

betas = get_named_beta_schedule('squaredcos_cap_v2', 50)
g = GaussianDiffusion(betas=betas)
xs, ts = (R(2, 3, 4, 4), torch.tensor([3, 40]))
show('q_mean', g.q_mean_variance(xs, ts))
show('q_post', g.q_posterior_mean_variance(xs, R(2, 3, 4, 4), ts))
show('q_sample', g.q_sample(xs, ts, noise=R(2, 3, 4, 4)))

def eps(x, t, **kw):
    return t.float()[:, None, None, None] / 50 * torch.cat([x, x], dim=1) * 0.3

show('p_mean', g.p_mean_variance(eps, xs, ts, clip_denoised=True))
sp = SpacedDiffusion(use_timesteps=space_timesteps(50, '5'), betas=betas)
show('map', sp.timestep_map)
torch.manual_seed(0)
show('psample', sp.p_sample(eps, xs, torch.tensor([1, 3]))['sample'])
show('ddim', sp.ddim_sample(eps, xs, torch.tensor([1, 3]), eta=0.0)['sample'])
out = sp.ddim_sample_loop(eps, (2, 3, 4, 4), noise=R(2, 3, 4, 4), eta=0.0, device='cpu')
show('ddim loop', out)
show('space', sorted(space_timesteps(1000, 'fast27'))[:5])
