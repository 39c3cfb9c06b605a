"""Automatic mixed precision: everything stays float32 here."""



class autocast:
    def __init__(self, device_type="cuda", dtype=None, enabled=True, cache_enabled=None):
        self.device = device_type
        self.dtype = dtype
        self.enabled = enabled

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        return False

    def __call__(self, function):
        return function


class GradScaler:
    def __init__(self, *args, **kwargs):
        pass

    def scale(self, loss):
        refuse("GradScaler.scale: there are no gradients here")


def custom_fwd(function=None, **options):
    return (lambda inner: inner) if function is None else function


def custom_bwd(function=None, **options):
    return (lambda inner: inner) if function is None else function
