"""fairscale: only the wrapper that trades memory for time."""
