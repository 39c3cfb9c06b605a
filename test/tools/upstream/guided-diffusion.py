"""guided-diffusion: both orders of attention, classifier pools, losses and sampling."""

from guided_diffusion.unet import *
from guided_diffusion.gaussian_diffusion import *
from guided_diffusion.respace import SpacedDiffusion, space_timesteps
u = fill(UNetModel(8, 3, 32, 6, 1, (2,), channel_mult=(1, 2), num_classes=3, num_heads=2, use_scale_shift_norm=True, resblock_updown=True), scale=0.2)
show('unet', u(R(2, 3, 4, 4), torch.tensor([1.0, 500.0]), torch.tensor([0, 2])))
v = fill(UNetModel(8, 3, 32, 6, 1, (2,), channel_mult=(1, 2), num_heads=2, use_new_attention_order=True, use_checkpoint=True), scale=0.2)
show('new order', v(R(2, 3, 4, 4), torch.tensor([1.0, 500.0])))
for pool in ('adaptive', 'attention', 'spatial', 'spatial_v2'):
    e = fill(EncoderUNetModel(8, 3, 32, 4, 1, (2,), channel_mult=(1, 2), num_head_channels=16, pool=pool), scale=0.2)
    show(pool, e(R(2, 3, 8, 8), torch.tensor([1.0, 500.0])))

sp = SpacedDiffusion(use_timesteps=space_timesteps(50, [5]), betas=get_named_beta_schedule('linear', 50), model_mean_type=ModelMeanType.EPSILON, model_var_type=ModelVarType.LEARNED_RANGE, loss_type=LossType.RESCALED_MSE)

def eps(x, t, **kw):
    return t.float()[:, None, None, None] / 50 * torch.cat([x, x], dim=1) * 0.3

show('loss', sp.training_losses(eps, R(2, 3, 4, 4), torch.tensor([1, 3]), noise=R(2, 3, 4, 4)))
torch.manual_seed(3)
show('sample', sp.p_sample_loop(eps, (2, 3, 4, 4), device='cpu'))
