"""Net value: effects times what a unit is worth, less cost. Amounts are decimals, rounded to the cent once a line, so that a
sum can be done again by hand; the range comes from joint draws of effects and worths.

Only effects of grade A and B come in here; the caller sees to it. No NumPy: a page may ask.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
DRAWS = 4_000
LEVEL = 0.95
# Of a normal distribution: half a 95 % interval in standard deviations.
HALF = 1.959963984540054


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, a half to the even one."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one more unit of an outcome is worth; of a saving, what one unit less is worth. In a currency."""

    low: Decimal
    likely: Decimal
    high: Decimal
    saving: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The total effect of an initiative on one outcome with its 95 % interval, and what a unit is worth."""

    name: str
    total: Decimal
    low: Decimal
    high: Decimal
    worth: Worth

    @property
    def amount(self) -> Decimal:
        """Its value to the cent."""
        return cents(self.sign * self.total * self.worth.likely)

    @property
    def sign(self) -> int:
        """A fall counts where the worth is a saving."""
        return -1 if self.worth.saving else 1


@dataclass(frozen=True, slots=True)
class Net:
    """Value less cost, with the 95 % range of the value's draws. `low` and `high` are None without a line."""

    value: Decimal
    cost: Decimal
    net: Decimal
    low: Decimal | None
    high: Decimal | None


def net(lines: Sequence[Line], costs: Sequence[Decimal], *, seed: int = 1) -> Net:
    """The sum of the lines' rounded amounts less the sum of the costs, each rounded.

    The range draws each effect from the normal distribution of its interval and each worth from the triangle of its three
    figures, 4,000 times with a fixed seed; costs are booked and do not vary.
    """
    value = sum((line.amount for line in lines), Decimal())
    cost = sum((cents(c) for c in costs), Decimal())
    if not lines:
        return Net(value, cost, value - cost, None, None)
    rng = random.Random(seed)  # noqa: S311 - a simulation that comes out the same each time
    draws = sorted(sum(drawn(line, rng) for line in lines) for _ in range(DRAWS))
    edge = round((1 - LEVEL) / 2 * DRAWS)
    low, high = (cents(Decimal(repr(draws[i]))) - cost for i in (edge, DRAWS - 1 - edge))
    return Net(value, cost, value - cost, low, high)


def drawn(line: Line, rng: random.Random) -> float:
    """One draw of a line's value."""
    spread = float(line.high - line.low) / (2 * HALF)
    low, likely, high = (float(v) for v in (line.worth.low, line.worth.likely, line.worth.high))
    worth = rng.triangular(low, high, likely) if high > low else likely
    return line.sign * rng.gauss(float(line.total), spread) * worth
