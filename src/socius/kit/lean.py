"""Keeps a process small: what a library would load only because it happens to be installed stays out."""

from __future__ import annotations

import sys

# pyarrow loads it to ask whether a value is one of its own: 40 MB for nothing.
UNASKED = frozenset({"pandas"})


class Absent:
    """An importer that finds nothing under these names, and says so before another looks."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Raises ModuleNotFoundError for what is to stay out."""
        if name in UNASKED:
            raise ModuleNotFoundError(f"{name} is not used in this process.", name=name)


def lean() -> None:
    """For a process that works on streams; called before it loads a numeric library."""
    if Absent not in sys.meta_path:
        sys.meta_path.insert(0, Absent)
