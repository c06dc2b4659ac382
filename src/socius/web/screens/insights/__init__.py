"""Insights: what was noticed, and who does what about it until when."""
