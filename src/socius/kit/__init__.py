"""Errors, ids, clock: at most ten files."""
