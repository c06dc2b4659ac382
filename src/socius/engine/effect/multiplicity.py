"""Many questions at once: which answers stand out, with few false ones among them (Benjamini and Hochberg, 1995)."""

from __future__ import annotations

from collections.abc import Sequence


def benjamini_hochberg(p: Sequence[float | None], q: float = 0.1) -> list[float | None]:
    """The smallest false discovery rate at which each p would be called; None stays None and is no comparison.

    `q` only has to lie in (0, 1): the rates do not depend on it. Raises ValueError else.
    """
    if not 0 < q < 1:
        raise ValueError("q lies between 0 and 1")
    known = sorted((value, i) for i, value in enumerate(p) if value is not None)
    found: list[float | None] = [None] * len(p)
    smallest = 1.0
    for rank in range(len(known), 0, -1):
        value, i = known[rank - 1]
        smallest = min(smallest, value * len(known) / rank)
        found[i] = smallest
    return found
