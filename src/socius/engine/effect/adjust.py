"""Two groups that chose themselves: the naive difference, and one adjusted for what is known of them.

Adjusted: augmented inverse propensity weighting (Robins, Rotnitzky and Zhao, 1994) with a logistic propensity and linear outcome
models, both lightly ridged; right when either model is. Nothing corrects for what is not in the columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from socius.engine.effect.grid import Floats, Mask
from socius.engine.intervals import Z95

# Cases whose chance of treatment lies outside are left out: nobody comparable stands on the other side.
OVERLAP = (0.02, 0.98)
MOST_DROPPED = 0.5
RIDGE = 1e-3
STEPS = 50
ENOUGH_A_COLUMN = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference with its interval."""

    effect: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Both differences, the balance before and after weighting, and how many were left out for lack of overlap."""

    naive: Comparison
    adjusted: Comparison | None
    before: Floats
    after: Floats
    dropped: int


def features(columns: Floats) -> Floats:
    """Standardised columns, their squares where they take many values, and products where there are cases enough."""
    spread = columns.std(axis=0)
    z = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    many = [i for i in range(z.shape[1]) if len(np.unique(z[:, i])) > 5]
    parts = [z, *(z[:, [i]] ** 2 - 1 for i in many)]
    pairs = [(i, j) for i in range(z.shape[1]) for j in range(i)]
    wide = z.shape[1] + len(many) + len(pairs) + 1
    if pairs and len(z) >= ENOUGH_A_COLUMN * wide:
        parts += [z[:, [i]] * z[:, [j]] for i, j in pairs]
    return np.column_stack((np.ones(len(z)), *parts))


def propensity(x: Floats, treated: Floats) -> Floats:
    """Chance of treatment: ridged logistic regression by Newton's steps."""
    b = np.zeros(x.shape[1])
    penalty = np.diag([0.0, *[RIDGE * len(x)] * (x.shape[1] - 1)])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))
        slope = x.T @ (treated - chance) - penalty @ b
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + penalty + 1e-9 * np.eye(len(b))
        move = np.linalg.solve(bend, slope)
        b += move
        if np.abs(move).max() < 1e-9:
            break
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ b, -30, 30))))


def fitted(x: Floats, outcome: Floats, rows: Mask) -> Floats:
    """The outcome that a linear model of some rows expects for all."""
    own = x[rows]
    penalty = np.diag([0.0, *[RIDGE * len(own)] * (x.shape[1] - 1)]) + 1e-9 * np.eye(x.shape[1])
    return np.asarray(x @ np.linalg.solve(own.T @ own + penalty, own.T @ outcome[rows]))


def imbalance(columns: Floats, treated: Mask, weight: Floats) -> Floats:
    """Standardised mean differences between the groups under weights."""
    a, b = treated, ~treated
    one = np.average(columns[a], axis=0, weights=weight[a])
    other = np.average(columns[b], axis=0, weights=weight[b])
    spread = np.sqrt((columns[a].var(axis=0) + columns[b].var(axis=0)) / 2)
    return np.asarray((one - other) / np.where(spread > 0, spread, 1.0))


def naive(outcome: Floats, treated: Mask) -> Comparison:
    """Difference of means with Welch's standard error."""
    a, b = outcome[treated], outcome[~treated]
    effect = float(a.mean() - b.mean())
    half = Z95 * float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    return Comparison(effect, effect - half, effect + half)


def adjusted(outcome: Floats, treated: Mask, columns: Floats) -> Adjusted:
    """Mean difference that the treatment makes over the cases with overlap; None where more than half have none."""
    x = features(columns)
    chance = propensity(x, treated.astype(float))
    kept = (chance >= OVERLAP[0]) & (chance <= OVERLAP[1])
    dropped = int((~kept).sum())
    weight = np.where(treated, 1 / chance, 1 / (1 - chance))
    before = imbalance(columns, treated, np.ones(len(outcome)))
    both = (kept & treated).sum() >= x.shape[1] and (kept & ~treated).sum() >= x.shape[1]
    if dropped > MOST_DROPPED * len(outcome) or not both:
        return Adjusted(naive(outcome, treated), None, before, before, dropped)
    after = imbalance(columns[kept], treated[kept], weight[kept])
    one, other = fitted(x, outcome, kept & treated), fitted(x, outcome, kept & ~treated)
    t = treated.astype(float)
    score = one - other + t * (outcome - one) / chance - (1 - t) * (outcome - other) / (1 - chance)
    effect = float(score[kept].mean())
    half = Z95 * float(score[kept].std(ddof=1) / np.sqrt(kept.sum()))
    return Adjusted(naive(outcome, treated), Comparison(effect, effect - half, effect + half), before, after, dropped)  # fmt: skip
