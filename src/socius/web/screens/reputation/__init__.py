"""Reputation: one question on every channel, its daily index with what is missing, and where it is asked."""
