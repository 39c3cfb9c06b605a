"""Loggers that say nothing."""


class _Logger:
    def __init__(self, name=None):
        self.name = name

    def debug(self, *args, **kwargs):
        pass

    def info(self, *args, **kwargs):
        pass

    def warning(self, *args, **kwargs):
        pass

    def warn(self, *args, **kwargs):
        pass

    def warning_once(self, *args, **kwargs):
        pass

    def error(self, *args, **kwargs):
        pass

    def critical(self, *args, **kwargs):
        pass


def get_logger(name=None):
    return _Logger(name)


def set_verbosity(verbosity):
    pass


def set_verbosity_error():
    pass


def set_verbosity_warning():
    pass


def set_verbosity_info():
    pass


def get_verbosity():
    return 30
