"""Gradient modes. Nothing is differentiated here, so they only remember what was asked."""

import functools

_mode = {"grad": True, "inference": False}


class _GradMode:
    """A context manager that can also decorate a function, with or without parentheses."""

    enabled = True
    inference = None

    def __init__(self):
        self._before = []

    def _enter(self):
        self._before.append((_mode["grad"], _mode["inference"]))
        _mode["grad"] = self.enabled
        if self.inference is not None:
            _mode["inference"] = self.inference

    def _leave(self):
        _mode["grad"], _mode["inference"] = self._before.pop()

    def __enter__(self):
        self._enter()

    def __exit__(self, kind, error, traceback):
        self._leave()
        return False


def _decorate(mode, function):
    @functools.wraps(function)
    def inside(*args, **kwargs):
        with mode():
            return function(*args, **kwargs)

    return inside


class no_grad(_GradMode):
    enabled = False

    def __new__(cls, function=None):
        # `@torch.no_grad` without parentheses is allowed as well.
        return object.__new__(cls) if function is None else _decorate(cls, function)

    def __call__(self, function):
        return _decorate(no_grad, function)


class enable_grad(_GradMode):
    enabled = True

    def __new__(cls, function=None):
        return object.__new__(cls) if function is None else _decorate(cls, function)

    def __call__(self, function):
        return _decorate(enable_grad, function)


class inference_mode(_GradMode):
    def __new__(cls, mode=True):
        return object.__new__(cls) if isinstance(mode, bool) else _decorate(cls, mode)

    def __init__(self, mode=True):
        super().__init__()
        self.enabled = not mode
        self.inference = mode

    def __call__(self, function):
        return _decorate(lambda: inference_mode(self.inference), function)


class set_grad_enabled(_GradMode):
    """Takes effect at once, and ends with the block when used as a context manager."""

    def __init__(self, mode):
        super().__init__()
        self.enabled = bool(mode)
        self._enter()

    def __enter__(self):
        pass

    def __call__(self, function):
        self._leave()
        mode = self.enabled
        return _decorate(lambda: set_grad_enabled(mode), function)


def is_grad_enabled():
    return _mode["grad"]


def is_inference_mode_enabled():
    return _mode["inference"]
