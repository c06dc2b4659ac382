"""Intervals of shares and small quantiles, in plain Python: what the doors print needs no heavy library."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


def wilson(hits: int, n: int, z: float = Z95) -> tuple[float, float]:
    """The Wilson interval of a share; (0, 1) where nothing was seen."""
    if n <= 0:
        return 0.0, 1.0
    share = hits / n
    middle = share + z * z / (2 * n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = max((middle - half) / scale, 0.0) if hits else 0.0
    high = min((middle + half) / scale, 1.0) if hits < n else 1.0
    return low, high


def student(quantile: float, degrees: float) -> float:
    """A quantile of Student's t by the expansion of Cornish and Fisher; within .5 % from 5 degrees on up to .995."""
    z = NormalDist().inv_cdf(quantile)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3
