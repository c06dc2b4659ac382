"""Imports: hand over a file, see what it would do, apply it, take it back."""
