"""Which level a planted rise gets, and how soon a planted crisis is of level 3. One JSON line a kind of rise.

python benchmarks/listen/levels.py [PLANTS] [SEED]    about a CPU minute for 60 plants

A query of 6 mentions in five minutes with a day and a week in it, 35 days; at a random time of the last two days ten times as many for an
hour. The counts are judged as the worker judges them, after each bucket; the mentions of the rise are then weighed as the worker weighs them.
Scores come as a scorer gives them: of a negative mention four in five score below the line, of another one in ten.
"""

from __future__ import annotations

import json
import sys

import numpy as np

from socius.engine.rising import BUCKET, Found, Heard, Voice, rises, weighed

DAYS, MEAN, TIMES = 35, 6.0, 10.0
SIZE = DAYS * 86_400 // BUCKET
# Share of negative mentions of the rise by channel.
KINDS = {
    "calm in tone": {"social": 0.1, "forum": 0.1},
    "negative on one channel": {"social": 0.9, "forum": 0.1},
    "negative on two channels": {"social": 0.9, "forum": 0.9},
    "not scored": {"social": -1.0},
}
WANTED = {"calm in tone": 1, "negative on one channel": 2, "negative on two channels": 3, "not scored": 2}  # fmt: skip
WAIT = 24  # buckets after the onset within which an alert is looked for


def calm(dice: np.random.Generator) -> np.ndarray:
    """Counts in which nothing happens."""
    hours = np.arange(SIZE) * BUCKET / 3600
    level = MEAN * (1 + 0.5 * np.sin(hours / 24 * 2 * np.pi)) * np.where(hours // 24 % 7 < 5, 1.1, 0.75)  # fmt: skip
    return dice.negative_binomial(level / 0.69, 1 / 1.69)


def voices(dice: np.random.Generator, found: Found, kind: str, start: int, end: int) -> list[Voice]:
    """Mentions of a rise up to a bucket."""
    out = []
    shares = KINDS[kind]
    for n in range(found.observed if end <= start else int(dice.poisson(MEAN * TIMES * (end - start)))):  # fmt: skip
        channel = list(shares)[n % len(shares)]
        bad = dice.random() < shares[channel]
        below = dice.random() < (0.8 if bad else 0.1)
        score = None if shares[channel] < 0 else (-0.6 if below else 0.3)
        out.append(Voice(f"{n}", found.onset, f"author{dice.integers(400)}", channel, score, 0))
    return out


def one(dice: np.random.Generator, kind: str) -> tuple[int | None, int | None, int]:
    """Level of the first alert, minutes until it had its wanted level, and the last level that was seen."""
    counts = calm(dice)
    start = int(dice.integers(SIZE - 2 * 288, SIZE - WAIT - 1))
    counts[start : start + 12] += dice.poisson(counts[start - 12 : start].mean() * (TIMES - 1), 12)
    spans = [(0.0, SIZE * BUCKET * 1.0, 1.0)]
    first: int | None = None
    reached: int | None = None
    last = 0
    for end in range(start + 1, start + WAIT):
        pairs = [(n * BUCKET, int(c)) for n, c in enumerate(counts[:end]) if c]
        found = [f for f in rises(Heard(0, pairs, spans), end * BUCKET, 1.0, 1) if f.end > start * BUCKET]  # fmt: skip
        if not found:
            continue
        told = weighed(found[-1], voices(dice, found[-1], kind, start, min(end, start + 12)))
        if told is None:
            continue
        first, last = first or told.level, max(last, told.level)
        if last >= WANTED[kind]:
            reached = (end - start) * BUCKET // 60
            break
    return first, reached, last


def main() -> None:
    """Every kind of rise."""
    plants, seed = (*[int(w) for w in sys.argv[1:]], *(60, 20261125)[len(sys.argv) - 1 :])
    for number, kind in enumerate(KINDS):
        dice = np.random.default_rng([seed, number])
        made = [one(dice, kind) for _ in range(plants)]
        times = [m for _, m, _ in made if m is not None]
        print(json.dumps({
            "rise": kind, "wanted": WANTED[kind], "planted": plants, "alerts": sum(f is not None for f, _, _ in made),
            "last_level": {str(n): sum(last == n for _, _, last in made) for n in range(4)},
            "reached": len(times), "within_30_minutes": sum(t <= 30 for t in times),
            "minutes_median": float(np.median(times)) if times else None,
        }), flush=True)  # fmt: skip
    print(json.dumps({"seed": seed}))


if __name__ == "__main__":
    main()
