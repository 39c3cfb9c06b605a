"""Paths as text; nothing here touches a file."""

from os import path as _path


class PurePath:
    def __init__(self, *parts):
        self._text = _path.join(*(str(part) for part in parts)) if parts else "."

    def __truediv__(self, other):
        return type(self)(self._text, other)

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"{type(self).__name__}({self._text!r})"

    def __fspath__(self):
        return self._text

    def __eq__(self, other):
        return isinstance(other, PurePath) and self._text == other._text

    def __hash__(self):
        return hash(self._text)

    def joinpath(self, *parts):
        return type(self)(self._text, *parts)

    def as_posix(self):
        return self._text

    def resolve(self):
        return type(self)(_path.abspath(self._text))

    absolute = resolve
    expanduser = resolve

    @property
    def name(self):
        return _path.basename(self._text)

    @property
    def parent(self):
        return type(self)(_path.dirname(self._text) or ".")

    @property
    def suffix(self):
        return _path.splitext(self._text)[1]

    @property
    def stem(self):
        return _path.splitext(self.name)[0]

    def with_suffix(self, suffix):
        return type(self)(_path.splitext(self._text)[0] + suffix)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        refuse(f"Path.{name} is not there: traced code may not touch files.", f"Path.{name}")


class Path(PurePath):
    pass


PosixPath = Path
PurePosixPath = PurePath
