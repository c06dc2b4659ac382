"""Works out the daily index from answers and from mentions; runs in a child process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from socius.engine.reputation import Answer, Point, contrasts, index
from socius.listen.jobs.ringing import mark
from socius.stores.schema import MENTIONS
from socius.stores.tables import Stored

EPOCH = date(1970, 1, 1)
SOCIAL = "social"
COLUMNS = ["key", "op", "author_id", "sent", "day"]
WHOLE = {"": 1.0}  # mentions tell no segment


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`responses` and `keys` as files of lines; `cover` by channel and day, `mix`, `weights`, `low` (authors that weigh less)."""
    low = dict(options.get("low") or {})
    given = list(answers(files["responses"])) + list(mentions(options, files["keys"], low))
    if not given:
        return {"points": [], "contrasts": []}
    names = sorted({a.channel for a in given})
    said = dict(options["weights"])
    weights = {n: float(said.get(n, 0.0)) for n in names} if said else dict.fromkeys(names, 1 / len(names))  # fmt: skip
    cover = {n: {int(d): f for d, f in options["cover"].get(n, {}).items()} for n in names}
    mixes = {SOCIAL: WHOLE} if SOCIAL in names else {}
    mix = dict(options["mix"]) or WHOLE
    made = index(given, mix, weights, cover, mixes)
    plain = index([a._replace(weight=1.0) for a in given], mix, weights, cover, mixes) if low else made  # fmt: skip
    points = [written(p, q) for c in made for p, q in zip(made[c], plain[c], strict=True)]
    channels = {c: p for c, p in made.items() if c}
    return {"points": points, "contrasts": contrasts(channels), "weights": weights, "weighted": bool(low)}  # fmt: skip


def answers(data: bytes) -> Iterator[Answer]:
    """Lines of day, channel, value, segment, author."""
    for line in data.decode().splitlines():
        day, channel, value, segment, author, number = line.split("\t")
        yield Answer(int(day), channel, float(value), author or f"#{number}", segment)


def mentions(options: Mapping[str, Any], keys: bytes, low: Mapping[str, float]) -> Iterator[Answer]:
    """Mentions of the last days that the question's query found: 50 is neutral, None where nothing scores their language."""
    by_day: dict[int, set[str]] = defaultdict(set)
    for line in keys.decode().splitlines():
        when, key = line.split("\t")
        by_day[int(when)].add(key)
    if not by_day:
        return
    table = Stored(Path(options["folder"]) / "mentions", MENTIONS)
    there = set(table.days())
    for day, wanted in sorted(by_day.items()):
        on = EPOCH + timedelta(days=day)
        if on not in there:
            continue
        seen: set[str] = set()
        for r in table.read(COLUMNS, [on]).to_pylist():
            key = r["key"].hex()
            if key not in wanted or r["op"] == "delete" or key in seen:
                continue
            seen.add(key)
            author = r["author_id"] or key
            value = None if r["sent"] is None else 50.0 + 50.0 * (r["sent"][2] - r["sent"][0])
            yield Answer(day, SOCIAL, value, author, "", low.get(mark(author), 1.0) if low else 1.0)


def written(p: Point, plain: Point) -> dict[str, Any]:
    """A point as the worker keeps it."""
    return {
        "channel": p.channel, "day": p.day, "index": p.value, "low": p.low, "high": p.high, "n": p.n, "effective": p.effective,
        "raw": p.raw, "unscored": p.unscored, "covered": p.covered, "short_history": p.short_history, "missing": p.missing[:200],
        "plain": plain.value,
    }  # fmt: skip
