"""Outputs that are dataclass, mapping and tuple at once."""

from dataclasses import fields


class ModelOutput:
    """Fields that are None do not count: not in indexing, not in keys, not in to_tuple."""

    def _present(self):
        return [(field.name, getattr(self, field.name)) for field in fields(self) if getattr(self, field.name) is not None]

    def to_tuple(self):
        return tuple(value for _, value in self._present())

    def __getitem__(self, key):
        if isinstance(key, str):
            present = dict(self._present())
            if key not in present:
                raise KeyError(key)
            return present[key]
        return self.to_tuple()[key]

    def __setitem__(self, key, value):
        setattr(self, key, value)

    def __contains__(self, key):
        return key in dict(self._present())

    def __iter__(self):
        return iter(dict(self._present()))

    def __len__(self):
        return len(self._present())

    def keys(self):
        return dict(self._present()).keys()

    def values(self):
        return dict(self._present()).values()

    def items(self):
        return dict(self._present()).items()

    def get(self, key, default=None):
        return dict(self._present()).get(key, default)
