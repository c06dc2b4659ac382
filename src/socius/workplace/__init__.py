"""The internal network."""
