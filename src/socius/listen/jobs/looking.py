"""What a page asks the store: a page of mentions, a draft on recent mentions, a sample of what was malformed. Runs in a child process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from socius.engine.query.parser import parse
from socius.engine.query.reference import Subject, matches
from socius.stores.schema import COUNTS, MENTIONS, QUARANTINE
from socius.stores.tables import Stored

COLUMNS = [
    "key", "network", "channel", "kind", "op", "remote_id", "created_at", "edited_at", "text", "author_id",
    "author_handle", "lang", "links", "account", "from_account", "sent", "block", "day",
]  # fmt: skip
MOST_DAYS = 31
PREVIEW_DAYS = 7
MOST_LOOKED_AT = 20_000
SHOWN = 5
Row = dict[str, Any]


def run(options: Mapping[str, Any], _files: Mapping[str, bytes]) -> dict[str, Any]:
    """`what` is page, preview or quarantine; `folder` the store. Answers with what JSON can hold."""
    folder = Path(options["folder"])
    return {"page": page, "preview": preview, "quarantine": quarantine}[options["what"]](
        folder, options
    )


def deleted(table: Stored) -> set[bytes]:
    """Keys of mentions that are gone."""
    rows = table.read(["key", "op"]).to_pylist() if table.handle else []
    return {r["key"] for r in rows if r["op"] == "delete"}


def of_day(table: Stored, day: date, gone: set[bytes]) -> list[Row]:
    """The last state of each mention of a day, the newest mention first."""
    last: dict[bytes, Row] = {}
    for row in table.read(COLUMNS, [day]).to_pylist():
        if row["key"] in gone or row["op"] == "delete":
            continue
        held = last.get(row["key"])
        if held is None or rank(row) > rank(held):
            last[row["key"]] = row
    return sorted(last.values(), key=place, reverse=True)


def rank(row: Row) -> tuple[bool, str, int]:
    """Edits follow the first text, later edits earlier ones."""
    return (row["op"] == "update", str(row["edited_at"] or ""), row["block"])


def place(row: Row) -> tuple[str, str]:
    """Where a mention stands in the stream: also the cursor of a page."""
    return (row["created_at"].isoformat(), row["key"].hex())


def days_of(table: Stored, options: Mapping[str, Any]) -> list[date]:
    """Days to look at, the newest first."""
    after = options.get("after") or ["9999", ""]
    held = [d for d in reversed(table.days()) if d.isoformat() <= after[0][:10]]
    if options.get("day"):
        return [d for d in held if d.isoformat() == options["day"]]
    if options.get("keys") is not None:
        return [d for d in held if d.isoformat() in set(options["days"])]
    return held[:MOST_DAYS]


def wanted(rows: Iterable[Row], options: Mapping[str, Any]) -> Iterator[Row]:
    """Rows that the facets leave, behind the cursor."""
    after = tuple(options["after"]) if options.get("after") else ("9999", "")
    keys = None if options.get("keys") is None else set(options["keys"])
    for row in rows:
        same = all(row[c] == options[c] for c in ("network", "lang") if options.get(c))
        if same and place(row) < after and (keys is None or row["key"].hex() in keys):
            yield row


def shown(row: Row) -> Row:
    """A mention as a page needs it."""
    sent = row["sent"]
    return {
        "key": row["key"].hex(), "network": row["network"], "kind": row["kind"], "lang": row["lang"],
        "at": row["created_at"].isoformat(), "edited": row["edited_at"] is not None, "text": row["text"],
        "author": row["author_handle"] or row["author_id"], "link": link(row),
        "sentiment": None if sent is None else ("negative", "neutral", "positive")[sent.index(max(sent))],
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
    table = Stored(folder / "mentions", MENTIONS)
    limit, found = int(options["limit"]), list[Row]()
    gone = deleted(table)
    for day in days_of(table, options):
        found += wanted(of_day(table, day, gone), options)
        if len(found) > limit:
            break
    rows = found[:limit]
    later = list(place(rows[-1])) if len(found) > limit else None
    return {"rows": [shown(r) for r in rows], "after": later, "facets": facets(folder)}


def facets(folder: Path) -> dict[str, list[tuple[str, int]]]:
    """Mentions of the last days by network, language and day, from the counts."""
    table = Stored(folder / "counts", COUNTS)
    days = table.days()[-MOST_DAYS:]
    sums: dict[str, Counter[str]] = {"network": Counter(), "lang": Counter(), "day": Counter()}
    for row in table.read(["day", "network", "lang", "query", "n"], days).to_pylist():
        if row["query"] is None:
            for name, held in sums.items():
                held[str(row[name])] += row["n"]
    by_day = sorted(sums["day"].items(), reverse=True)
    return {"network": sums["network"].most_common(), "lang": sums["lang"].most_common(12), "day": by_day}  # fmt: skip


def preview(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """A draft on the mentions of the last stored days, by the reference evaluator: how many, per day, and the newest."""
    tree = parse(options["text"]).tree
    table = Stored(folder / "mentions", MENTIONS)
    per_day, found, looked = dict[str, int](), list[Row](), 0
    gone = deleted(table)
    for day in list(reversed(table.days()))[:PREVIEW_DAYS]:
        rows = of_day(table, day, gone)[: MOST_LOOKED_AT - looked]
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
