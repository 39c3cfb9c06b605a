"""Diffusion around GLIDE's U-Net as equations: noising, one reverse step, DDIM and classifier-free guidance.

Letters: B batch, C channels, α̅_t share of the picture's variance at step t. Names are those of openai/glide-text2im. Tables over the
timesteps are plain Python numbers in double precision; what multiplies a picture is float32.
"""

import math

import torch


def cosine_betas(num_diffusion_timesteps, max_beta=0.999):
    """β_i = 1 - f((i+1)/n) / f(i/n) with f(t) = cos²((t + 0.008)/1.008 · π/2): "squaredcos_cap_v2"."""

    def f(t):
        return math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2

    n = num_diffusion_timesteps
    return [min(1 - f((i + 1) / n) / f(i / n), max_beta) for i in range(n)]


def cumulative_alphas(betas):
    """α̅_i = ∏_{j≤i} (1 - β_j)."""
    products, product = [], 1.0
    for beta in betas:
        product = product * (1.0 - beta)
        products.append(product)
    return products


def _extract_into_tensor(arr, timesteps, broadcast_shape):
    """The table's value at each timestep [B], repeated to the shape of the pictures [B, C, H, W]."""
    values = torch.tensor(arr, dtype=torch.float32)[timesteps]
    return values.reshape(-1, *[1] * (len(broadcast_shape) - 1)).expand(broadcast_shape)


class GaussianDiffusion:
    """The chain x_0 → x_T of q and its reverse p_θ; `timestep_map` names the timesteps that the network is told."""

    def __init__(self, *, betas, timestep_map=None):
        alphas = cumulative_alphas(betas)  # α̅
        previous = [1.0, *alphas[:-1]]
        steps = list(zip(betas, alphas, previous))
        variance = [b * (1 - p) / (1 - a) for b, a, p in steps]
        self.num_timesteps = len(betas)
        self.timestep_map = timestep_map or list(range(len(betas)))
        self.log_betas = [math.log(b) for b in betas]
        self.alphas_cumprod = alphas
        self.alphas_cumprod_prev = previous
        self.sqrt_alphas_cumprod = [math.sqrt(a) for a in alphas]
        self.sqrt_one_minus_alphas_cumprod = [math.sqrt(1 - a) for a in alphas]
        self.sqrt_recip_alphas_cumprod = [math.sqrt(1 / a) for a in alphas]
        self.sqrt_recipm1_alphas_cumprod = [math.sqrt(1 / a - 1) for a in alphas]
        self.posterior_variance = variance
        self.posterior_log_variance_clipped = [math.log(v) for v in [variance[1 % len(variance)], *variance[1:]]]
        self.posterior_mean_coef1 = [b * math.sqrt(p) / (1 - a) for b, a, p in steps]
        self.posterior_mean_coef2 = [(1 - p) * math.sqrt(1 - b) / (1 - a) for b, a, p in steps]

    def q_sample(self, x_start, t, noise=None):
        """x_t of x_0 [B, C, H, W] at t [B]."""
        if noise is None:
            noise = torch.randn_like(x_start)
        picture = _extract_into_tensor(self.sqrt_alphas_cumprod, t, x_start.shape)  # √α̅_t
        grain = _extract_into_tensor(self.sqrt_one_minus_alphas_cumprod, t, x_start.shape)  # √(1 - α̅_t)
        return picture * x_start + grain * noise

    def q_posterior_mean_variance(self, x_start, x_t, t):
        """μ̃_t, β̃_t and its logarithm."""
        coef1 = _extract_into_tensor(self.posterior_mean_coef1, t, x_t.shape)
        coef2 = _extract_into_tensor(self.posterior_mean_coef2, t, x_t.shape)
        posterior_mean = coef1 * x_start + coef2 * x_t
        posterior_variance = _extract_into_tensor(self.posterior_variance, t, x_t.shape)
        posterior_log_variance_clipped = _extract_into_tensor(self.posterior_log_variance_clipped, t, x_t.shape)
        return posterior_mean, posterior_variance, posterior_log_variance_clipped

    def _predict_xstart_from_eps(self, x_t, t, eps):
        """x̂_0 from the noise."""
        stretch = _extract_into_tensor(self.sqrt_recip_alphas_cumprod, t, x_t.shape)  # √(1/α̅_t)
        grain = _extract_into_tensor(self.sqrt_recipm1_alphas_cumprod, t, x_t.shape)  # √(1/α̅_t - 1)
        return stretch * x_t - grain * eps

    def _predict_eps_from_xstart(self, x_t, t, pred_xstart):
        """ε from x̂_0."""
        stretch = _extract_into_tensor(self.sqrt_recip_alphas_cumprod, t, x_t.shape)  # √(1/α̅_t)
        grain = _extract_into_tensor(self.sqrt_recipm1_alphas_cumprod, t, x_t.shape)  # √(1/α̅_t - 1)
        return (stretch * x_t - pred_xstart) / grain

    def p_mean_variance(self, model, x, t, clip_denoised=True, denoised_fn=None, model_kwargs=None):
        """One run of the network: mean and variance of p_θ(x_{t-1} | x_t), and x̂_0."""
        told = torch.tensor(self.timestep_map)[t]
        model_output = model(x, told, **(model_kwargs or {}))
        model_output, model_var_values = model_output.split(x.shape[1], dim=1)  # ε_θ, v_θ: [B, C, H, W] each
        min_log = _extract_into_tensor(self.posterior_log_variance_clipped, t, x.shape)
        max_log = _extract_into_tensor(self.log_betas, t, x.shape)
        frac = (model_var_values + 1) / 2  # ν
        model_log_variance = frac * max_log + (1 - frac) * min_log
        model_variance = torch.exp(model_log_variance)  # Σ_θ
        pred_xstart = self._predict_xstart_from_eps(x_t=x, t=t, eps=model_output)
        if denoised_fn is not None:
            pred_xstart = denoised_fn(pred_xstart)
        if clip_denoised:
            pred_xstart = pred_xstart.clamp(-1, 1)  # x̂_0
        model_mean, _, _ = self.q_posterior_mean_variance(x_start=pred_xstart, x_t=x, t=t)  # μ_θ
        return {"mean": model_mean, "variance": model_variance, "log_variance": model_log_variance, "pred_xstart": pred_xstart}

    def p_sample(self, model, x, t, clip_denoised=True, denoised_fn=None, cond_fn=None, model_kwargs=None):
        """x_{t-1} drawn from p_θ(x_{t-1} | x_t) (DDPM)."""
        out = self.p_mean_variance(model, x, t, clip_denoised, denoised_fn, model_kwargs)
        noise = torch.randn_like(x)  # z
        nonzero_mask = (t != 0).float().reshape(-1, *[1] * (x.dim() - 1))
        sample = out["mean"] + nonzero_mask * torch.exp(0.5 * out["log_variance"]) * noise
        return {"sample": sample, "pred_xstart": out["pred_xstart"]}

    def ddim_sample(self, model, x, t, clip_denoised=True, denoised_fn=None, cond_fn=None, model_kwargs=None, eta=0.0):
        """x_{t-1} by DDIM; without chance where eta is 0."""
        out = self.p_mean_variance(model, x, t, clip_denoised, denoised_fn, model_kwargs)
        alpha_bar = _extract_into_tensor(self.alphas_cumprod, t, x.shape)
        alpha_bar_prev = _extract_into_tensor(self.alphas_cumprod_prev, t, x.shape)
        eps = self._predict_eps_from_xstart(x, t, out["pred_xstart"])  # ε again, from the clipped x̂_0
        sigma = eta * torch.sqrt((1 - alpha_bar_prev) / (1 - alpha_bar)) * torch.sqrt(1 - alpha_bar / alpha_bar_prev)
        mean_pred = out["pred_xstart"] * torch.sqrt(alpha_bar_prev) + torch.sqrt(1 - alpha_bar_prev - sigma**2) * eps
        noise = torch.randn_like(x) if eta > 0 else torch.zeros_like(x)  # z
        nonzero_mask = (t != 0).float().reshape(-1, *[1] * (x.dim() - 1))
        sample = mean_pred + nonzero_mask * sigma * noise
        return {"sample": sample, "pred_xstart": out["pred_xstart"]}

    def ddim_sample_loop(self, model, noise, model_kwargs=None, clip_denoised=True, eta=0.0):
        """From noise [B, C, H, W] to a picture, step by step; every picture on the way is kept."""
        x, path = noise, []
        for i in reversed(range(self.num_timesteps)):
            t = torch.full((x.shape[0],), i, dtype=torch.long)
            out = self.ddim_sample(model, x, t, clip_denoised, model_kwargs=model_kwargs, eta=eta)
            x = out["sample"]
            path.append(x)
        return x, path


def spaced_diffusion(steps, total=1000):
    """DDIM's evenly spaced steps: of `total` cosine steps only every `total / steps`-th is walked, told by its own number."""
    alphas = cumulative_alphas(cosine_betas(total))
    kept = list(range(0, total, total // steps))
    betas, last = [], 1.0
    for i in kept:
        betas.append(1 - alphas[i] / last)
        last = alphas[i]
    return GaussianDiffusion(betas=betas, timestep_map=kept)


def guided(model, guidance_scale):
    """ε̂ = ε(x | ∅) + s (ε(x | y) - ε(x | ∅)): the first half of the batch has the caption, the second has none."""

    def model_fn(x_t, ts, **kwargs):
        half = x_t[: x_t.shape[0] // 2]
        combined = torch.cat([half, half], dim=0)  # the same pictures twice: [2B, C, H, W]
        model_out = model(combined, ts, **kwargs)
        eps, rest = model_out.chunk(2, dim=1)  # noise | variance: [2B, C, H, W] each
        cond_eps, uncond_eps = eps.split(half.shape[0], dim=0)  # ε(x | y), ε(x | ∅): [B, C, H, W] each
        half_eps = uncond_eps + guidance_scale * (cond_eps - uncond_eps)  # ε̂
        eps = torch.cat([half_eps, half_eps], dim=0)
        return torch.cat([eps, rest], dim=1)

    return model_fn
