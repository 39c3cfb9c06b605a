"""Layers, by framework."""
