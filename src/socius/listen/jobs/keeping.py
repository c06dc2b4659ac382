"""`listen export`, `listen erase`, `listen maintain`: what is done to mentions that are stored."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from socius.kit import clock
from socius.kit.errors import Invalid
from socius.listen.actions.collected import forget, forget_answers, forget_before
from socius.listen.jobs.departing import has_database, let_go
from socius.stores.care import Cared, care
from socius.stores.erasing import erase as erased
from socius.stores.turns import locked

RAW_DAYS = 30


def export(request: Mapping[str, Any]) -> None:
    """Writes the current mentions to Parquet or ActivityStreams; the file is there whole or not at all."""
    target = Path(request["to"])
    if target.suffix not in {".parquet", ".json"}:
        raise Invalid(f"{target} names no form.", field="to", repair="End it with .parquet, or with .json for ActivityStreams.")  # fmt: skip
    part = target.with_name(f".{target.stem}-part{target.suffix}")
    try:
        with locked(Path(request["home"]) / "listen") as store:
            count = store.exported(part)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Invalid(f"{target} cannot be written: {os.strerror(error.errno or 0)}.", field="to", repair="Check its folder and your rights.") from error  # fmt: skip
    sys.stdout.write(json.dumps({"written": count, "file": request["to"]}) + "\n")


def erase(request: Mapping[str, Any]) -> None:
    """Removes a person's mentions, hits, quarantine and raw blocks; without a network their answers too."""
    wanted, network = str(request["author"]).casefold().lstrip("@"), request.get("network") or ""
    if not wanted:
        raise Invalid("--author is empty.", field="author", repair="Give the id or the handle.")

    def mine(row: Mapping[str, Any]) -> bool:
        names = {str(row[c] or "").casefold().lstrip("@") for c in ("author_id", "author_handle")}
        return wanted in names and network in {"", row["network"]}

    with locked(Path(request["home"]) / "listen") as store:
        keys = erased(store, mine)
    answers = 0
    if has_database():
        forget(k.hex() for k in keys)
        answers = 0 if network else forget_answers({str(request["author"]), wanted})
    sys.stdout.write(json.dumps({"removed": len(keys), "answers": answers}) + "\n")


def days_of(request: Mapping[str, Any], name: str, otherwise: int | None) -> int | None:
    """A number of days. Raises `Invalid` where it is none."""
    given = request.get(name)
    if given is None:
        return otherwise
    if int(given) < 1:
        option = f"--{name.replace('_', '-')}"
        raise Invalid(f"{option} is {given}.", field=name, repair="Give a number of days from 1 on.")  # fmt: skip
    return int(given)


def maintained(home: Path, keep: int | None, raw: int, today: date) -> Cared:
    """One turn of care; hits of removed days leave the database with them."""
    first = today - timedelta(days=keep) if keep else None
    with locked(home / "listen") as store:
        done = care(store, today, keep_from=first, raw_from=today - timedelta(days=raw))
    if first and has_database():
        forget_before(first)
    return done


def maintain(request: Mapping[str, Any]) -> None:
    """Joins small files, and removes what is older than it may be."""
    keep, raw = days_of(request, "keep_days", settings.LISTEN_KEEP_DAYS), days_of(request, "raw_days", RAW_DAYS)  # fmt: skip
    erased = let_go(Path(request["home"]) / "listen")
    done = maintained(Path(request["home"]), keep, raw or RAW_DAYS, clock.now().date())
    if request.get("quiet"):
        return
    if request.get("json"):
        sys.stdout.write(json.dumps({**done._asdict(), "erased": erased}) + "\n")
        return
    sys.stdout.write(f"files joined        {done.files:>9,}\n")
    sys.stdout.write(f"mentions removed    {done.rows:>9,}\n")
    sys.stdout.write(f"raw files removed   {done.segments:>9,}\n")
    sys.stdout.write(f"of who left         {erased:>9,}\n")
