"""Sentiment of many texts at once, compiled: the lexicon's sums, and the features and scores of a trained model."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from socius.engine.lexicon import CLAUSE, NEGATORS, SHORT, STRONGER, WEIGHTS
from socius.engine.query.layout import SPREAD
from socius.engine.query.marks import Marks, mark_of
from socius.engine.query.scanning import kernel
from socius.engine.sentiment import (
    RAISED,
    SCOPE,
    SCOPE_BESIDE,
    SCOPE_COMPLAINT,
    TURNED,
    TURNED_COMPLAINT,
)

NEGATOR, SHORTENED, RAISER, OF_CLAUSE = 1, 2, 4, 8
SLOTS = 1 << 13
BITS = 18  # of a trained model: 2^18 numbers a class
EXTRA = 4  # features that follow the hashed ones: praise and complaint of the lexicon, their sizes, one constant
ONE, TWO, NOT_ONE = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9


class Words(NamedTuple):
    """The lexicon as an open table over the numbers of tokens."""

    keys: Any  # uint64, 0 = empty
    weights: Any  # int8
    roles: Any  # uint8
    t: Any  # number of the token `t` of `can't`


@cache
def words() -> Words:
    """The lexicon, made once per process."""
    found = Words(np.zeros(SLOTS, np.uint64), np.zeros(SLOTS, np.int8), np.zeros(SLOTS, np.uint8), np.uint64(mark_of("t")))  # fmt: skip
    for word in sorted({*WEIGHTS, *NEGATORS, *STRONGER}):
        mark = mark_of(word)
        at = mark & (SLOTS - 1)
        while found.keys[at]:
            at = (at + 1) & (SLOTS - 1)
        found.keys[at] = mark
        found.weights[at] = WEIGHTS.get(word, 0)
        found.roles[at] = (
            NEGATOR * (word in NEGATORS)
            + SHORTENED * (word in SHORT)
            + RAISER * (word in STRONGER)
            + OF_CLAUSE * (word in CLAUSE)
        )
    return found


@kernel
def place(mark: Any, known: Any) -> Any:
    """Where a token stands in the lexicon; -1 where it does not."""
    mask = known.keys.shape[0] - 1
    at = np.int64(mark & np.uint64(mask))
    while known.keys[at]:
        if known.keys[at] == mark:
            return at
        at = (at + 1) & mask
    return -1


@kernel
def weighed(values: Any, known: Any, weights: Any, turns: Any) -> None:
    """Weight of each token of one text as it stands, and whether a negator turns it (2: it is the negator)."""
    turned, excused, raised = 0, 0, False
    for i in range(values.shape[0]):
        at = place(values[i], known)
        role = known.roles[at] if at >= 0 else 0
        short = (role & SHORTENED) != 0
        follows = i + 1 < values.shape[0] and values[i + 1] == known.t
        weights[i] = 0.0
        if role & NEGATOR and (not short or follows):
            turned = SCOPE + short
            excused = (SCOPE_COMPLAINT if role & OF_CLAUSE else SCOPE_BESIDE) + short
            turns[i] = 2
        else:
            weight = float(known.weights[at]) if at >= 0 else 0.0
            if weight != 0.0:
                weight *= RAISED if raised else 1.0
                if weight > 0:
                    weights[i] = weight * TURNED if turned else weight
                else:
                    weights[i] = weight * TURNED_COMPLAINT if excused else weight
            turns[i] = turned > 0
            turned, excused = max(0, turned - 1), max(0, excused - 1)
        raised = (role & RAISER) != 0


@kernel
def sums(values: Any, starts: Any, known: Any) -> Any:
    """Sum of the weights of each text, and of their sizes."""
    count = starts.shape[0] - 1
    total, size = np.zeros(count), np.zeros(count)
    weights, turns = np.empty(values.shape[0]), np.empty(values.shape[0], np.uint8)
    for n in range(count):
        a, b = starts[n], starts[n + 1]
        weighed(values[a:b], known, weights[a:b], turns[a:b])
        for i in range(a, b):
            total[n] += weights[i]
            size[n] += abs(weights[i])
    return total, size


@kernel
def bucket(mark: Any, salt: Any) -> Any:
    """Which of 2^BITS numbers a feature has."""
    return np.int64(((mark ^ np.uint64(salt)) * SPREAD) >> np.uint64(64 - BITS))


@kernel
def features(values: Any, starts: Any, known: Any) -> Any:
    """Buckets of each text's words (negated ones apart) and pairs of neighbours, and the lexicon's sums of it."""
    count = starts.shape[0] - 1
    found = np.empty(2 * values.shape[0], np.int32)
    ends, extra, total = np.zeros(count + 1, np.int64), np.zeros((count, EXTRA)), 0
    weights, turns = np.empty(values.shape[0]), np.empty(values.shape[0], np.uint8)
    for n in range(count):
        a, b = starts[n], starts[n + 1]
        weighed(values[a:b], known, weights[a:b], turns[a:b])
        for i in range(a, b):
            found[total] = bucket(values[i], NOT_ONE if turns[i] == 1 else ONE)
            total += 1
            if i > a:
                pair = (values[i - 1] * SPREAD) ^ values[i]
                found[total] = bucket(pair, TWO)
                total += 1
            extra[n, 1 if weights[i] < 0 else 0] += abs(weights[i]) / 3
            extra[n, 2] += weights[i] != 0
        ends[n + 1] = total
        extra[n, 0], extra[n, 1] = np.tanh(extra[n, 0]), np.tanh(extra[n, 1])
        extra[n, 2], extra[n, 3] = np.tanh(extra[n, 2] / 3), 1.0
    return found[:total], ends, extra


@kernel
def linear(found: Any, ends: Any, extra: Any, weights: Any, tail: Any) -> Any:
    """Raw scores of the classes: mean-normalised hashed features (length 1) times weights, and the tail's."""
    count, classes = ends.shape[0] - 1, weights.shape[1]
    out = np.zeros((count, classes))
    for n in range(count):
        a, b = ends[n], ends[n + 1]
        scale = 1.0 / np.sqrt(max(b - a, 1))
        for c in range(classes):
            for i in range(a, b):
                out[n, c] += weights[found[i], c] * scale
            for k in range(EXTRA):
                out[n, c] += extra[n, k] * tail[k, c]
    return out


def lexicon_sums(held: Marks) -> tuple[Any, Any]:
    """Sum and size of the lexicon's weights for each text."""
    found: tuple[Any, Any] = sums(held.values, held.starts, words())
    return found
