"""What a page asks the store: a page of mentions, a draft on recent mentions, a sample of what was malformed. Runs in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from socius.engine.query.parser import parse
from socius.engine.query.reference import Subject, matches
from socius.engine.sentiment import label
from socius.kit import clock
from socius.kit.errors import Invalid
from socius.stores import models
from socius.stores.pages import Pages, Wanted
from socius.stores.schema import QUARANTINE
from socius.stores.tables import Stored

MOST_DAYS = 31
PREVIEW_DAYS = 7
MOST_LOOKED_AT = 20_000
SHOWN = 5
Row = dict[str, Any]


def run(options: Mapping[str, Any], _files: Mapping[str, bytes]) -> dict[str, Any]:
    """`what` is page, preview or quarantine; `folder` the store. Answers with what JSON can hold."""
    folder = Path(options["folder"])
    answer = {"page": page, "preview": preview, "quarantine": quarantine}[options["what"]]
    try:
        return answer(folder, options)
    except OSError:
        # Files were joined or removed while they were read: the tables of now are all there.
        pages_of.cache_clear()
        return answer(folder, options)


@lru_cache(maxsize=1)
def pages_of(folder: Path) -> Pages:
    """The reader of a store; it stays while its process does."""
    return Pages(folder)


def days_of(pages: Pages, options: Mapping[str, Any]) -> list[date]:
    """Days to look at, the newest first."""
    held = pages.days()
    if options.get("day"):
        return [d for d in held if d.isoformat() == options["day"]]
    if options.get("keys") is not None:
        return [d for d in held if d.isoformat() in set(options["days"])]
    after = options.get("after") or ["9999", ""]
    held = [d for d in held if d.isoformat() <= after[0][:10]]
    return pages.holding(held[:MOST_DAYS], options.get("network") or "", options.get("lang") or "")


def wanted(options: Mapping[str, Any]) -> Wanted:
    """What a page asks for. Raises `Invalid` for a place that is none."""
    keys = options.get("keys")
    after = None
    if options.get("after"):
        try:
            moment, key = options["after"]
            after = (clock.micros(datetime.fromisoformat(moment)), bytes.fromhex(key))
        except (ValueError, TypeError) as error:
            raise Invalid("That is no place in this list.", field="after") from error
    return Wanted(
        int(options["limit"]), after, options.get("network") or "", options.get("lang") or "",
        None if keys is None else frozenset(bytes.fromhex(k) for k in keys),
    )  # fmt: skip


def place(row: Row) -> list[str]:
    """Where a mention stands in the stream: the cursor of a page."""
    return [row["created_at"].isoformat(), row["key"].hex()]


def by_largest(folder: Path) -> frozenset[str]:
    """Languages in which the largest share is the label, because their scorer was measured so; where the lexicon scores, near 0 is neutral."""
    return frozenset[str]().union(*(c.languages for c in models.cards(folder.parent)))


def shown(row: Row, largest: frozenset[str] = frozenset()) -> Row:
    """A mention as a page needs it."""
    sent = row["sent"]
    return {
        "key": row["key"].hex(), "network": row["network"], "kind": row["kind"], "lang": row["lang"],
        "at": row["created_at"].isoformat(), "edited": row["edited_at"] is not None, "text": row["text"],
        "author": row["author_handle"] or row["author_id"], "link": link(row),
        "sentiment": None if sent is None else label(sent, largest=row["lang"] in largest),
    }  # fmt: skip


def link(row: Row) -> str:
    """Where the mention can be read at its network; empty where that is not known."""
    where = str(row["remote_id"])
    if row["network"] == "bluesky" and where.startswith("at://"):
        author, _, key = where[5:].replace("/app.bsky.feed.post/", " ").partition(" ")
        return f"https://bsky.app/profile/{author}/post/{key}"
    return where if where.startswith("https://") else ""


def page(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """At most `limit` mentions before the cursor `after`, with the facets of the last days."""
    pages = pages_of(folder)
    rows, more = pages.page(wanted(options), days_of(pages, options))
    later = place(rows[-1]) if more else None
    largest = by_largest(folder)
    return {"rows": [shown(r, largest) for r in rows], "after": later, "facets": pages.facets()}


def preview(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """A draft on the mentions of the last stored days, by the reference evaluator: how many, per day, and the newest."""
    tree = parse(options["text"]).tree
    pages = pages_of(folder)
    per_day, found, looked = dict[str, int](), list[Row](), 0
    for day in pages.days()[:PREVIEW_DAYS]:
        rows, _ = pages.page(Wanted(MOST_LOOKED_AT - looked), [day])
        if not rows or tree is None:
            break
        looked += len(rows)
        hits = [r for r in rows if matches(tree, Subject(r))]
        per_day[day.isoformat()] = len(hits)
        found += hits[: SHOWN - len(found)]
    total = sum(per_day.values())
    return {
        "found": total, "looked_at": looked, "days": per_day, "a_day": round(total / max(1, len(per_day)), 1),
        "cut": looked >= MOST_LOOKED_AT, "rows": [shown(r) for r in found],
    }  # fmt: skip


def quarantine(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """The newest records that could not be read, with their reason and first bytes."""
    table = Stored(folder / "quarantine", QUARANTINE)
    first = datetime.now(UTC).date() - timedelta(days=PREVIEW_DAYS)  # noqa: TID251 - a child at the door
    rows = table.read(None, [d for d in table.days() if d >= first]).to_pylist()
    rows.sort(key=lambda r: (r["block"], r["line"]), reverse=True)
    taken = rows[: int(options["limit"])]
    return {
        "rows": [
            {"source": r["source"], "day": r["day"].isoformat(), "say": r["say"], "sample": r["sample"][:200].decode("utf-8", "replace")}
            for r in taken
        ]
    }  # fmt: skip
