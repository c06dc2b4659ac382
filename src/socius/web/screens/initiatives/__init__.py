"""Initiatives and experiments: work that serves goals."""
