"""Re-parametrised weights: refused by name."""


def weight_norm(module, name="weight", dim=0):
    refuse("weight_norm is not supported")


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    refuse("spectral_norm is not supported")


def orthogonal(module, name="weight", orthogonal_map=None, use_trivialization=True):
    refuse("orthogonal parametrization is not supported")
