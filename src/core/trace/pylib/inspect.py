"""Looking at functions is not possible in a traced run, except to ask what something is."""

from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType


def isfunction(thing):
    return isinstance(thing, FunctionType)


def ismethod(thing):
    return isinstance(thing, MethodType)


def isclass(thing):
    return isinstance(thing, type)


def isbuiltin(thing):
    return isinstance(thing, BuiltinFunctionType)


def isgenerator(thing):
    return isinstance(thing, GeneratorType)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'inspect' has no attribute '{name}'")
    refuse(f"inspect.{name} is not supported.", f"inspect.{name}")
