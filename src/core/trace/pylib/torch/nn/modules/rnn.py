"""Recurrent layers: refused by name."""

from .module import Module


class _Recurrent(Module):
    def __init__(self, *args, **kwargs):
        refuse(f"torch.nn.{type(self).__name__}: recurrent layers are not supported")


class RNNBase(_Recurrent):
    pass


class RNN(_Recurrent):
    pass


class LSTM(_Recurrent):
    pass


class GRU(_Recurrent):
    pass


class RNNCell(_Recurrent):
    pass


class LSTMCell(_Recurrent):
    pass


class GRUCell(_Recurrent):
    pass
