"""Text generation: refused by name, except the lists that its settings are kept in."""
