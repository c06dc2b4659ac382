"""Outcome series: what moves, how fresh it is, and what was believed before."""
