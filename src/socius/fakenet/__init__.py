"""A network of our own on loopback: it speaks the protocols of others, and misbehaves when told to."""
