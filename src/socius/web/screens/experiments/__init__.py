"""Experiments and sheets: what was registered before the start, who carries what out, and what came of it."""
