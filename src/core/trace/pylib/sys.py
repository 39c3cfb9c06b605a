"""What programs ask about the interpreter."""

from collections import namedtuple

maxsize = 9223372036854775807
byteorder = "little"
platform = "linux"
argv = [""]
path = []
modules = {}
flags = None
executable = ""
version = "3.11.0"
_VersionInfo = namedtuple("version_info", ["major", "minor", "micro", "releaselevel", "serial"])
version_info = _VersionInfo(3, 11, 0, "final", 0)


class _Stream:
    def write(self, text):
        print(text, end="")
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False


stdout = _Stream()
stderr = _Stream()


def getrecursionlimit():
    return 1000


def setrecursionlimit(limit):
    pass


def intern(text):
    return text


def exit(code=None):
    raise SystemExit(code)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'sys' has no attribute '{name}'")
    refuse(f"sys.{name} is not there in a traced run.", f"sys.{name}")
