"""Suspected rings: what they said together, what their weight changes, and a person's decision."""
