"""A network of our own that misbehaves on purpose."""
