"""Which groups of raters may be shown: none below three, and none that follows by subtraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

LEAST = 3
OTHER = "other"


def shown_as(labels: Iterable[str], least: int = LEAST) -> dict[str, str]:
    """Label -> the label under which it is shown. Small groups become "other"; while that is too small itself, the smallest
    group beside it joins it, because total minus the shown groups would give it away. Empty where fewer than `least` rated."""
    counts = Counter(label or OTHER for label in labels)
    if counts.total() < least:
        return {}
    merged = {label for label, n in counts.items() if n < least or label == OTHER}
    rest = sorted((n, label) for label, n in counts.items() if label not in merged)
    while merged and sum(counts[label] for label in merged) < least and rest:
        merged.add(rest.pop(0)[1])
    return {"": OTHER, **{label: OTHER if label in merged else label for label in counts}}
