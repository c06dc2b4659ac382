"""Matching against mokaccino, a percolator library, on equal match sets: 1,000 and 10,000 queries. Output: benchmarks/results/listening-percolator.json

python benchmarks/listen/percolator.py    REPEATS=5 TEXTS=20000

Both begin with texts. mokaccino has no tokeniser: its documents are built from an ASCII pattern in Python, which is enough for these queries;
`percolate_us` is its time without that. CPU time of this process, repeats in turn, medians.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mokaccino import Document, Percolator, Query
from stream_input import asked, made
from stream_ours import tree

from socius.engine.query.matcher import Matcher
from socius.engine.query.plan import Filed, plan_of

REPEATS = int(os.environ.get("REPEATS", "5"))
TEXTS = int(os.environ.get("TEXTS", "20000"))
WORD = re.compile("[a-z]+")
RESULTS = Path(__file__).parents[1] / "results"


def timed(work: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    start = time.process_time()
    found = work(*given)
    return time.process_time() - start, found


def percolator(queries: list[tuple[str, tuple[str, str]]]) -> Any:
    held = Percolator()
    for kind, pair in queries:
        a, b = (Query.from_kv("t", w) for w in pair)
        held.add_query(a if kind == "one" else Query.from_and([a, b]) if kind == "and" else Query.from_or([a, b]))  # fmt: skip
    return held


def documents(texts: list[str]) -> list[Any]:
    found = []
    for text in texts:
        document = Document()
        for word in set(WORD.findall(text.casefold())):
            document = document.with_value("t", word)
        found.append(document)
    return found


def main() -> None:
    lines, words = made(TEXTS)
    texts = [json.loads(line)["commit"]["record"]["text"] for line in lines]
    out: dict[str, Any] = {
        "texts": len(texts),
        "repeats": REPEATS,
        "load": round(os.getloadavg()[0], 2),
    }
    for count in (1000, 10_000):
        queries = asked(words, count)
        matcher = Matcher(plan_of([Filed(n, tree(k, w), "") for n, (k, w) in enumerate(queries)]))
        held = percolator(queries)
        matcher.match(texts[:100])
        ours, build, percolate = [], [], []
        for _ in range(REPEATS):
            spent, hits = timed(matcher.match, texts)
            ours.append(spent)
            spent, docs = timed(documents, texts)
            build.append(spent)
            spent, found = timed(lambda h, d: [h.percolate_list(x) for x in d], held, docs)
            percolate.append(spent)
        got = set(zip(hits.message.tolist(), hits.query.tolist(), strict=True))
        equal = got == {(m, int(q)) for m, some in enumerate(found) for q in some}

        def us(runs: list[float]) -> float:
            return round(statistics.median(runs) / len(texts) * 1e6, 2)

        out[str(count)] = {
            "pairs": len(got), "equal": equal, "ours_us": us(ours), "documents_us": us(build), "percolate_us": us(percolate),
            "times_from_text": round(statistics.median((b + p) / o for o, b, p in zip(ours, build, percolate, strict=True)), 1),
            "times_percolation_alone": round(statistics.median(p / o for o, p in zip(ours, percolate, strict=True)), 1),
        }  # fmt: skip
    (RESULTS / "listening-percolator.json").write_text(json.dumps(out, indent=1) + "\n")
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()
