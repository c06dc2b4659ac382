"""The level of one day from its own answers and the days before it, where the level may stand still, scatter, or wander.

A local level model: the day's level is a walk plus scatter, and its observed mean adds the noise of few answers (J. Durbin and S. J.
Koopman, Time Series Analysis by State Space Methods, 2nd edition 2012, chapter 2). How far the level walks and scatters is not known, so
the answer is averaged over a grid of both, each weighted by how well it told the days before (a flat prior on the grid): the interval
carries that ignorance with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
# Variances of the walk a day and of the scatter, as multiples of the usual noise of a day's mean.
WALKS = np.array([0.0, 0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 1.0, 2.0, 4.0]) ** 2
SCATTERS = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0]) ** 2


class Past:
    """Days of one stratum, taken in one by one; times in days, values and variances in the unit of the index and its square."""

    def __init__(
        self, days: Sequence[int], means: Sequence[float], variances: Sequence[float]
    ) -> None:
        """At least two days, in order; variances above 0 are those of each day's mean given its level."""
        noise = float(np.median(np.asarray(variances)))
        walk, scatter = np.meshgrid(WALKS * noise, SCATTERS * noise)
        self.walk, self.scatter = walk.ravel(), scatter.ravel()
        self.mean = np.full(self.walk.shape, means[0])
        self.variance = variances[0] + self.scatter
        self.fit = np.zeros(self.walk.shape)
        self.day = days[0]
        for day, mean, variance in zip(days[1:], means[1:], variances[1:], strict=True):
            self.learn(day, mean, variance)

    def learn(self, day: int, mean: float, variance: float) -> None:
        """One more day, by Kalman's filter at each point of the grid."""
        ahead = self.variance + self.walk * (day - self.day)
        total = ahead + self.scatter + variance
        off = mean - self.mean
        self.fit -= 0.5 * (np.log(total) + off**2 / total)
        gain = ahead / total
        self.mean, self.variance, self.day = self.mean + gain * off, ahead * (1 - gain), day

    def level(self, day: int, mean: float | None, variance: float) -> tuple[float, float]:
        """Mean and variance of the day's level, given its own mean; None where it has no answers."""
        centre, spread = self.mean, self.variance + self.walk * (day - self.day) + self.scatter
        fit = self.fit
        if mean is not None:
            total = spread + variance
            off = mean - centre
            fit = fit - 0.5 * (np.log(total) + off**2 / total)
            gain = spread / total
            centre, spread = centre + gain * off, spread * (1 - gain)
        weights = np.exp(fit - fit.max())
        weights /= weights.sum()
        middle = float(weights @ centre)
        return middle, float(weights @ (spread + (centre - middle) ** 2))
