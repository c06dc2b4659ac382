"""A planted ring of 50 authors among 10^5 posts: found, and how much of its pull on the index the weighting takes away; and shuffled streams.

python benchmarks/listen/rings.py [RINGS] [NULLS] [SEED]    prints one JSON line a ring, one for the nulls
"""

from __future__ import annotations

import json
import random
import sys
import time

import numpy as np

from socius.engine.rings import Post, rings, weights

POSTS, AUTHORS, MEMBERS, DAYS = 100_000, 20_000, 50, 14
PHRASES = 40
WORDS = [a + b for a in ("par", "ket", "lo", "mi", "san", "tel", "vor", "ru", "den", "ga") for b in ("cel", "ne", "ta", "ri", "sol", "mun", "dor", "ki")]  # fmt: skip


def sentence(dice: random.Random, long: int = 14) -> str:
    """A text of made-up words."""
    return " ".join(dice.choice(WORDS) for _ in range(long))


def public(dice: random.Random) -> list[tuple[Post, float]]:
    """Posts of people, some of which repeat what goes round: headlines shared over a day by many; a value 0 to 100 each."""
    headlines = [(sentence(dice), dice.uniform(0, DAYS * 86_400)) for _ in range(300)]
    out = []
    for _ in range(POSTS):
        author = f"person{int(AUTHORS * dice.random() ** 2)}"
        if dice.random() < 0.1:
            text, start = dice.choice(headlines)
            at = start + dice.expovariate(1 / 20_000)
        else:
            text, at = sentence(dice), dice.uniform(0, DAYS * 86_400)
        out.append((Post(author, int(at), text), min(100.0, max(0.0, dice.gauss(60, 20)))))
    return out


def ring(dice: random.Random) -> list[tuple[Post, float]]:
    """Forty phrases; each is posted by two of three members within eight minutes, with a word changed, and is bad."""
    out = []
    for _ in range(PHRASES):
        phrase, start = sentence(dice, 20), dice.uniform(0, DAYS * 86_400)
        for member in range(MEMBERS):
            if dice.random() < 0.66:
                words = phrase.split()
                words[dice.randrange(len(words))] = dice.choice(WORDS)
                text = " ".join(words) if dice.random() < 0.5 else phrase
                out.append((Post(f"ring{member}", int(start + dice.uniform(0, 480)), text), max(0.0, dice.gauss(10, 8))))  # fmt: skip
    return out


def one(seed: int) -> dict[str, object]:
    """A stream with a ring."""
    dice = random.Random(seed)
    calm = public(dice)
    rows = calm + ring(dice)
    start = time.process_time()
    found = rings([p for p, _ in rows], seed=seed)
    cpu = time.process_time() - start
    low = weights(found)
    caught = sum(name.startswith("ring") for name in low)
    truth = float(np.mean([v for _, v in calm]))
    plain = float(np.mean([v for _, v in rows]))
    weighed = float(np.average([v for _, v in rows], weights=[low.get(p.author, 1.0) for p, _ in rows]))  # fmt: skip
    return {
        "posts": len(rows), "authors": len({p.author for p, _ in rows}), "rings": len(found), "recall": round(caught / MEMBERS, 3),
        "precision": round(caught / max(len(low), 1), 3), "bias_without": round(plain - truth, 3), "bias_with": round(weighed - truth, 3),
        "bias_taken_away": round(1 - abs(weighed - truth) / abs(plain - truth), 3), "cpu_s": round(cpu, 1),
    }  # fmt: skip


def null(seed: int) -> int:
    """Rings found in a smaller stream of people only, its times shuffled among its posts."""
    dice = random.Random(seed)
    rows = [p for p, _ in public(dice)[: POSTS // 10]]
    times = [p.at for p in rows]
    dice.shuffle(times)
    return len(rings([p._replace(at=t) for p, t in zip(rows, times, strict=True)], seed=seed))


def main() -> None:
    """Rings, then nulls."""
    planted, nulls, seed = (*[int(w) for w in sys.argv[1:]], *(3, 100, 7)[len(sys.argv) - 1 :])
    for n in range(planted):
        print(json.dumps(one(seed + n)), flush=True)
    print(json.dumps({"nulls": nulls, "posts": POSTS // 10, "with_a_ring": sum(null(seed + n) > 0 for n in range(nulls)), "seed": seed}))  # fmt: skip


if __name__ == "__main__":
    main()
