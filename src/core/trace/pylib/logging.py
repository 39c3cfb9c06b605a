"""Loggers that keep quiet below WARNING and write the rest to the run's log."""

NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL = 0, 10, 20, 30, 40, 50
WARN, FATAL = WARNING, CRITICAL
_names = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}


class Handler:
    def __init__(self, *args, **kwargs):
        pass

    def setLevel(self, level):
        pass

    def setFormatter(self, formatter):
        pass

    def addFilter(self, item):
        pass


class StreamHandler(Handler):
    pass


class NullHandler(Handler):
    pass


class Formatter:
    def __init__(self, *args, **kwargs):
        pass


class Filter:
    def __init__(self, *args, **kwargs):
        pass


class Logger:
    def __init__(self, name="root", level=WARNING):
        self.name = name
        self.level = level
        self.handlers = []
        self.propagate = True
        self.disabled = False

    def log(self, level, message, *args, **kwargs):
        if level < self.level or self.disabled:
            return
        text = str(message)
        if args:
            text = text % (args[0] if len(args) == 1 and isinstance(args[0], dict) else args)
        print(f"{_names.get(level, level)}:{self.name}:{text}")

    def debug(self, message, *args, **kwargs):
        self.log(DEBUG, message, *args)

    def info(self, message, *args, **kwargs):
        self.log(INFO, message, *args)

    def warning(self, message, *args, **kwargs):
        self.log(WARNING, message, *args)

    warn = warning

    def warning_once(self, message, *args, **kwargs):
        self.log(WARNING, message, *args)

    def error(self, message, *args, **kwargs):
        self.log(ERROR, message, *args)

    def exception(self, message, *args, **kwargs):
        self.log(ERROR, message, *args)

    def critical(self, message, *args, **kwargs):
        self.log(CRITICAL, message, *args)

    def setLevel(self, level):
        self.level = level

    def getEffectiveLevel(self):
        return self.level

    def isEnabledFor(self, level):
        return level >= self.level

    def addHandler(self, handler):
        self.handlers.append(handler)

    def removeHandler(self, handler):
        if handler in self.handlers:
            self.handlers.remove(handler)

    def addFilter(self, item):
        pass

    def hasHandlers(self):
        return bool(self.handlers)


_loggers = {}
root = Logger()


def getLogger(name=None):
    if name is None:
        return root
    if name not in _loggers:
        _loggers[name] = Logger(name)
    return _loggers[name]


def basicConfig(**kwargs):
    pass


def disable(level=CRITICAL):
    pass


def captureWarnings(capture):
    pass


debug, info, warning, warn, error, exception, critical = (
    root.debug,
    root.info,
    root.warning,
    root.warning,
    root.error,
    root.exception,
    root.critical,
)
