"""timm.models: where older files look for layers and helpers."""
