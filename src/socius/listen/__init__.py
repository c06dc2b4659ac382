"""Queries, mentions, reputation, alerts."""
