"""Whether what one unit got is felt in another: the block before (carry-over), a neighbouring place (spill-over).

The outcome is regressed on the unit's own arm and on its exposure, the share of its neighbours that are on; of a block the neighbour
is the block before. Runs of two blocks with one arm are blocks of double length, so for switchbacks this is the contrast of block
lengths. The coefficient of the exposure is held against the same coefficient under assignments drawn again from the scheme, with the
direct effect taken as estimated. An additive direct effect is assumed; the test says nothing of units that are exposed alike in every draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from socius.engine.effect.design import Arms, Scheme
from socius.engine.effect.grid import Floats
from socius.engine.effect.randomisation import others

FEWEST = 4
SLIGHT = 1e-9


@dataclass(frozen=True, slots=True)
class Felt:
    """What full exposure adds to a unit's outcome, its p, and how many units were exposed to more than nothing."""

    effect: float
    p: float
    exposed: int
    units: int


def after_block(units: int) -> Floats:
    """Exposure to the block before; the first block has none and is left out by its NaN."""
    found = np.eye(units, k=-1)
    found[0] = np.nan
    return found


def beside(units: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Floats:
    """Exposure to neighbouring places: the share of them that is on; a place without a named neighbour has none."""
    place = {unit: i for i, unit in enumerate(units)}
    found = np.zeros((len(units), len(units)))
    for a, b in pairs:
        found[place[a], place[b]] = found[place[b], place[a]] = 1.0
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1.0))


def felt(scheme: Scheme, seed: int, arms: Arms, outcome: Floats, exposure: Floats) -> Felt | None:
    """The test; None where exposure does not vary once the arm is known."""
    kept = ~np.isnan(outcome) & ~np.isnan(exposure).any(axis=1)
    weights, y = exposure[kept], outcome[kept]
    if kept.sum() < 2 * FEWEST:
        return None
    own = slopes(arms[None, :], weights, kept, y)
    if np.isnan(own[0]):
        return None
    z, e = arms[kept].astype(float), weights @ arms
    direct = np.linalg.lstsq(np.column_stack((np.ones(len(z)), z, e)), y, rcond=None)[0][1]
    drawn, whole = others(scheme, seed)
    null = slopes(drawn, weights, kept, y - direct * z)
    null = null[~np.isnan(null)]
    as_large = int((np.abs(null) >= abs(own[0]) * (1 - SLIGHT)).sum())
    p = as_large / len(null) if whole else (1 + as_large) / (1 + len(null))
    return Felt(float(own[0]), min(1.0, max(p, 1 / (1 + len(null)))), int((e > 0).sum()), int(kept.sum()))  # fmt: skip


def slopes(arms: Arms, weights: Floats, kept: np.ndarray, y: Floats) -> Floats:
    """The coefficient of the exposure beside the arm, one an assignment; NaN where it cannot be told."""
    z = arms[:, kept].astype(float)
    e = arms.astype(float) @ weights.T
    on, off = z.sum(axis=1, keepdims=True), (1 - z).sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = z * ((e * z).sum(axis=1, keepdims=True) / on) + (1 - z) * ((e * (1 - z)).sum(axis=1, keepdims=True) / off)  # fmt: skip
    apart = e - middle
    size = (apart**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(size > SLIGHT, apart @ y / size, np.nan)
