"""Figures in sentences: shares and counts as people write them."""

from __future__ import annotations


def percent(share: float, decimals: int = 0) -> str:
    """0.47 is 47 %: with a space, as everywhere on the pages."""
    return f"{100 * share:.{decimals}f} %"


def counted(n: int, one: str, many: str = "") -> str:
    """How many of what: 1 group, 2 groups, 1,200 groups. `many`: where it is not `one` with an s."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
