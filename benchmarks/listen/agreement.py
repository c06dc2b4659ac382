"""The fast matcher against the reference evaluator: 10,000 random queries x 2,000 texts in many scripts. One JSON line per part.

python benchmarks/listen/agreement.py [QUERIES] [TEXTS] [SEED]    about 20 CPU minutes, nearly all of them the reference's
"""

from __future__ import annotations

import json
import random
import sys
import time
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "engine" / "query"))
from writing_queries import Writer, record_of, text_of

from socius.engine.query.matcher import Matcher
from socius.engine.query.plan import Filed, plan_of
from socius.engine.query.reference import Subject, matches

PART = 1000


def scripts(texts: list[str]) -> set[str]:
    """First words of the names of letters: LATIN, CJK, THAI ..."""
    return {unicodedata.name(c, "?").split()[0] for t in texts for c in t if c.isalpha()}


def main() -> None:
    asked = [int(word) for word in sys.argv[1:]]
    queries, texts, seed = (*asked, *(10_000, 2_000, 20261122)[len(asked) :])
    dice = random.Random(seed)
    bodies = [text_of(dice) for _ in range(texts - 2)] + ["", "parcel late 快递 " * 3000]
    records = [record_of(dice, t) for t in bodies]
    writer = Writer(dice, bodies)
    trees = [writer.query() for _ in range(queries)]
    subjects = [Subject(r) for r in records]
    pairs = missing = spurious = hitting = 0
    start = time.process_time()
    for at in range(0, queries, PART):
        part = trees[at : at + PART]
        want = {(m, q) for m, s in enumerate(subjects) for q, t in enumerate(part) if matches(t, s)}
        hits = Matcher(plan_of([Filed(n, t, repr(t)) for n, t in enumerate(part)])).records(records)
        got = set(zip(hits.message.tolist(), hits.query.tolist(), strict=True))
        pairs += len(want)
        missing += len(want - got)
        spurious += len(got - want)
        hitting += len({q for _, q in want})
        print(json.dumps({"queries": at + len(part), "pairs": pairs, "missing": missing, "spurious": spurious}), file=sys.stderr, flush=True)  # fmt: skip
    whole = Matcher(plan_of([Filed(n, t, repr(t)) for n, t in enumerate(trees)])).records(records)
    found = {
        "queries": queries, "texts": texts, "seed": seed, "tried": queries * texts, "matching_pairs": pairs, "missing": missing,
        "spurious": spurious, "pairs_in_one_plan": len(whole.query), "queries_that_match": round(hitting / queries, 3),
        "texts_not_ascii": round(sum(not t.isascii() for t in bodies) / texts, 3), "scripts": len(scripts(bodies)),
        "cpu_s": round(time.process_time() - start, 1),
    }  # fmt: skip
    print(json.dumps(found, indent=1))
    sys.exit(bool(missing or spurious or len(whole.query) != pairs))


if __name__ == "__main__":
    main()
