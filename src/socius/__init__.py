"""Socius: every social activity has a line to a business goal."""
