"""How rare a surprise is for this very series: people come in flocks, and a model of calm says "one in a million" twice a day.

The largest surprises of the last four weeks (-ln p of each bucket) are taken as an exponential tail (the domain of attraction of light tails:
S. Coles, An Introduction to Statistical Modeling of Extreme Values, 2001, chapter 4), whose scale is their mean excess over the largest fiftieth.
"""

from __future__ import annotations

from collections import deque

import numpy as np

SHARE = 0.02
FEWEST = 2000  # buckets; below so many the model is believed
LARGEST = 60.0  # one storm may not make a series deaf


class Tail:
    """Surprises of a series, the last `memory` of them; `scale` is what they would have if the model were right."""

    def __init__(self, memory: int, scale: float) -> None:
        self.held: deque[float] = deque(maxlen=memory)
        self.scale = scale

    def learn(self, surprise: float) -> None:
        """One more bucket."""
        self.held.append(min(surprise, LARGEST))

    def chance(self, surprise: float) -> float:
        """How often a surprise as large comes, judged by what came; never rarer than the model says."""
        model = float(np.exp(-surprise / self.scale))
        if len(self.held) < FEWEST:
            return model
        values = np.sort(np.array(self.held))
        count = max(int(SHARE * len(values)), 20)
        top = values[-count:]
        start = float(top[0])
        if surprise <= start:
            return 1.0
        scale = max(float(np.mean(top - start)), self.scale)
        return max(model, count / len(values) * float(np.exp(-(surprise - start) / scale)))
