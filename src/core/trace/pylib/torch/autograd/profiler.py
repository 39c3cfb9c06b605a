"""Timing, which does not exist here."""


class record_function:
    def __init__(self, name, args=None):
        self.name = name

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        return False

    def __call__(self, function):
        return function
