"""Type names for annotations."""

from ._native import Tensor, device, dtype

Number = (int, float, bool)
Device = device
