"""Mixing noise into a signal and finding the way back (exercise 6.4).

Tables have one number per timestep; `extract` picks those of each sample and lets them broadcast.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn


def extract(a, t, x_shape):
    """a [T], t [B] -> [B, 1, ..., 1]"""
    return a.gather(-1, t).reshape([len(t)] + [1] * (len(x_shape) - 1))


def cosine_beta_schedule(timesteps, s=0.008):
    """alpha_bar falls along a squared cosine; beta_t = 1 - alpha_bar_t / alpha_bar_{t-1}, at most 0.999."""
    steps = timesteps + 1
    x = torch.linspace(0, timesteps, steps, dtype=torch.float64)
    alphas_cumprod = torch.cos((x / timesteps + s) / (1 + s) * math.pi * 0.5) ** 2
    alphas_cumprod = alphas_cumprod / alphas_cumprod[0]
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    return torch.clip(betas, 0, 0.999)


class NoiseScheduler(nn.Module):
    def __init__(self, *, beta_schedule, timesteps, loss_type, p2_loss_weight_gamma=0.0, p2_loss_weight_k=1):
        super().__init__()
        assert beta_schedule == "cosine", "the other schedules are left out"
        self.num_timesteps = timesteps
        self.loss_fn = {"l1": F.l1_loss, "l2": F.mse_loss, "huber": F.smooth_l1_loss}[loss_type]
        betas = cosine_beta_schedule(timesteps)
        alphas = 1 - betas
        bar = torch.cumprod(alphas, dim=0)  # share of the signal after step t
        prev = F.pad(bar[:-1], (1, 0), value=1.0)  # and before it
        variance = betas * (1 - prev) / (1 - bar)
        tables = {
            "betas": betas,
            "alphas_cumprod": bar,
            "alphas_cumprod_prev": prev,
            "sqrt_alphas_cumprod": bar.sqrt(),
            "sqrt_one_minus_alphas_cumprod": (1 - bar).sqrt(),
            "log_one_minus_alphas_cumprod": (1 - bar).log(),
            "sqrt_recip_alphas_cumprod": (1 / bar).sqrt(),
            "sqrt_recipm1_alphas_cumprod": (1 / bar - 1).sqrt(),
            "posterior_variance": variance,
            "posterior_log_variance_clipped": variance.clamp(min=1e-20).log(),
            "posterior_mean_coef1": betas * prev.sqrt() / (1 - bar),
            "posterior_mean_coef2": (1 - prev) * alphas.sqrt() / (1 - bar),
            "p2_loss_weight": (p2_loss_weight_k + bar / (1 - bar)) ** -p2_loss_weight_gamma,
        }
        for name, table in tables.items():
            self.register_buffer(name, table.to(torch.float32))

    def q_sample(self, x_start, t, noise=None):
        """x_t = sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) eps"""
        noise = torch.randn_like(x_start) if noise is None else noise
        signal = extract(self.sqrt_alphas_cumprod, t, x_start.shape)
        grain = extract(self.sqrt_one_minus_alphas_cumprod, t, x_start.shape)
        return signal * x_start + grain * noise

    def q_posterior(self, x_start, x_t, t):
        """Mean and variance of x_{t-1} where x_0 and x_t are known."""
        posterior_variance = extract(self.posterior_variance, t, x_t.shape)
        posterior_log_variance_clipped = extract(self.posterior_log_variance_clipped, t, x_t.shape)
        posterior_mean = (
            extract(self.posterior_mean_coef2, t, x_t.shape) * x_t
            + extract(self.posterior_mean_coef1, t, x_t.shape) * x_start
        )
        return posterior_mean, posterior_variance, posterior_log_variance_clipped

    def calculate_v(self, x_start, t, noise=None):
        """v = sqrt(alpha_bar) eps - sqrt(1 - alpha_bar) x_0"""
        signal = extract(self.sqrt_alphas_cumprod, t, x_start.shape)
        grain = extract(self.sqrt_one_minus_alphas_cumprod, t, x_start.shape)
        return signal * noise - grain * x_start

    def predict_start_from_v(self, x_t, t, v):
        signal = extract(self.sqrt_alphas_cumprod, t, x_t.shape)
        grain = extract(self.sqrt_one_minus_alphas_cumprod, t, x_t.shape)
        return signal * x_t - grain * v

    def predict_start_from_noise(self, x_t, t, noise):
        stretch = extract(self.sqrt_recip_alphas_cumprod, t, x_t.shape)
        grain = extract(self.sqrt_recipm1_alphas_cumprod, t, x_t.shape)
        return stretch * x_t - grain * noise

    def predict_noise_from_start(self, x_t, t, x0):
        stretch = extract(self.sqrt_recip_alphas_cumprod, t, x_t.shape)
        grain = extract(self.sqrt_recipm1_alphas_cumprod, t, x_t.shape)
        return (stretch * x_t - x0) / grain
