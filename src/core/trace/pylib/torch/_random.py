"""Random number generators by name. The numbers themselves come from the tracer's own seeded stream, never from PyTorch's."""


class Generator:
    def __init__(self, device="cpu"):
        self.device = device
        self._seed = 0

    def manual_seed(self, seed):
        self._seed = seed
        return self

    def initial_seed(self):
        return self._seed

    def seed(self):
        return self._seed


default_generator = Generator()


def manual_seed(seed):
    return default_generator.manual_seed(seed)


def seed():
    return default_generator.seed()


def initial_seed():
    return default_generator.initial_seed()


def get_rng_state(*args):
    refuse("torch.get_rng_state: PyTorch's random stream does not exist here")


def set_rng_state(*args):
    refuse("torch.set_rng_state: PyTorch's random stream does not exist here")
