"""Judges queries and gathers the evidence of their rises; runs in a child process, because it counts and reads the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from socius.engine.rising import Found, Heard, Voice, Weighed, rises, weighed
from socius.listen.jobs.ringing import mark
from socius.stores.schema import MENTIONS
from socius.stores.tables import Stored

COLUMNS = ["key", "op", "created_at", "author_id", "channel", "network", "sent", "likes", "reposts", "replies", "author_weight", "day"]  # fmt: skip
EPOCH = date(1970, 1, 1)
DAY = 86_400


def run(options: Mapping[str, Any], _files: Mapping[str, bytes]) -> dict[str, Any]:
    """`queries` as `Heard`; `until` in seconds. First by the counts alone: answers `found`, with the time whose hits are wanted.

    With `found` given: `keys` of the hits in each, and it answers with what the mentions say; `low` are authors that weigh less.
    """
    if "found" in options:
        return {"rises": list(evidence(options))}
    out = []
    for number, said in options["queries"].items():
        heard = Heard(**said)
        made = rises(heard, int(options["until"]), float(options["budget"]), int(options["series"]))
        out += [{"query": int(number), **found._asdict()} for found in made]
    return {"found": out}


def evidence(options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the mentions of each rise say."""
    folder, low = Path(options["folder"]), dict(options.get("low") or {})
    wanted = {key for one in options["found"] for key in one["keys"]}
    days = sorted({d for one in options["found"] for d in days_of(one["onset"], one["end"])})
    held = voices(folder, wanted, days, low)
    for one in options["found"]:
        keys = one.pop("keys")
        query = one.pop("query")
        found = Found(**one)
        told = weighed(found, [held[k] for k in keys if k in held])
        if told is not None:
            yield {"query": query, **written(found, told)}


def days_of(since: int, until: int) -> Iterator[date]:
    """Days that a stretch touches, and one more on each side: a post may carry another day in its id."""
    for number in range(since // DAY - 1, until // DAY + 2):
        yield EPOCH + timedelta(days=number)


def voices(folder: Path, wanted: set[str], days: Sequence[date], low: Mapping[str, float]) -> dict[str, Voice]:  # fmt: skip
    """The wanted mentions by key, in their first text."""
    table = Stored(folder / "mentions", MENTIONS)
    there = set(table.days())
    rows = table.read(COLUMNS, [d for d in days if d in there]).to_pylist() if there else []
    out: dict[str, Voice] = {}
    for r in rows:
        key = r["key"].hex()
        if key not in wanted or r["op"] == "delete" or key in out:
            continue
        sent = r["sent"]
        echo = sum(r[c] or 0 for c in ("likes", "reposts", "replies"))
        weight = low.get(mark(r["author_id"] or ""), 1.0) if low else 1.0
        out[key] = Voice(
            key, int(r["created_at"].timestamp()), r["author_id"] or key, r["channel"] or r["network"],
            None if sent is None else sent[2] - sent[0], echo, weight,
        )  # fmt: skip
    return out


def written(found: Found, told: Weighed) -> dict[str, Any]:
    """A rise as the worker keeps it."""
    return {
        **{k: v for k, v in found._asdict().items() if k != "buckets"},
        "level": told.level, "authors": told.authors, "scored": told.scored, "negative": told.negative,
        "evidence": {
            "buckets": found.buckets, "first": told.first, "top": told.top, "channels": told.channels,
            "level": told.level,
            "weighted": {"n": told.weighted_n, "negative": told.weighted_negative, "level": told.weighted_level},
        },
    }  # fmt: skip
