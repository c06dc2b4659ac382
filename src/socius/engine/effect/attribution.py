"""Which channels stand on the paths to a conversion. It describes paths; it does not measure what would have happened without a channel.

Exact first-order Markov removal effects (no simulation) and the Shapley value of the game "conversions of paths that need no other
channel", which has a closed form: every path shares its conversions equally among its distinct channels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

Path = tuple[str, ...]
METHODS = ("first", "last", "linear", "position", "markov", "shapley")
ENDS_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Count:
    """How often a path was seen with a conversion and without."""

    won: float
    lost: float


@dataclass(frozen=True, slots=True)
class Credit:
    """Conversions by channel, one column a method; `touched`: paths on which the channel stands."""

    channels: list[str]
    touched: list[float]
    shares: dict[str, list[float]]


def credited(paths: Mapping[Path, Count]) -> Credit:
    """Every method side by side; each sums to the conversions of paths that have a channel."""
    channels = sorted({channel for path in paths for channel in path})
    touched: dict[str, float] = defaultdict(float)
    for path, count in paths.items():
        for channel in set(path):
            touched[channel] += count.won + count.lost
    by_rule = {name: by_position(paths, name) for name in ("first", "last", "linear", "position")}
    by_rule["shapley"] = shapley(paths)
    by_rule["markov"] = markov(paths, channels)
    shares = {name: [by_rule[name].get(c, 0.0) for c in channels] for name in METHODS}
    return Credit(channels, [touched[c] for c in channels], shares)


def by_position(paths: Mapping[Path, Count], rule: str) -> dict[str, float]:
    """First, last, linear, or 40 % each to first and last with the rest between."""
    found: dict[str, float] = defaultdict(float)
    for path, count in paths.items():
        if path and count.won:
            for channel, weight in zip(path, position_weights(len(path), rule), strict=True):
                found[channel] += count.won * weight
    return found


def position_weights(n: int, rule: str) -> list[float]:
    """The share of each place on a path of length n."""
    if rule == "first":
        return [1.0, *[0.0] * (n - 1)]
    if rule == "last":
        return [*[0.0] * (n - 1), 1.0]
    if rule == "linear" or n < 3:
        return [1 / n] * n
    return [ENDS_SHARE, *[(1 - 2 * ENDS_SHARE) / (n - 2)] * (n - 2), ENDS_SHARE]


def shapley(paths: Mapping[Path, Count]) -> dict[str, float]:
    """The Shapley value in closed form: a sum of unanimity games, one a path."""
    found: dict[str, float] = defaultdict(float)
    for path, count in paths.items():
        distinct = set(path)
        for channel in distinct:
            found[channel] += count.won / len(distinct)
    return found


def markov(paths: Mapping[Path, Count], channels: list[str]) -> dict[str, float]:
    """Removal effects of the absorbing chain, scaled to the conversions (Anderl and others, 2016)."""
    place = {channel: i + 1 for i, channel in enumerate(channels)}
    size = len(channels) + 1
    counts = steps(paths, place)
    sums = counts.sum(axis=1, keepdims=True)
    chance = np.divide(counts, sums, out=np.zeros_like(counts), where=sums > 0)
    whole = reached(chance[:, :size], chance[:, size])
    won = float(counts[1:, size].sum())
    effects = []
    for k in range(1, size):
        without = chance.copy()
        without[:, k] = 0.0
        without[k] = 0.0
        left = reached(without[:, :size], without[:, size])
        effects.append(1 - left / whole if whole > 0 else 0.0)
    total = sum(effects)
    return {c: won * e / total if total > 0 else 0.0 for c, e in zip(channels, effects, strict=True)}  # fmt: skip


def steps(paths: Mapping[Path, Count], place: Mapping[str, int]) -> np.ndarray:
    """How often one state follows another: rows begin and channels, columns the same, then converted and not."""
    size = len(place) + 1
    if not paths:
        return np.zeros((size, size + 2))
    ends = np.array([len(path) for path in paths], dtype=np.intp)
    won, lost = np.array([(count.won, count.lost) for count in paths.values()], dtype=float).T
    touched = np.fromiter((place[c] for path in paths for c in path), dtype=np.intp, count=int(ends.sum()))  # fmt: skip
    # Every path begins in state 0, so a 0 before its channels makes each step a pair of neighbours.
    first = np.concatenate(([0], np.cumsum(ends + 1)[:-1]))
    walk = np.zeros(len(touched) + len(ends), dtype=np.intp)
    inner = np.ones(len(walk), dtype=bool)
    inner[first] = False
    walk[inner] = touched
    heavy = np.repeat(won + lost, ends + 1)
    moves = inner[1:]
    width = size + 2
    last = walk[first + ends]
    at = np.concatenate((walk[:-1][moves] * width + walk[1:][moves], last * width + size, last * width + size + 1))  # fmt: skip
    weight = np.concatenate((heavy[1:][moves], won, lost))
    return np.bincount(at, weight, size * width).reshape(size, width)


def reached(moves: np.ndarray, ends: np.ndarray) -> float:
    """The chance to convert from the beginning: (I - Q) x = c."""
    return float(np.linalg.solve(np.eye(len(moves)) - moves, ends)[0])
