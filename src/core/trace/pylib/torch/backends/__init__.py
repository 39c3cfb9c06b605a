"""Switches of numerical libraries; they change nothing here."""

from . import cuda, cudnn, mps
