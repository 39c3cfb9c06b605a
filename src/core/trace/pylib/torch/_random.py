"""PyTorch's random stream does not exist here; `Generator` and `manual_seed` are native and seed a stream of the tracer's own."""


def get_rng_state(*args):
    refuse("torch.get_rng_state: PyTorch's random stream does not exist here")


def set_rng_state(*args):
    refuse("torch.set_rng_state: PyTorch's random stream does not exist here")
