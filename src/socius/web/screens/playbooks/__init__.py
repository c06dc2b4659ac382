"""Playbooks: how a gap is closed, step by step."""
