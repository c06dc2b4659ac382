"""Macro-recall of the lexicon, of a model trained on the other rows (`test` only), on a fixed split of SemEval-2017 task 4 A, and VADER's on the same rows where it is installed.

python benchmarks/listen/sentiment.py FOLDER [test]     validation rows; with `test` the test rows, to be run once per release
Split by int(SHA-256(id), 16) mod 10: 0-1 test, 2-3 validation. Rows with one id or one text belong to the part of the smallest id.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import random
import statistics
import sys
import time
from pathlib import Path

from socius.engine.query.marks import marks
from socius.engine.scoring import by_lexicon
from socius.engine.sentiment import LABELS, judged
from socius.engine.sentiment_training import Labelled, train


def rows(folder: Path) -> tuple[dict[str, tuple[str, str, int]], int]:
    """id -> (text, label, part); and how many were dropped because their labels contradict."""
    found: dict[str, tuple[str, str]] = {}
    bad = set()
    for path in sorted(folder.glob("*")):
        for line in path.read_text(errors="replace").splitlines():
            parts = line.split("\t")
            if len(parts) >= 3 and parts[1] in LABELS:
                text = parts[2].replace("\\u002c", ",").replace("\\u2019", "’")
                if found.get(parts[0], (text, parts[1]))[1] != parts[1]:
                    bad.add(parts[0])
                found[parts[0]] = (text, parts[1])
    by_text: dict[str, list[str]] = {}
    for key, (text, _) in found.items():
        by_text.setdefault(" ".join(text.casefold().split()), []).append(key)
    out = {}
    for keys in by_text.values():
        if len({found[k][1] for k in keys}) > 1:
            bad.update(keys)
        part = int(hashlib.sha256(min(keys).encode()).hexdigest(), 16) % 10
        out[min(keys)] = (*found[min(keys)], part)
    return {k: v for k, v in out.items() if k not in bad}, len(bad)


def macro_recall(pairs: list[tuple[str, str]]) -> float:
    recalls = []
    for label in LABELS:
        mine = [got for want, got in pairs if want == label]
        recalls.append(sum(got == label for got in mine) / len(mine))
    return sum(recalls) / 3


def vader():
    if importlib.util.find_spec("vaderSentiment") is None:
        return None
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    model = SentimentIntensityAnalyzer()

    def label(text: str) -> str:
        score = model.polarity_scores(text)["compound"]
        return "positive" if score >= 0.05 else "negative" if score <= -0.05 else "neutral"

    return label


def interval(mine: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> list[float]:
    """95 % of the difference of macro-recalls, by paired bootstrap."""
    dice, gaps = random.Random(1), []
    for _ in range(1000):
        draw = dice.choices(range(len(mine)), k=len(mine))
        gaps.append(macro_recall([mine[i] for i in draw]) - macro_recall([theirs[i] for i in draw]))
    gaps.sort()
    return [round(gaps[25], 4), round(gaps[974], 4)]


def by_training(found: dict[str, tuple[str, str, int]], chosen: dict[str, tuple[str, str, int]]) -> list[tuple[str, str]]:  # fmt: skip
    """Labels of the chosen rows by a model of the others, as `socius listen train-sentiment` makes it."""
    start = time.process_time()
    model = train([Labelled(key, text, label) for key, (text, label, _) in found.items()])
    spent = time.process_time() - start
    texts = [text for text, _, _ in chosen.values()]
    runs = []
    for _ in range(5):
        start = time.process_time()
        got = model.shares(texts).argmax(axis=1)
        runs.append((time.process_time() - start) / len(texts) * 1e6)
    pairs = [(want, LABELS[k]) for (_, want, _), k in zip(chosen.values(), got, strict=True)]
    lexicon = []
    for _ in range(5):
        start = time.process_time()
        by_lexicon(marks(texts))
        lexicon.append((time.process_time() - start) / len(texts) * 1e6)
    print(json.dumps({
        "trained": round(macro_recall(pairs), 4), "card": model.card, "training_cpu_s": round(spent, 1),
        "us_per_text": round(statistics.median(runs), 2), "lexicon_compiled_us_per_text": round(statistics.median(lexicon), 2), "repeats": 5,
    }))  # fmt: skip
    return pairs


def main() -> None:
    found, dropped = rows(Path(sys.argv[1]))
    parts = {0, 1} if sys.argv[2:] == ["test"] else {2, 3}
    chosen = {k: v for k, v in found.items() if v[2] in parts}
    ids = hashlib.sha256("\n".join(sorted(chosen)).encode()).hexdigest()
    start = time.process_time()
    ours = [(want, judged(text)) for text, want, _ in chosen.values()]
    spent = time.process_time() - start
    pairs = [(want, s.label) for want, s in ours]
    print(json.dumps({
        "part": "test" if parts == {0, 1} else "validation", "n": len(chosen), "contradicting_dropped": dropped,
        "ids_sha256": ids, "macro_recall": round(macro_recall(pairs), 4), "us_per_text": round(spent / len(ours) * 1e6, 1),
    }))  # fmt: skip
    if parts == {2, 3}:
        for limit in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
            cut = [
                (
                    w,
                    "neutral"
                    if abs(s.score) < limit
                    else "positive"
                    if s.score > 0
                    else "negative",
                )
                for w, s in ours
            ]
            print(json.dumps({"neutral_below": limit, "macro_recall": round(macro_recall(cut), 4)}))
    trained: list[tuple[str, str]] = []
    if parts == {0, 1}:
        trained = by_training(found, chosen)
    other = vader()
    if other:
        start = time.process_time()
        theirs = [(want, other(text)) for text, want, _ in chosen.values()]
        print(
            json.dumps(
                {
                    "vader": round(macro_recall(theirs), 4),
                    "us_per_text": round((time.process_time() - start) / len(theirs) * 1e6, 1),
                }
            )
        )
        for name, mine in (("lexicon", pairs), ("trained", trained)):
            if mine:
                print(json.dumps({f"{name}_less_vader_95": interval(mine, theirs), "draws": 1000}))


if __name__ == "__main__":
    main()
