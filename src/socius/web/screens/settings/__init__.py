"""One's own settings: tokens."""
