"""A sentiment model of the organisation's own labels: hashed words and pairs, negation, lexicon; multinomial logistic regression.

Split by int(SHA-256(id), 16) mod 10: 0-1 test, 2-3 validation, the rest training. The strength of the penalty is chosen on validation
rows, the test rows are scored once. Rows of one text belong to the part of the smallest id; contradicting labels are dropped.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

from socius.engine import language
from socius.engine.query.marks import marks
from socius.engine.sentiment_model import LABELS, Model, named, softmax
from socius.engine.weighing import BITS, features, words
from socius.kit.errors import Invalid

PENALTIES = (3e-6, 1e-5, 3e-5)
LEAST = 200  # rows of a class among those for training; fewer teach nothing
ROUNDS = 120


class Labelled(NamedTuple):
    """One row a person labelled."""

    id: str
    text: str
    label: str


def cleaned(rows: Iterable[Labelled]) -> tuple[list[tuple[Labelled, int]], int]:
    """Rows with their part 0..9, and how many were dropped because their labels contradict."""
    by_id: dict[str, Labelled] = {}
    bad: set[str] = set()
    for row in rows:
        if by_id.setdefault(row.id, row).label != row.label:
            bad.add(row.id)
    by_text: dict[str, list[Labelled]] = {}
    for row in by_id.values():
        by_text.setdefault(" ".join(row.text.casefold().split()), []).append(row)
    kept = []
    for same in by_text.values():
        first = min(same)
        if len({r.label for r in same}) > 1:
            bad.update(r.id for r in same)
        if not any(r.id in bad for r in same):
            kept.append((first, int(hashlib.sha256(first.id.encode()).hexdigest(), 16) % 10))
    return kept, len(bad)


def macro_recall(want: Sequence[int], got: Any) -> float:
    """Mean over the classes of the share found."""
    truth = np.asarray(want)
    return float(np.mean([(np.asarray(got)[truth == k] == k).mean() for k in range(3)]))


def matrix(texts: Sequence[str]) -> Any:
    """Features as a sparse matrix; the same numbers that `linear` uses."""
    held = marks(texts)
    found, ends, extra = features(held.values, held.starts, words())
    scale = np.repeat(1 / np.sqrt(np.maximum(np.diff(ends), 1)), np.diff(ends))
    hashed = csr_matrix((scale, found, ends), shape=(len(texts), 1 << BITS))
    return hstack([hashed, csr_matrix(extra)], format="csr")


def fitted(x: Any, y: Any, penalty: float, start: Any) -> Any:
    """Weights that lose least: balanced log loss and a squared penalty (L-BFGS)."""
    rows, columns = x.shape
    truth = np.eye(3)[y]
    balance = (1 / (3 * np.bincount(y, minlength=3)))[y]
    turned = x.T.tocsr()

    def loss(flat: Any) -> tuple[float, Any]:
        weights = flat.reshape(columns, 3)
        shares = softmax(x @ weights)
        lost = -(balance * np.log(np.maximum(shares[np.arange(rows), y], 1e-300))).sum()
        slope = turned @ ((shares - truth) * balance[:, None]) + 2 * penalty * weights
        return float(lost + penalty * (weights**2).sum()), slope.ravel()

    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 6})  # fmt: skip
    return found.x.reshape(columns, 3)


def train(rows: Iterable[Labelled], told: Callable[[dict[str, Any]], None] = lambda _: None) -> Model:  # fmt: skip
    """The model of these rows with its card. Raises `Invalid` where a class has too few rows."""
    kept, dropped = cleaned(rows)
    parts = [[r for r, p in kept if p in chosen] for chosen in ((4, 5, 6, 7, 8, 9), (2, 3), (0, 1))]
    y_train, y_valid, y_test = ([LABELS.index(r.label) for r in part] for part in parts)
    short = {n: Counter(y_train)[k] for k, n in enumerate(LABELS) if Counter(y_train)[k] < LEAST}
    short |= {n: 0 for k, n in enumerate(LABELS) if k not in y_valid or k not in y_test}
    if short:
        raise Invalid(
            f"Too few rows to learn from: {', '.join(f'{k} {v}' for k, v in short.items())}; {LEAST} of each label are needed for training.",
            field="label", repair="Label more texts; three fifths of the rows are used for training.",
        )  # fmt: skip
    x_train, x_valid = matrix([r.text for r in parts[0]]), matrix([r.text for r in parts[1]])
    weights = np.zeros((x_train.shape[1], 3))
    best: tuple[float, float, Any] = (-1.0, 0.0, weights)
    for penalty in sorted(PENALTIES, reverse=True):
        weights = fitted(x_train, np.array(y_train), penalty, weights)
        recall = macro_recall(y_valid, (x_valid @ weights).argmax(axis=1))
        told({"penalty": penalty, "validation_macro_recall": round(recall, 4)})
        best = max(best, (recall, penalty, weights), key=lambda b: b[0])
    card = {
        "language": main_language([r.text for r in parts[0]]), "n_train": len(y_train), "n_validation": len(y_valid), "n_test": len(y_test),
        "contradicting_dropped": dropped, "penalty": best[1], "validation_macro_recall": round(best[0], 4),
        "test_ids_sha256": hashlib.sha256("\n".join(sorted(r.id for r in parts[2])).encode()).hexdigest(),
    }  # fmt: skip
    made = named(best[2][: 1 << BITS], best[2][1 << BITS :], card)
    recall = macro_recall(y_test, made.shares([r.text for r in parts[2]]).argmax(axis=1))
    return named(made.weights, made.tail, {**card, "macro_recall": round(recall, 4)})


def main_language(texts: Sequence[str], look: int = 2000) -> str:
    """The language most of the texts are in; the model is used for no other."""
    codes, _ = language.detect(texts[:look])
    known = Counter(c for c in codes if c != language.UNDETERMINED)
    return known.most_common(1)[0][0] if known else language.UNDETERMINED
