"""Types of built-in things."""


class SimpleNamespace:
    def __init__(self, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __repr__(self):
        return "namespace(" + ", ".join(f"{key}={value!r}" for key, value in self.__dict__.items()) + ")"

    def __eq__(self, other):
        return isinstance(other, SimpleNamespace) and dict(self.__dict__) == dict(other.__dict__)


class _Namespace:
    def method(self):
        pass


def _generator():
    yield


FunctionType = LambdaType = type(_generator)
BuiltinFunctionType = type(len)
MethodType = type(_Namespace().method)
GeneratorType = type(_generator())
NoneType = type(None)
EllipsisType = type(...)
NotImplementedType = type(NotImplemented)
UnionType = type(int | str)
import math as _math

ModuleType = type(_math)


def MappingProxyType(mapping):
    return mapping


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'types' has no attribute '{name}'")
    refuse(f"types.{name} is not supported.", f"types.{name}")
