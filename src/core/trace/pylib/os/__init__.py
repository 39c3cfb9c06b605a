"""Paths as text, and an empty environment: there is no file system in a traced run."""

from . import path

sep = "/"
linesep = "\n"
pathsep = ":"
curdir = "."
name = "posix"


class PathLike:
    pass


class _Environment(dict):
    pass


environ = _Environment()


def getenv(key, default=None):
    return environ.get(key, default)


def fspath(path):
    return str(path)


def cpu_count():
    return 1


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'os' has no attribute '{name}'")
    refuse(f"os.{name} is not there: traced code may not touch files or processes.", f"os.{name}")
