"""Warnings go to the run's log."""


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = type(message)
    name = category.__name__ if isinstance(category, type) else "UserWarning"
    print(f"{name}: {message}")


def warn_explicit(message, category, *args, **kwargs):
    warn(message, category)


def simplefilter(*args, **kwargs):
    pass


def filterwarnings(*args, **kwargs):
    pass


def resetwarnings():
    pass


class catch_warnings:
    def __init__(self, *, record=False, **kwargs):
        self._record = record

    def __enter__(self):
        return [] if self._record else None

    def __exit__(self, *error):
        return None
