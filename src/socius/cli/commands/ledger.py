"""`socius ledger head|verify|list`"""

from __future__ import annotations

import argparse

from socius.activity import reports
from socius.activity.models import Entry
from socius.cli.acting import acting
from socius.cli.output import dump, say, table
from socius.kit import clock
from socius.kit.errors import Usage
from socius.organisation.actions import require


def run(args: argparse.Namespace) -> int:
    """Reads the ledger; nothing is written."""
    require(acting(args), "audit.view", None)
    return {"head": head, "verify": verify, "list": last}[args.what](args)


def head(args: argparse.Namespace) -> int:
    """Prints number and hash of the last row: the witness against truncation."""
    seq, digest = reports.head()
    if args.json:
        dump({"seq": seq, "hash": digest.hex()})
    else:
        say(f"{seq}:{digest.hex()}")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Checks chain, contents, head and triggers; exit status 1 where something does not fit."""
    found = reports.verify(at=clock.now(), expected=expected(args.head))
    seq, digest = found.head
    if args.json:
        problems = [{"seq": p.seq, "kind": p.kind, "say": p.say} for p in found.problems]
        dump(
            {
                "ok": found.ok,
                "rows": found.rows,
                "head": {"seq": seq, "hash": digest.hex()},
                "found": found.found,
                "problems": problems,
            }
        )
    else:
        say(
            f"{found.rows:,} rows checked: {'sound' if found.ok else f'NOT SOUND, {found.found} problems'}. Head {seq}:{digest.hex()}"
        )
        for problem in found.problems[:50]:
            say(f"  row {problem.seq}: {problem.kind}: {problem.say}")
    return 0 if found.ok else 1


def expected(text: str) -> tuple[int, bytes] | None:
    """A head as `socius ledger head` prints it."""
    if not text:
        return None
    seq, _, digest = text.partition(":")
    try:
        return int(seq), bytes.fromhex(digest)
    except ValueError as error:
        raise Usage(
            f"--head is {text!r}.",
            field="head",
            repair="Give it as `socius ledger head` printed it: SEQ:HASH.",
        ) from error


def last(args: argparse.Namespace) -> int:
    """Prints the newest rows."""
    columns = ("seq", "recorded_at", "actor", "origin", "verb", "object", "result")
    rows = list(
        Entry.objects.exclude(seq=None).order_by("-seq").values(*columns)[: max(args.limit, 0)]
    )
    for row in rows:
        row["recorded_at"] = clock.instant(row["recorded_at"]).isoformat(timespec="seconds")
    if args.json:
        dump(rows)
    else:
        table(columns, [[r[c] for c in columns] for r in rows])
    return 0
