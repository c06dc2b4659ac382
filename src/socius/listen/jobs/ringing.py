"""Looks for authors who act as one among the mentions that queries found; runs in a child process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from socius.engine.rings import Post, rings
from socius.stores.schema import MENTIONS
from socius.stores.tables import Stored

COLUMNS = ["key", "op", "created_at", "author_id", "text"]
SHOWN = 8


def mark(author: str) -> str:
    """An author as a hash."""
    return hashlib.blake2b(author.encode("utf-8", "replace"), digest_size=16).hexdigest()


def run(options: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """`keys`: lines of day and key of the mentions to look at; answers with rings of hashed authors."""
    wanted: dict[str, set[str]] = {}
    for line in files["keys"].decode().splitlines():
        day, key = line.split("\t")
        wanted.setdefault(day, set()).add(key)
    table = Stored(Path(options["folder"]) / "mentions", MENTIONS)
    there = {d.isoformat() for d in table.days()} if wanted else set()
    posts: dict[str, Post] = {}
    days: dict[str, str] = {}
    for day in sorted(there & set(wanted)):
        for r in table.read(COLUMNS, [date.fromisoformat(day)]).to_pylist():
            key = r["key"].hex()
            if key in wanted[day] and r["op"] != "delete" and r["author_id"]:
                posts[key] = Post(mark(r["author_id"]), int(r["created_at"].timestamp()), r["text"] or "")  # fmt: skip
                days[key] = day
    found = rings(posts.values(), seed=0)
    out = []
    for ring in found:
        mine = [k for k, p in posts.items() if p.author in ring.authors][-SHOWN:]
        out.append(
            {"members": list(ring.authors), "moments": ring.moments, "texts": ring.texts, "needed": ring.needed,
             "keys": mine, "days": sorted({days[k] for k in mine})}
        )  # fmt: skip
    return {"rings": out, "looked_at": len(posts)}
