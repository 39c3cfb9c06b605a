"""Activation checkpointing changes when things are computed, not what."""


def checkpoint_wrapper(module, offload_to_cpu=False):
    return module
